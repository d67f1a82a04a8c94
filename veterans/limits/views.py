"""The pages of limits: what counts, what is to come, who changed what, and the two steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.refusals import Refusal
from veterans.limits import changes
from veterans.limits.forms import ApprovalForm, ChangeForm, DecisionForm, HandlingForm
from veterans.models import HandlingLimit, LimitChange
from veterans.models.limits import LimitSubject
from veterans.payments.views import UNPROCESSABLE, reader

ROWS_PER_PAGE = 20


def _with_people() -> Any:
    return LimitChange.objects.select_related("proposed_by__person", "decided_by__person")


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Show the limits in force and every change of them, the newest first.

    Raises:
        PermissionDenied: the account does not read them.
    """
    user = reader(request)
    today = timezone.localdate()
    page = Paginator(_with_people(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "veterans/limits/limits.html",
        {
            "approval": changes.lines_in_force(LimitSubject.APPROVAL, "", today),
            "handling": [
                (code, name, changes.lines_in_force(LimitSubject.HANDLING, code, today))
                for code, name in changes.HANDLING_NAMES.items()
            ],
            "page_obj": page,
            "rows": [(change, changes.title(change)) for change in page],
            "may_propose": changes.may_propose(user),
        },
    )


def _form(subject: str, code: str, data: Any) -> ChangeForm:
    if subject == LimitSubject.APPROVAL and not code:
        return ApprovalForm(data)
    if subject == LimitSubject.HANDLING and code in changes.HANDLING_NAMES:
        rows = HandlingLimit.objects.filter(code=code, effective_from__lte=timezone.localdate())
        if now := rows.order_by("effective_from").last():
            return HandlingForm(data, now=now)
    raise Http404(_("There is no such limit."))


@require_http_methods(["GET", "HEAD", "POST"])
def limit_new(request: HttpRequest, subject: str, code: str = "") -> HttpResponse:
    """Write a change down and pass it on to a leader.

    Raises:
        PermissionDenied: the account does not propose limits.
        Http404: there is no such limit.
    """
    user = reader(request)
    if not changes.may_propose(user):
        raise PermissionDenied
    form = _form(subject, code, request.POST or None)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["effective_from"]
        try:
            made = changes.propose(subject, code, form.content(), day, user)
        except Refusal as refusal:
            form.add_error("effective_from", refusal.message)
        else:
            messages.success(request, _("The change is entered. A leader has to put it in force."))
            return redirect("support_limit", made.pk)
    named = LimitChange(subject=subject, code=code)
    return render(
        request,
        "veterans/limits/new.html",
        {
            "title": changes.title(named),
            "now": changes.lines_in_force(subject, code, timezone.localdate()),
            "form": form,
        },
        status=UNPROCESSABLE if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, change_id: int) -> HttpResponse:
    """Show one change beside what counts now; a leader decides on it.

    Raises:
        PermissionDenied: the account does not read limits.
        Http404: there is no such change.
        Refusal: no leader who may decide, somebody was first, the day is over, or other limits
            count from it on.
    """
    user = reader(request)
    change = get_object_or_404(_with_people(), pk=change_id)
    form = DecisionForm(request.POST or None) if changes.may_decide(user, change) else None
    if request.method == "POST":
        changes.refuse_unless_decidable(change, user)
        if form is not None and form.is_valid():
            changes.decide(
                change.pk,
                user,
                accepted=form.cleaned_data["accepted"],
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("Thank you. The decision is kept."))
            return redirect("support_limit", change.pk)
    return render(
        request,
        "veterans/limits/change.html",
        {
            "change": change,
            "title": changes.title(change),
            "lines": changes.lines(change),
            "now": changes.lines_in_force(change.subject, change.code, timezone.localdate()),
            "form": form,
        },
        status=UNPROCESSABLE if request.method == "POST" else 200,
    )
