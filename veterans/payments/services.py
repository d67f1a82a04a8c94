"""Payment lists (发放清单): several approved cases of one item, paid and booked together."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import numbers
from portal.cases import services as cases
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.people.models import User
from portal.refusals import Refusal
from veterans.models import Payment, PaymentList, PaymentListRow, SupportItem
from veterans.models.applications import PaymentState
from veterans.payments.permissions import may_pay
from veterans.payments.refusals import NotThisMoney

FLOW = "veterans-support"
LIST_PREFIX = "FF"
MOST_ROWS = 200


@dataclass(frozen=True)
class Left:
    """A case that was left out, and why."""

    case: Case
    reason: Any


def payable(user: User) -> CaseQuerySet:
    """Return the approved cases that this payer may pay: none of its own, a relative's, or one
    it reviewed or approved."""
    return Case.objects.waiting_for(user).filter(flow=FLOW, state="approved")


@transaction.atomic
def make_list(
    item: SupportItem, user: User, case_ids: Iterable[uuid.UUID]
) -> tuple[PaymentList, list[Left]]:
    """Order the payment of several cases and put them into a list.

    Each tick of the form says that the name of the account was compared. A case that cannot be
    paid now is left out and named; the others are ordered, each through its flow.

    Raises:
        NotThisMoney: the account pays nothing, nothing was chosen, or nothing could be ordered.
    """
    if not may_pay(user):
        raise NotThisMoney(_("Payment lists are made by finance."))
    chosen = list(case_ids)[:MOST_ROWS]
    wanted = payable(user).filter(pk__in=chosen, application__item=item).select_related("unit")
    rows = list(wanted.order_by("number"))
    now = timezone.now()
    made = PaymentList.objects.create(
        number=numbers.next_number(LIST_PREFIX, timezone.localdate(now)),
        item=item,
        made_by=user,
        made_at=now,
    )
    left = [Left(case, reason) for case in rows if (reason := _order(made, case, user))]
    if len(left) == len(rows):
        words = "；".join(f"{row.case.number}：{row.reason}" for row in left)
        raise NotThisMoney(
            words or _("Please choose at least one case. Somebody else may have listed it.")
        )
    return made, left


def _order(made: PaymentList, case: Case, user: User) -> Any:
    """Order one payment; return why not, or nothing."""
    try:
        with transaction.atomic():
            event = cases.apply(case.pk, "pay", user, {"confirmed": True})
            payment = Payment.objects.get(pk=event.data["payment"])
            PaymentListRow.objects.create(list=made, payment=payment)
    except Refusal as refusal:
        return refusal.message
    return ""


def book_paid(made: PaymentList, user: User, payment_ids: Iterable[int]) -> list[Left]:
    """Book rows of a list as paid by the bank's voucher, each for itself.

    Returns those that could not be booked.
    """
    rows = Payment.objects.filter(
        pk__in=list(payment_ids), list_row__list=made, state=PaymentState.ORDERED
    ).select_related("application__case__unit")
    left = []
    for payment in rows:
        case = payment.application.case
        try:
            cases.apply(case.pk, "confirm_payment", user, {"note": made.number})
        except Refusal as refusal:
            left.append(Left(case, refusal.message))
    return left
