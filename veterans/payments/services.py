"""Payment lists (发放清单): cases and further years of one item, paid and booked together."""

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
from veterans.models.benefits import BenefitQuerySet
from veterans.payments import further_years, next_years
from veterans.payments.permissions import may_pay
from veterans.payments.refusals import NotThisMoney

FLOW = "veterans-support"
LIST_PREFIX = "FF"
MOST_ROWS = 200


@dataclass(frozen=True)
class Left:
    """A case whose payment was left out, and why."""

    case: Case
    reason: Any


def payable(user: User) -> CaseQuerySet:
    """Return the approved cases that this payer may pay: none of its own, a relative's, or one
    it reviewed or approved."""
    return Case.objects.waiting_for(user).filter(flow=FLOW, state="approved")


def payable_years(user: User) -> BenefitQuerySet:
    """Return the running benefits whose next year this payer may order today."""
    return next_years.payable_years(user, timezone.localdate())


@transaction.atomic
def make_list(
    item: SupportItem,
    user: User,
    case_ids: Iterable[uuid.UUID],
    benefit_ids: Iterable[uuid.UUID] = (),
) -> tuple[PaymentList, list[Left]]:
    """Order the payment of several cases and further years and put them into a list.

    Each tick of the form says that the name of the account was compared. What cannot be paid now
    is left out and named; the others are ordered, a case through its flow, a year by itself.

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
    years = _chosen_years(item, benefit_ids)
    further_years.lock_all(case.pk for case in years)
    left += [Left(case, reason) for case in years if (reason := _order_year(made, case, user))]
    if len(left) == len(rows) + len(years):
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


def _chosen_years(item: SupportItem, benefit_ids: Iterable[uuid.UUID]) -> list[Case]:
    """Return the cases of chosen benefits; whether they may be paid is asked under their locks."""
    chosen = list(benefit_ids)[:MOST_ROWS]
    found = Case.objects.filter(pk__in=chosen, application__running_benefit__item=item)
    return list(found.order_by("number"))


def _order_year(made: PaymentList, case: Case, user: User) -> Any:
    """Order one further year; return why not, or nothing."""
    try:
        with transaction.atomic():
            further_years.order(made, case.pk, user)
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
            if payment.is_further_year:
                further_years.book(payment.pk, user)
            else:
                cases.apply(case.pk, "confirm_payment", user, {"note": made.number})
        except Refusal as refusal:
            left.append(Left(case, refusal.message))
    return left
