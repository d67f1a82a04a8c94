"""The life cycle of all records at this moment, for the dashboard of the office."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, Sum, When
from django.utils import timezone

from portal.archives.models import FixityFault, Record, RecordState, Render, RenderStatus
from portal.archives.statistics.expressions import LocalDate, MonthOf
from portal.archives.statistics.reach import Reach

OPEN_STATES = (RecordState.POOL, RecordState.RETURNED)


@dataclass(frozen=True)
class LifeCycle:
    """How many records stand where, over all years.

    Attributes:
        captured: their files are being made.
        failed: of those, the ones whose files could not be made.
        pool: wait for the archivist.
        returned: wait for their unit.
        overdue: of pool and returned, those whose day of decision has passed.
        expiring: accepted ones whose retention ends within a year.
        expired: accepted ones whose retention has ended; they wait for the appraisal.
        apart: kept apart, outside the scope.
        leaving: of those, the ones that are kept for less than another year.
        damaged: files that the fixity check found damaged; None for readers of single units.
    """

    captured: int
    failed: int
    pool: int
    returned: int
    overdue: int
    accepted: int
    superseded: int
    expiring: int
    expired: int
    apart: int
    leaving: int
    damaged: int | None


@dataclass(frozen=True)
class MonthFlow:
    """How many records were captured and accepted in a month of the year."""

    month: int
    captured: int
    accepted: int


def life_cycle(reach: Reach, today: datetime.date | None = None) -> LifeCycle:
    """Count where all records stand, by six queries."""
    today = today or timezone.localdate()
    in_a_year = _a_year_after(today)
    states = dict(reach.tallies().order_by().values_list("state").annotate(total=Sum("number")))
    open_items = reach.records().filter(state__in=OPEN_STATES)
    retention = (
        reach.records()
        .filter(expires_on__lte=in_a_year, state=RecordState.ACCEPTED)
        .aggregate(
            expired=Count("expires_on", filter=Q(expires_on__lt=today)), all=Count("expires_on")
        )
    )
    failed = Render.objects.filter(
        status=RenderStatus.DEAD, record__in=reach.records().filter(state=RecordState.CAPTURED)
    )
    damaged = None
    if reach.sees_office:
        faults = FixityFault.objects.filter(closed_at__isnull=True)
        if not reach.sees_all:
            faults = faults.filter(file__record__in=reach.records())
        damaged = faults.count()
    return LifeCycle(
        captured=states.get(RecordState.CAPTURED, 0),
        failed=failed.count(),
        pool=states.get(RecordState.POOL, 0),
        returned=states.get(RecordState.RETURNED, 0),
        overdue=open_items.filter(pool_item__due_on__lt=today).count(),
        accepted=states.get(RecordState.ACCEPTED, 0),
        superseded=states.get(RecordState.SUPERSEDED, 0),
        expiring=retention["all"] - retention["expired"],
        expired=retention["expired"],
        apart=states.get(RecordState.APART, 0),
        leaving=reach.records()
        .filter(state=RecordState.APART, pool_item__kept_until__lte=in_a_year)
        .count(),
        damaged=damaged,
    )


def _a_year_after(day: datetime.date) -> datetime.date:
    """Return the same day next year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def flow(reach: Reach) -> list[MonthFlow]:
    """Count captures and acceptances by month of the records of a year, by one query.

    A record of December that was accepted in the next spring counts in no month of the year.
    """
    begin = timezone.make_aware(datetime.datetime(reach.year, 1, 1))
    end = timezone.make_aware(datetime.datetime(reach.year + 1, 1, 1))

    def month_of(column: str) -> Case:
        within = {f"{column}__gte": begin, f"{column}__lt": end}
        return Case(When(**within, then=MonthOf(LocalDate(F(column)))))

    captured: dict[int | None, int] = defaultdict(int)
    accepted: dict[int | None, int] = defaultdict(int)
    rows = (
        reach.records_of_year()
        .order_by()
        .values_list(month_of("captured_at"), month_of("accepted_at"))
        .annotate(number=Count("*"))
    )
    for capture, acceptance, number in rows:
        captured[capture] += number
        accepted[acceptance] += number
    return [MonthFlow(month, captured[month], accepted[month]) for month in range(1, 13)]


def overdue_items(reach: Reach, limit: int = 5) -> list[Record]:
    """Return the items that have waited longest past their day, with unit and item."""
    return list(
        reach.records()
        .filter(state__in=OPEN_STATES, pool_item__due_on__lt=timezone.localdate())
        .select_related("unit", "pool_item")
        .order_by("pool_item__due_on", "pk")[:limit]
    )
