"""Lists of safety work: what an account sees, filtered by branch, and numbers over all of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Sum, When
from django.utils import timezone

from branches.members.permissions import kept_branches, rosters
from branches.models import (
    AreaHolder,
    AreaMonth,
    Hazard,
    HazardState,
    MeritKind,
    ResponsibilityArea,
    SafetyInspection,
    SafetyMerit,
    SafetyPledge,
    covers,
)
from portal.address_values import plain_text
from portal.organizations.models import Unit


@dataclass(frozen=True)
class Choice:
    """What is chosen in the address of a list.

    Attributes:
        branch: None for all the account sees.
        state: a word of the list; "" for everything.
    """

    branches: list[Unit]
    branch: Unit | None
    state: str
    year: int

    @property
    def is_filtered(self) -> bool:
        """Whether something was chosen."""
        return bool(self.state) or (self.branch is not None and len(self.branches) > 1)

    @property
    def shown(self) -> list[int]:
        """The keys of the branches that are shown."""
        return [self.branch.pk] if self.branch else [one.pk for one in self.branches]


def choice_of(user: Any, values: Any, states: tuple[str, ...] = ()) -> Choice:
    """Read the address of a list; what is not understood is left out."""
    branches = list(rosters(user).order_by("path"))
    code = plain_text(values.get("branch", ""))
    chosen = next((one for one in branches if one.code == code), None)
    if chosen is None and len(branches) == 1:
        chosen = branches[0]
    state = str(values.get("state", ""))
    typed = str(values.get("year", ""))
    this = timezone.localdate().year
    known = typed.isascii() and typed.isdecimal() and len(typed) == 4
    year = int(typed) if known and 2000 <= int(typed) <= this + 1 else this
    return Choice(branches, chosen, state if state in states else "", year)


def kept_among(user: Any, choice: Choice) -> Unit | None:
    """Return the chosen branch if the account keeps it and it exists."""
    if choice.branch is None or not choice.branch.is_valid_on():
        return None
    return kept_branches(user).filter(pk=choice.branch.pk).first()


def areas(choice: Choice, day: datetime.date | None = None) -> QuerySet[ResponsibilityArea]:
    """Return the areas there are, with their holders and the assessments of the year."""
    today = day or timezone.localdate()
    return (
        ResponsibilityArea.objects.filter(covers(today), branch__in=choice.shown)
        .select_related("branch")
        .prefetch_related(
            Prefetch(
                "holders",
                AreaHolder.objects.filter(covers(today)).select_related("person"),
                to_attr="holders_now",
            ),
            Prefetch(
                "months",
                AreaMonth.objects.filter(year=choice.year).order_by("month"),
                to_attr="months_of_year",
            ),
        )
        .order_by("branch__path", "name", "pk")
    )


PLEDGE_STATES = ("open", "signed", "over")


def pledges(choice: Choice) -> QuerySet[SafetyPledge]:
    """Return the pledges that begin in a year, those to be signed first."""
    rows = SafetyPledge.objects.filter(branch__in=choice.shown, valid_from__year=choice.year)
    today = timezone.localdate()
    if choice.state == "open":
        rows = rows.filter(signed_at=None)
    elif choice.state == "signed":
        rows = rows.exclude(signed_at=None)
    elif choice.state == "over":
        rows = rows.filter(valid_to__lt=today)
    return rows.select_related("branch", "person").order_by(
        "signed_at", "branch__path", "person__name", "pk"
    )


def pledges_by_branch(year: int) -> dict[int, tuple[int, int]]:
    """Return how many pledges of a year there are and how many are signed, by one query."""
    rows = (
        SafetyPledge.objects.filter(valid_from__year=year)
        .order_by()
        .values_list("branch")
        .annotate(all=Count("pk"), signed=Count("pk", filter=~Q(signed_at=None)))
    )
    return {branch: (count, signed) for branch, count, signed in rows}


HAZARD_STATES = ("overdue", *HazardState.values)


def hazards(choice: Choice) -> QuerySet[Hazard]:
    """Return hazards, open ones first, the most urgent on top; closed ones of the year."""
    today = timezone.localdate()
    rows = Hazard.objects.filter(branch__in=choice.shown)
    if choice.state == "overdue":
        rows = rows.filter(state=HazardState.OPEN, due_on__lt=today)
    elif choice.state:
        rows = rows.filter(state=choice.state)
    if choice.state in ("", HazardState.CLOSED):
        rows = rows.filter(~Q(state=HazardState.CLOSED) | Q(closed_on__year=choice.year))
    return rows.select_related("branch", "found_by", "responsible_unit").order_by(
        Case(When(state=HazardState.CLOSED, then=1), default=0), "due_on", "-pk"
    )


def inspections(choice: Choice) -> QuerySet[SafetyInspection]:
    """Return the inspections of a year with who took part and how many hazards were found."""
    return (
        SafetyInspection.objects.filter(branch__in=choice.shown, held_on__year=choice.year)
        .select_related("branch")
        .prefetch_related("people")
        .annotate(found=Count("hazards"))
        .order_by("-held_on", "-pk")
    )


@dataclass(frozen=True)
class Balance:
    """What the lines of a ledger add up to: points and yuan, each side by itself."""

    reward_points: Decimal
    penalty_points: Decimal
    reward_amount: Decimal
    penalty_amount: Decimal


def merits(choice: Choice) -> QuerySet[SafetyMerit]:
    """Return the lines of the ledger of a year, newest first."""
    rows = SafetyMerit.objects.filter(branch__in=choice.shown, day__year=choice.year)
    if choice.state:
        rows = rows.filter(kind=choice.state)
    return rows.select_related(
        "branch", "person", "hazard", "written_by__person", "takes_back", "taken_back_by"
    ).order_by("-day", "-pk")


def balance_of(lines: QuerySet[SafetyMerit]) -> Balance:
    """Add lines up; what was taken back counts as if it had never been there. One query."""
    counted = lines.filter(takes_back=None, taken_back_by=None).order_by()

    def total(column: str, kind: str) -> Any:
        return Sum(column, filter=Q(kind=kind), default=Decimal(0))

    sums = counted.aggregate(
        reward_points=total("points", MeritKind.REWARD),
        penalty_points=total("points", MeritKind.PENALTY),
        reward_amount=total("amount", MeritKind.REWARD),
        penalty_amount=total("amount", MeritKind.PENALTY),
    )
    return Balance(**{name: Decimal(value) for name, value in sums.items()})
