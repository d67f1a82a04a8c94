"""The year of branches: a row for each, a cell for each period, by a fixed number of queries."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from branches.models import Activity, ActivityState, LifeExemption, LifeRequirement
from branches.models.activities import NOT_HELD
from branches.year.standing import Held, Span, Standing, existed, spans, standing_of
from portal.organizations.models import Unit
from portal.workdays.calendar import current


@dataclass(frozen=True)
class Cell:
    """One period of one branch."""

    span: Span
    standing: Standing
    count: int
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One branch."""

    branch: Unit
    cells: list[Cell]

    def count(self, *standings: Standing) -> int:
        """How many of its periods stand like this."""
        return sum(cell.standing in standings for cell in self.cells)


@dataclass(frozen=True)
class YearView:
    """The year of several branches for one requirement."""

    year: int
    requirement: LifeRequirement
    spans: list[Span]
    rows: list[Row]

    @property
    def totals(self) -> Counter[Standing]:
        """How many cells stand how."""
        return Counter(cell.standing for row in self.rows for cell in row.cells)

    @property
    def missing(self) -> int:
        """How many are missing."""
        return self.totals[Standing.MISSING]

    @property
    def due(self) -> int:
        """How many are soon due."""
        return self.totals[Standing.DUE]

    @property
    def late(self) -> int:
        """How many records came late."""
        return self.totals[Standing.LATE]


def year_of(
    branches: Iterable[Unit],
    requirement: LifeRequirement,
    year: int,
    today: datetime.date | None = None,
) -> YearView:
    """Return the year of branches for one requirement, by two queries."""
    found = list(branches)
    return _view(
        found, requirement, year, _held(found, [requirement], year), _reasons(found, year), today
    )


def years_of(
    branches: Iterable[Unit],
    requirements: Sequence[LifeRequirement],
    year: int,
    today: datetime.date | None = None,
) -> list[YearView]:
    """Return the year of branches for several requirements, by two queries."""
    found = list(branches)
    held, reasons = _held(found, requirements, year), _reasons(found, year)
    return [_view(found, one, year, held, reasons, today) for one in requirements]


_Held = dict[tuple[int, str, int], list[Held]]
_Reasons = dict[tuple[int, int, int | None], str]


def _held(branches: list[Unit], requirements: Sequence[LifeRequirement], year: int) -> _Held:
    rows = Activity.objects.filter(
        ~Q(state=ActivityState.CANCELLED),
        kind__in=[one.kind for one in requirements],
        held_on__year=year,
    ).order_by()
    if len(branches) == 1:
        rows = rows.filter(branch=branches[0])
    found: _Held = defaultdict(list)
    for branch, kind, held_on, recorded_on, state in rows.values_list(
        "branch", "kind", "held_on", "recorded_on", "state"
    ):
        found[(branch, kind, held_on.month)].append(
            Held(
                held_on,
                recorded_on,
                is_plan=state in NOT_HELD,
                awaits_record=state == ActivityState.HELD,
            )
        )
    return found


def _reasons(branches: list[Unit], year: int) -> _Reasons:
    rows = LifeExemption.objects.filter(year=year)
    if len(branches) == 1:
        rows = rows.filter(branch=branches[0])
    return {(row.branch_id, row.requirement_id, row.month): row.reason for row in rows.order_by()}


def _view(
    branches: list[Unit],
    requirement: LifeRequirement,
    year: int,
    held: _Held,
    reasons: _Reasons,
    today: datetime.date | None,
) -> YearView:
    now, known = today or timezone.localdate(), current()
    periods = spans(requirement.period, year)
    rows = []
    for branch in branches:
        cells = []
        for span in periods:
            activities = [
                row
                for month in range(span.first.month, span.last.month + 1)
                for row in held.get((branch.pk, requirement.kind, month), ())
            ]
            reason = reasons.get((branch.pk, requirement.pk, span.first.month)) or reasons.get(
                (branch.pk, requirement.pk, None), ""
            )
            standing = (
                standing_of(requirement, span, activities, now, explained=bool(reason), known=known)
                if existed(branch, span) or activities
                else Standing.NONE
            )
            cells.append(Cell(span, standing, len(activities), reason))
        rows.append(Row(branch, cells))
    return YearView(year, requirement, periods, rows)


def activities_in(branch: Unit, requirement: LifeRequirement, span: Span) -> QuerySet[Activity]:
    """Return what a branch held or plans in one period, the first first."""
    return (
        Activity.objects.filter(
            branch=branch,
            kind=requirement.kind,
            held_on__range=(span.first, span.last),
        )
        .exclude(state=ActivityState.CANCELLED)
        .select_related("page", "host", "recorder")
        .order_by("held_on", "pk")
    )


def years_there_are() -> list[int]:
    """Return the years that can be chosen: from the first activity to this year, newest first."""
    first: Any = Activity.objects.order_by("held_on").values_list("held_on", flat=True).first()
    this = timezone.localdate().year
    return list(range(this, (first.year if first else this) - 1, -1))
