"""Office pages of opinions: contributions, matters of branches, time limits."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.models import SubmissionKey
from portal.cases.views.private import private_answer
from portal.people.models import User
from portal.refusals import Refusal
from union.models import OpinionHelp
from union.opinions import limit_rows, matters
from union.opinions.helping import contribute
from union.opinions.office_forms import ContributionForm, LimitForm, MatterForm
from union.opinions.permissions import (
    asked_of,
    may_contribute,
    raises_matters,
    works_for_union,
)

PER_PAGE = 20
UNPROCESSABLE = 422


def form_key(request: HttpRequest) -> uuid.UUID:
    """Return the key of the form that was sent, or a new one."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


# ---- contributions


@require_safe
@private_answer
def opinion_help_list(request: HttpRequest) -> HttpResponse:
    """List what the units of the account were asked to contribute, the open ones first.

    Raises:
        PermissionDenied: the account handles opinions for no unit.
    """
    condition = asked_of(request.user)
    if condition is None:
        raise PermissionDenied
    asked = OpinionHelp.objects.filter(condition).select_related("unit", "opinion__case")
    open_first = F("answered_on").asc(nulls_first=True)
    page = Paginator(asked.order_by(open_first, "due_on", "pk"), PER_PAGE)
    return render(
        request,
        "union/opinions/help_list.html",
        {"page_obj": page.get_page(request.GET.get("page")), "today": timezone.localdate()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def opinion_help(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is asked of a unit and take its contribution.

    Raises:
        Http404: nothing was asked of the account's units under this key.
    """
    row = (
        OpinionHelp.objects.select_related(
            "unit", "opinion__category", "opinion__accused_unit", "opinion__case", "answered_by"
        )
        .filter(pk=pk)
        .first()
    )
    if row is None or not may_contribute(request.user, row):
        raise Http404(_("There is no such case."))
    form = ContributionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contribute(row.pk, cast(User, request.user), form.cleaned_data["answer"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
            return _help_page(request, row, form, refusal.status)
        messages.success(request, _("Thank you. The unit that handles it can read it now."))
        return redirect("opinion_help", row.pk)
    return _help_page(request, row, form, UNPROCESSABLE if form.errors else 200)


def _help_page(request: HttpRequest, row: OpinionHelp, form: Any, status: int) -> HttpResponse:
    return render(
        request,
        "union/opinions/help.html",
        {"asked": row, "form": form, "today": timezone.localdate()},
        status=status,
    )


# ---- matters of branches


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def opinion_matter_new(request: HttpRequest) -> HttpResponse:
    """Raise a matter of a branch; sent twice, it is raised once.

    Raises:
        PermissionDenied: the account speaks for no branch.
    """
    user = cast(User, request.user)
    if not raises_matters(user):
        raise PermissionDenied
    key = form_key(request)
    form = MatterForm(request.POST or None, user=user)
    status = 200
    if request.method == "POST":
        sent = SubmissionKey.objects.filter(key=key, user=user).first()
        if sent is not None:
            return redirect("case", sent.case_id)
        if form.is_valid():
            try:
                case = matters.raise_matter(user, form.cleaned_data, key)
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
                status = refusal.status
            else:
                messages.success(request, _("The matter has the number %s.") % case_number(case))
                return redirect("case", case.pk)
        else:
            status = UNPROCESSABLE
    return render(
        request,
        "union/opinions/matter_new.html",
        {"form": form, "key": key},
        status=status,
    )


def case_number(case: Any) -> str:
    """Return the number a case got when it was handed in."""
    case.refresh_from_db(fields=["number"])
    return str(case.number)


# ---- time limits


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_limits(request: HttpRequest) -> HttpResponse:
    """Show the time limits with their clauses, and let one change from a day on.

    Raises:
        PermissionDenied: the account is not of the union.
    """
    if not works_for_union(request.user):
        raise PermissionDenied
    form = LimitForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                limit_rows.announce(cast(User, request.user), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("The new limit is announced."))
                return redirect("opinion_limits")
    return render(
        request,
        "union/opinions/limits.html",
        {"rows": limit_rows.rows(timezone.localdate()), "form": form},
        status=status,
    )
