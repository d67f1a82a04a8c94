"""Counts opinions by quarter, category and unit, every night: the source of all statistics.

Integrity reports are counted nowhere: nobody in the union learns of them.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from portal.cases.listing import office_states
from portal.cases.models import Case, Rating, Supervision, SupervisionLevel
from portal.roles.daily_jobs import register_daily_job
from portal.workdays import calendar as workdays
from portal.workdays.calendar import WorkingCalendar
from union.models import Opinion, OpinionFigure, OpinionReply
from union.opinions.flow import FLOW, OPINIONS

# Four grades: "fairly satisfied" is the lowest that counts as satisfied.
SATISFIED = 3
MONTHS_A_QUARTER = 3
Key = tuple[int, int, int | None]


@dataclass
class Tally:
    """What one cell holds."""

    counts: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)


def quarter_of(day: datetime.date) -> int:
    """Return the quarter of a day, 1 to 4."""
    return (day.month - 1) // MONTHS_A_QUARTER + 1


def _span(year: int, prefix: str = "") -> dict[str, Any]:
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return {
        f"{prefix}received_on__range": (first, last),
        f"{prefix}case__flow": FLOW,
        f"{prefix}case__sequence__gt": 0,
    }


def _replies(year: int) -> dict[Any, datetime.date]:
    """Return the day of the first reply of each opinion."""
    sent = OpinionReply.objects.filter(**_span(year, "opinion__"), sent_on__isnull=False)
    return dict(sent.values_list("opinion").annotate(first=Min("sent_on")))


def _late(year: int) -> set[Any]:
    """Return the cases in which the office let a limit pass."""
    rows = Supervision.objects.filter(
        level=SupervisionLevel.OVERDUE,
        clock__of_applicant=False,
        clock__case__flow=FLOW,
        clock__case__opinion__received_on__year=year,
    )
    waiting = Case.objects.filter(
        flow=FLOW,
        state__in=office_states(OPINIONS),
        due_on__lt=timezone.localdate(),
        opinion__received_on__year=year,
    )
    late = set(rows.values_list("clock__case", flat=True))
    return late | set(waiting.order_by().values_list("pk", flat=True))


def _ratings(year: int) -> dict[Any, int]:
    rows = Rating.objects.filter(case__flow=FLOW, case__opinion__received_on__year=year)
    return dict(rows.values_list("case", "level"))


class _WorkingDays:
    """Counts working days between days, each pair once."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self.known: dict[tuple[datetime.date, datetime.date], int] = {}

    def between(self, first: datetime.date, last: datetime.date) -> int:
        if (first, last) not in self.known:
            self.known[first, last] = self.calendar.working_days_between(first, last).days
        return self.known[first, last]


def tally(year: int) -> dict[Key, Tally]:
    """Return what there is to count of a year, by quarter, category and unit."""
    replies, late, ratings = _replies(year), _late(year), _ratings(year)
    working = _WorkingDays(workdays.current())
    found: dict[Key, Tally] = defaultdict(Tally)
    rows = Opinion.objects.filter(**_span(year)).values_list(
        "pk", "received_on", "category", F("case__lead_unit"), F("case__state"), "level"
    )
    for pk, received_on, category, unit, state, level in rows.iterator(chunk_size=5_000):
        cell = found[quarter_of(received_on), category, unit]
        cell.counts["received"] += 1
        cell.counts["declined"] += state == "declined"
        cell.counts["late"] += pk in late
        cell.counts["reopened"] += level > 0
        if (sent_on := replies.get(pk)) is not None:
            cell.counts["answered"] += 1
            cell.days[working.between(received_on, sent_on)] += 1
        if (rating := ratings.get(pk)) is not None:
            cell.counts["ratings"] += 1
            cell.counts["satisfied"] += rating >= SATISFIED
    return found


@transaction.atomic
def count_year(year: int) -> int:
    """Count a year anew; return how many opinions it has."""
    today = timezone.localdate()
    found = tally(year)
    OpinionFigure.objects.filter(year=year).delete()
    OpinionFigure.objects.bulk_create(
        OpinionFigure(
            year=year,
            quarter=quarter,
            category_id=category,
            unit_id=unit,
            **dict(cell.counts),
            days={str(days): count for days, count in sorted(cell.days.items())},
            counted_on=today,
        )
        for (quarter, category, unit), cell in found.items()
    )
    return sum(cell.counts["received"] for cell in found.values())


def daily() -> str:
    """Count this year anew, and the last one, whose opinions may still be answered."""
    year = timezone.localdate().year
    return f"{count_year(year - 1) + count_year(year)} opinions counted"


def register() -> None:
    """Register the daily job."""
    register_daily_job("opinion-figures", daily)
