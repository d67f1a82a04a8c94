"""Recovery of money that was obtained by false papers (追回): proposed, decided, paid back.

Source: 军人抚恤优待条例第五十八条 (2024). Two people, as in every decision on money: who proposes
does not decide, and the amount has to lie within the approval limit of who decides.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases import services as cases
from portal.cases.messages import applicants
from portal.cases.models import Case
from portal.cases.permissions import must_stand_aside
from portal.notifications.messages import NEWS_TEMPLATE, register_message
from portal.notifications.services import notify
from portal.people.models import User
from portal.roles.permissions import has_role
from veterans.models import Application, ApprovalLimit, Payment, Recovery, RecoveryReceipt
from veterans.models.applications import PaymentState
from veterans.models.recoveries import RecoveryState
from veterans.payments.limits import covers, role_names
from veterans.payments.permissions import may_decide_recovery, may_pay, may_propose_recovery
from veterans.payments.refusals import AboveYourLimit, MoneyMoved, NotThisMoney

DECIDED = "support-recovery"
CLAUSE = "军人抚恤优待条例第五十八条"
ZERO = Decimal(0)


def paid_to(application: Application, payment: Payment | None = None) -> Decimal:
    """Return what was paid in a case, or by one payment of it, less what came back already."""
    payments = application.payments.filter(state=PaymentState.PAID)
    receipts = RecoveryReceipt.objects.filter(recovery__application=application)
    every = (_sum(payments) or ZERO) - (_sum(receipts) or ZERO)
    if payment is None:
        return every
    of_it = _sum(receipts.filter(recovery__payment=payment)) or ZERO
    # What came back without a payment named may have been of this one.
    return min(every, payment.amount - of_it)


def _sum(rows: Any) -> Decimal | None:
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return total


def paid_payments(application: Application) -> Any:
    """Return the payments of a case that can be named."""
    return application.payments.filter(state=PaymentState.PAID).order_by("pk")


def received(recovery: Recovery) -> Decimal:
    """Return what has come back."""
    return recovery.receipts.aggregate(total=Sum("amount"))["total"] or ZERO


def _locked(recovery_id: int) -> Recovery:
    return (
        Recovery.objects.select_for_update(of=("self",))
        .select_related("application__case__unit", "proposed_by__person")
        .get(pk=recovery_id)
    )


def _refuse_concerned(user: User, case: Case) -> None:
    if must_stand_aside(user, case):
        raise NotThisMoney(_("This case concerns you or a relative. A colleague has to take it."))


@transaction.atomic
def propose(
    case_id: Any, user: User, amount: Decimal, reason: str, payment: Payment | None = None
) -> Recovery:
    """Say that money has to come back, and why.

    Args:
        payment: the one payment of the case it is about; None for all of them.

    Raises:
        NotThisMoney: not a role for it, more than was paid, or one is under way already.
    """
    if not may_propose_recovery(user):
        raise NotThisMoney(_("Recoveries are proposed by the service station or finance."))
    case = cases.locked(case_id)
    _refuse_concerned(user, case)
    application: Application = case.subject
    if application.recoveries.filter(
        state__in=(RecoveryState.PROPOSED, RecoveryState.DECIDED)
    ).exists():
        raise NotThisMoney(_("A recovery of this case is under way already."))
    if payment is not None and not paid_payments(application).filter(pk=payment.pk).exists():
        raise NotThisMoney(_("This payment does not belong to the case, or was not paid."))
    most = paid_to(application, payment)
    if not ZERO < amount <= most:
        raise NotThisMoney(
            (
                _("%(amount)s yuan were paid by this payment; more cannot come back.")
                if payment is not None
                else _("%(amount)s yuan were paid in this case; more cannot come back.")
            )
            % {"amount": f"{most:,.2f}"}
        )
    return Recovery.objects.create(
        application=application,
        payment=payment,
        amount=amount,
        reason=reason,
        clause=CLAUSE,
        proposed_by=user,
        proposed_at=timezone.now(),
    )


@transaction.atomic
def decide(recovery_id: int, user: User, document_number: str) -> Recovery:
    """Decide that the money has to come back; the person concerned is told.

    Raises:
        NotThisMoney: not a role for it, or one's own proposal.
        AboveYourLimit: the amount is above the approval limit of the role.
        MoneyMoved: it was decided already.
    """
    recovery = _locked(recovery_id)
    if not may_decide_recovery(user) or recovery.proposed_by_id == user.pk:
        raise NotThisMoney(_("A leader who did not propose it decides."))
    _refuse_concerned(user, recovery.application.case)
    if recovery.state != RecoveryState.PROPOSED:
        raise MoneyMoved(_("This was decided already."))
    today = timezone.localdate()
    able = [row for row in ApprovalLimit.objects.in_force_on(today) if covers(row, recovery.amount)]
    if able and not has_role(user, *(row.role_code for row in able)):
        raise AboveYourLimit(
            _("This amount is decided by: %(roles)s.") % {"roles": role_names(able)}
        )
    recovery.state = RecoveryState.DECIDED
    recovery.decision_number = document_number
    recovery.decided_by, recovery.decided_at = user, timezone.now()
    recovery.save()
    case = recovery.application.case
    notify(
        DECIDED,
        applicants(case),
        {"item": case.item, "number": case.number},
        event_key=f"recovery:{recovery.pk}",
        url=reverse("case", args=[case.pk]),
    )
    return recovery


@transaction.atomic
def receive(
    recovery_id: int, user: User, amount: Decimal, received_on: datetime.date, voucher: str
) -> RecoveryReceipt:
    """Book money that came back; with the last of it the recovery ends.

    Raises:
        NotThisMoney: not finance, who decided it, more than is open, or the voucher is known.
        MoneyMoved: nothing is open.
    """
    recovery = _locked(recovery_id)
    if not may_pay(user) or recovery.decided_by_id == user.pk:
        raise NotThisMoney(_("Money that came back is booked by finance."))
    _refuse_concerned(user, recovery.application.case)
    if recovery.state != RecoveryState.DECIDED:
        raise MoneyMoved(_("Nothing is to be paid back here now."))
    if recovery.receipts.filter(voucher=voucher).exists():
        raise NotThisMoney(_("A voucher of this number was booked already."))
    left = recovery.amount - received(recovery)
    if not ZERO < amount <= left:
        raise NotThisMoney(
            _("%(amount)s yuan are open; more cannot be booked.") % {"amount": f"{left:,.2f}"}
        )
    receipt = RecoveryReceipt.objects.create(
        recovery=recovery,
        amount=amount,
        received_on=received_on,
        voucher=voucher,
        entered_by=user,
        entered_at=timezone.now(),
    )
    if amount == left:
        recovery.state = RecoveryState.RECOVERED
        recovery.save(update_fields=["state"])
    return receipt


@transaction.atomic
def drop(recovery_id: int, user: User, reason: str) -> Recovery:
    """End a recovery without all the money, with a reason that stays.

    Raises:
        NotThisMoney: not a leader, or one's own proposal.
        MoneyMoved: it ended already.
    """
    recovery = _locked(recovery_id)
    if not may_decide_recovery(user) or recovery.proposed_by_id == user.pk:
        raise NotThisMoney(_("A leader who did not propose it decides."))
    _refuse_concerned(user, recovery.application.case)
    if recovery.state not in (RecoveryState.PROPOSED, RecoveryState.DECIDED):
        raise MoneyMoved(_("This has ended already."))
    recovery.state, recovery.ended_reason = RecoveryState.DROPPED, reason
    recovery.save(update_fields=["state", "ended_reason"])
    return recovery


def register() -> None:
    """Register the message to whom it concerns."""
    register_message(
        DECIDED,
        gettext_lazy("Money has to be paid back"),
        gettext_lazy("%(item)s (%(number)s): money has to be paid back. The page says why."),
        NEWS_TEMPLATE,
        sensitive=True,
    )
