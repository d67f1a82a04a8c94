"""Budgets of items and years: proposed and approved by two, reserved, spent and released."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Context, Effect
from portal.people.models import User
from portal.roles.permissions import has_role
from veterans.models import Application, Budget, Payment, Reservation, SupportItem
from veterans.models.payments import ReservationState
from veterans.payments.refusals import BudgetUsedUp, MoneyMoved, NotThisMoney
from veterans.standards.entitlement import money

PROPOSERS = ("veterans_officer",)
APPROVERS = ("union_chair", "party_approver")
ZERO = Decimal(0)
HELD = (ReservationState.RESERVED, ReservationState.SPENT)


@dataclass(frozen=True)
class Standing:
    """How a budget stands, in yuan; without a budget `amount` and `left` are None."""

    item: SupportItem
    year: int
    amount: Decimal | None
    reserved: Decimal
    spent: Decimal
    document_number: str = ""

    @property
    def left(self) -> Decimal | None:
        """What may still be approved."""
        return None if self.amount is None else self.amount - self.reserved - self.spent

    @property
    def used_percent(self) -> int | None:
        """How much is reserved or spent, rounded down."""
        if not self.amount:
            return None
        return int((self.reserved + self.spent) * 100 / self.amount)


def standings(items: Iterable[SupportItem], year: int) -> list[Standing]:
    """Return how the budgets of items stand in a year, by two queries."""
    rows = list(items)
    newest: dict[int, Budget] = {}
    for row in Budget.objects.filter(item__in=rows, year=year, approved_by__isnull=False).order_by(
        "approved_at", "pk"
    ):
        newest[row.item_id] = row
    held: dict[int, Mapping[str, Any]] = {
        found["item"]: found
        for found in Reservation.objects.filter(item__in=rows, year=year)
        .order_by()
        .values("item")
        .annotate(
            reserved=Sum("amount", filter=Q(state=ReservationState.RESERVED)),
            spent=Sum("amount", filter=Q(state=ReservationState.SPENT)),
        )
    }
    return [
        Standing(
            item,
            year,
            newest[item.pk].amount if item.pk in newest else None,
            held.get(item.pk, {}).get("reserved") or ZERO,
            held.get(item.pk, {}).get("spent") or ZERO,
            newest[item.pk].document_number if item.pk in newest else "",
        )
        for item in rows
    ]


def standing_of(item: SupportItem, year: int) -> Standing:
    """Return how one budget stands."""
    return standings([item], year)[0]


@transaction.atomic
def propose(
    item: SupportItem, year: int, amount: Decimal, document_number: str, user: User
) -> Budget:
    """Write a budget down; it counts when a second person has approved it.

    Raises:
        NotThisMoney: the role does not propose budgets.
    """
    if not has_role(user, *PROPOSERS):
        raise NotThisMoney(_("Budgets are entered by the veterans service officer."))
    return Budget.objects.create(
        item=item,
        year=year,
        amount=amount,
        document_number=document_number,
        proposed_by=user,
        proposed_at=timezone.now(),
    )


@transaction.atomic
def approve(budget_id: int, user: User) -> Budget:
    """Put a budget in force.

    Raises:
        NotThisMoney: the role does not approve budgets, it is one's own, or less than is held.
        MoneyMoved: it was approved already.
    """
    if not has_role(user, *APPROVERS):
        raise NotThisMoney(_("Budgets are approved by the union chair or the Party secretary."))
    budget = Budget.objects.select_for_update(of=("self",)).select_related("item").get(pk=budget_id)
    if budget.approved_by_id is not None:
        raise MoneyMoved(_("%(name)s has approved this already.") % {"name": budget.approved_by})
    if budget.proposed_by_id == user.pk:
        raise NotThisMoney(_("Who entered it does not approve it. A colleague has to."))
    _lock(budget.item, budget.year)
    now = standing_of(budget.item, budget.year)
    if budget.amount < now.reserved + now.spent:
        raise NotThisMoney(
            _("%(amount)s yuan are approved or paid already; the budget cannot be less.")
            % {"amount": money(now.reserved + now.spent)}
        )
    budget.approved_by, budget.approved_at = user, timezone.now()
    budget.save(update_fields=["approved_by", "approved_at"])
    return budget


def _lock(item: SupportItem, year: int) -> None:
    """Lock the budget of an item and year: whoever reserves or approves waits here."""
    list(Budget.objects.select_for_update().filter(item=item, year=year).order_by("pk"))


def held_by(application: Application) -> Decimal:
    """Return what earlier decisions of an application have spent, further years left aside."""
    spent = application.reservations.of_decisions().filter(state=ReservationState.SPENT)
    return spent.aggregate(total=Sum("amount"))["total"] or ZERO


def _reserve(context: Context) -> None:
    application = context.subject
    amount = max((application.amount or ZERO) - held_by(application), ZERO)
    if amount:
        reserve(application, amount, context.now)


def reserve(
    application: Application,
    amount: Decimal,
    now: datetime.datetime,
    payment: Payment | None = None,
) -> Reservation:
    """Hold money in the budget of the year of a moment, under the lock of that budget.

    Args:
        amount: yuan.
        payment: of the further year that holds it; None for an approval.

    Raises:
        BudgetUsedUp: the budget in force has less left.
    """
    year = timezone.localdate(now).year
    _lock(application.item, year)
    standing = standing_of(application.item, year)
    if standing.left is not None and amount > standing.left:
        raise BudgetUsedUp(
            _(
                "The budget of “%(item)s” for %(year)d has %(left)s yuan left; %(amount)s are"
                " needed. Please have the budget raised first."
            )
            % {
                "item": application.item,
                "year": year,
                "left": money(max(standing.left, ZERO)),
                "amount": money(amount),
            }
        )
    return Reservation.objects.create(
        application=application,
        payment=payment,
        item=application.item,
        year=year,
        amount=amount,
        made_at=now,
    )


def _end(context: Context, state: ReservationState) -> None:
    held = context.subject.reservations.of_decisions().filter(state=ReservationState.RESERVED)
    held.update(state=state, ended_at=context.now)


def end_of_payment(payment: Payment, state: ReservationState, now: datetime.datetime) -> None:
    """Book what a further year holds as spent, or give it back."""
    Reservation.objects.filter(payment=payment).update(state=state, ended_at=now)


def waiting(user: Any) -> Any:
    """Return the budgets an account may approve now."""
    if not has_role(user, *APPROVERS):
        return Budget.objects.none()
    return Budget.objects.filter(approved_by=None).exclude(proposed_by=user.pk)


RESERVE = Effect("reserve", gettext_lazy("Reserves the amount in the budget."), _reserve)
SPEND = Effect(
    "spend",
    gettext_lazy("Books the reserved amount as spent."),
    lambda context: _end(context, ReservationState.SPENT),
)
RELEASE = Effect(
    "release",
    gettext_lazy("Gives a reserved amount back to the budget."),
    lambda context: _end(context, ReservationState.RELEASED),
)
