"""Plan an activity, change a plan, and the rule of the theme day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from branches.activities import planning
from branches.activities.forms import PlanForm, ThemeDayForm, people_of
from branches.activities.permissions import kept_branches
from branches.activities.roster import expected_people
from branches.activities.views import METHODS, detail_address, kept_record, version_of
from branches.models import Activity, ThemeDayRule
from portal.address_values import plain_text
from portal.organizations.models import Unit
from portal.refusals import Refusal


def _branch(request: HttpRequest) -> tuple[Unit | None, list[Unit]]:
    """Return the chosen branch, or the only one, and all that can be chosen.

    Raises:
        PermissionDenied: the account plans for no branch.
    """
    branches = list(kept_branches(request.user))
    if not branches:
        raise PermissionDenied
    code = plain_text(request.GET.get("branch", ""))
    chosen = next((one for one in branches if one.code == code), None)
    return chosen or (branches[0] if len(branches) == 1 else None), branches


@never_cache
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Choose a branch where there are several, then plan."""
    branch, branches = _branch(request)
    if branch is None:
        choose = {"branches": branches, "title": _("Plan an activity"), "address": request.path}
        return render(request, "branches/activities/choose_branch.html", choose)
    form = PlanForm(request.POST or None, branch=branch)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = planning.plan(branch, request.user, form.values())  # type: ignore[arg-type]
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(
                    request, _("The activity is planned. Give notice when it is sure.")
                )
                return redirect(detail_address(made.pk))
    context = {"form": form, "branch": branch, "refusal": refusal, "activity": None}
    return render(request, "branches/activities/plan.html", context, status=status)


@never_cache
@require_http_methods(METHODS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the plan of an activity."""
    activity = kept_record(request, pk)
    form = PlanForm(request.POST or None, branch=activity.branch, activity=activity)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                planning.change_plan(pk, request.user, version_of(request), form.values())  # type: ignore[arg-type]
            except Refusal as refused:
                refusal, status = refused, refused.status
                form = with_version(form, Activity.objects.get(pk=pk))
            else:
                messages.success(request, _("The plan is changed."))
                return redirect(detail_address(pk))
    context = {
        "form": form,
        "branch": activity.branch,
        "refusal": refusal,
        "activity": activity,
        "expected": expected_people(activity),
    }
    return render(request, "branches/activities/plan.html", context, status=status)


def with_version(form: Any, activity: Activity) -> Any:
    """Let a refused form know the record as it is now, so that saving again is a decision."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(activity.version)
    return form


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    this = timezone.localdate().year
    return int(text) if text in {str(this), str(this + 1)} else this


@never_cache
@require_http_methods(METHODS)
def theme_day(request: HttpRequest) -> HttpResponse:
    """Set the rule of a branch's theme day, look at the year, and make its plans."""
    branch, branches = _branch(request)
    if branch is None:
        choose = {
            "branches": branches,
            "title": _("Theme day of each month"),
            "address": request.path,
        }
        return render(request, "branches/activities/choose_branch.html", choose)
    rule = ThemeDayRule.objects.filter(branch=branch).first()
    year = _year(request)
    back = f"{reverse('branch_theme_day')}?branch={branch.code}&year={year}"
    is_plan = request.method == "POST" and "plan" in request.POST
    posted = request.POST if request.method == "POST" and not is_plan else None
    form = ThemeDayForm(posted, instance=rule)
    refusal, status = None, 200
    if posted is not None:
        if form.is_valid():
            form.instance.branch = branch
            form.save()
            messages.success(request, _("The rule is kept. Look at the days before you plan."))
            return redirect(back)
        status = 422
    people = people_of(branch)
    if is_plan and rule is not None:
        named = [
            people.filter(pk=request.POST.get(name)).first()
            if request.POST.get(name, "").isdecimal()
            else None
            for name in ("host", "recorder")
        ]
        try:
            count = planning.plan_year(rule.pk, request.user, year, *named)  # type: ignore[arg-type]
        except Refusal as refused:
            refusal, status = refused, refused.status
        else:
            messages.success(request, _("%(count)d theme days are planned.") % {"count": count})
            return redirect(back)
    context = {
        "branch": branch,
        "form": form,
        "rule": rule,
        "year": year,
        "years": [timezone.localdate().year, timezone.localdate().year + 1],
        "days": planning.year_preview(rule, year) if rule is not None else [],
        "today": timezone.localdate(),
        "people": people,
        "refusal": refusal,
    }
    return render(request, "branches/activities/theme_day.html", context, status=status)
