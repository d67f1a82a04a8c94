"""The pages of recoveries (追回)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.models import Case
from portal.cases.permissions import concerned
from portal.cases.views.private import private_answer
from portal.people.models import User
from portal.refusals import Refusal
from veterans.models import Recovery
from veterans.models.recoveries import RecoveryState
from veterans.payments import recoveries
from veterans.payments.forms import DecideForm, DropForm, ProposeForm, ReceiptForm
from veterans.payments.permissions import (
    may_decide_recovery,
    may_pay,
    may_propose_recovery,
)
from veterans.payments.views import ROWS_PER_PAGE, UNPROCESSABLE, reader

FLOW = "veterans-support"
ACTIONS: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "decide": (DecideForm, recoveries.decide),
    "receive": (ReceiptForm, recoveries.receive),
    "drop": (DropForm, recoveries.drop),
}


def _seen(user: User) -> Any:
    """Return the recoveries an account sees: nobody sees one of its own case here."""
    return (
        Recovery.objects.exclude(application__case__applicant=user.person_id)
        .exclude(application__case__beneficiary=user.person_id)
        .select_related("application__case__unit", "application__item", "payment")
    )


@require_safe
@private_answer
def support_recoveries(request: HttpRequest) -> HttpResponse:
    """List the recoveries with what came back.

    Raises:
        PermissionDenied: the account does not read the money of everybody.
    """
    user = reader(request)
    state = request.GET.get("state", "")
    rows = _seen(user).annotate(back=Sum("receipts__amount"))
    if state in RecoveryState.values:
        rows = rows.filter(state=state)
    paginator = Paginator(rows.order_by("-proposed_at", "-pk"), ROWS_PER_PAGE)
    return render(
        request,
        "veterans/payments/recoveries.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "total": paginator.count,
            "states": RecoveryState.choices,
            "state": state,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def support_recovery_new(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Propose that money of a case comes back.

    Raises:
        PermissionDenied: not a role for it.
        Http404: there is no such case for this account.
    """
    user = reader(request)
    if not may_propose_recovery(user):
        raise PermissionDenied
    case = get_object_or_404(Case.objects.select_related("unit"), pk=case_id, flow=FLOW)
    if user.person_id in concerned(case) or case.is_draft:
        raise Http404
    form = ProposeForm(request.POST or None, payments=recoveries.paid_payments(case.subject))
    if request.method == "POST" and form.is_valid():
        try:
            made = recoveries.propose(case.pk, user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The recovery waits for a leader's decision."))
            return redirect("support_recovery", made.pk)
    return render(
        request,
        "veterans/payments/recovery_new.html",
        {"case": case, "form": form, "most": recoveries.paid_to(case.subject)},
        status=UNPROCESSABLE if form.errors else 200,
    )


def _offered(user: User, recovery: Recovery) -> list[str]:
    """Return the actions of a recovery that the account may take now."""
    leads = may_decide_recovery(user) and recovery.proposed_by_id != user.pk
    found = []
    if recovery.state == RecoveryState.PROPOSED and leads:
        found.append("decide")
    if recovery.state == RecoveryState.DECIDED and may_pay(user):
        found.append("receive")
    if recovery.state in (RecoveryState.PROPOSED, RecoveryState.DECIDED) and leads:
        found.append("drop")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def support_recovery(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """Show one recovery; decide it, book money or end it.

    Raises:
        PermissionDenied: the account does not read the money of everybody.
        Http404: there is no such recovery for this account.
    """
    user = reader(request)
    recovery = get_object_or_404(_seen(user), pk=recovery_id)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    bound: dict[str, forms.Form] = {}
    if action in ACTIONS:
        form_class, run = ACTIONS[action]
        form = bound[action] = form_class(request.POST, prefix=action)
        if form.is_valid():
            try:
                run(recovery.pk, user, *form.cleaned_data.values())
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("Done."))
                return redirect("support_recovery", recovery.pk)
    back = recoveries.received(recovery)
    offered = [
        (code, bound.get(code) or ACTIONS[code][0](prefix=code))
        for code in _offered(user, recovery)
    ]
    # A refused action stays on the page with what was typed, though it is offered no more.
    offered += [(code, form) for code, form in bound.items() if code not in dict(offered)]
    return render(
        request,
        "veterans/payments/recovery.html",
        {
            "recovery": recovery,
            "case": recovery.application.case,
            "receipts": recovery.receipts.select_related("entered_by__person"),
            "back": back,
            "left": max(recovery.amount - back, Decimal(0)),
            "offered": offered,
            "form": next(iter(bound.values()), None),
        },
        status=UNPROCESSABLE if bound else 200,
    )
