"""How long it takes (归档时效): from the event to the capture, from there to the acceptance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from portal.archives.models import RecordState
from portal.archives.statistics.expressions import DayNumber, LocalDate
from portal.archives.statistics.reach import Reach

# Upper ends of the groups in days; the last group is open.
GROUPS = (0, 3, 7, 30, 90)
# Numbers only, so that they stand beside each other on a phone.
GROUP_NAMES = ("0", "1–3", "4–7", "8–30", "31–90", "> 90")


@dataclass(frozen=True)
class Lag:
    """How many days a step took: how many records, median, nine of ten, and groups."""

    records: int
    median: int | None
    ninety: int | None
    groups: list[int]


def from_histogram(histogram: dict[int, int]) -> Lag:
    """Return the figures of a histogram of days; a negative number of days counts as none.

    Median and ninetieth percentile are by nearest rank, so both are days that occurred.
    """
    days: dict[int, int] = {}
    for day, number in histogram.items():
        days[max(day, 0)] = days.get(max(day, 0), 0) + number
    total = sum(days.values())
    groups = [0] * (len(GROUPS) + 1)
    for day, number in days.items():
        groups[sum(day > end for end in GROUPS)] += number
    return Lag(total, _rank(days, total, 50), _rank(days, total, 90), groups)


def _rank(days: dict[int, int], total: int, percent: int) -> int | None:
    if not total:
        return None
    wanted = -(-total * percent // 100)
    seen = 0
    for day in sorted(days):
        seen += days[day]
        if seen >= wanted:
            return day
    raise AssertionError("The histogram has fewer records than it counts.")


def _histogram(records: Any, first: Any, second: Any) -> dict[int, int]:
    rows = (
        records.order_by()
        .values_list(DayNumber(second) - DayNumber(first))
        .annotate(number=Count("pk"))
    )
    return dict(rows)


def capture_lag(reach: Reach) -> Lag:
    """Return how long first versions took from the day of the event to their capture."""
    records = reach.records_of_year().filter(version=1)
    return from_histogram(_histogram(records, F("business_date"), LocalDate(F("captured_at"))))


def acceptance_lag(reach: Reach) -> Lag:
    """Return how long accepted records took from their capture to the acceptance."""
    records = reach.records_of_year().filter(state=RecordState.ACCEPTED, accepted_at__isnull=False)
    return from_histogram(
        _histogram(records, LocalDate(F("captured_at")), LocalDate(F("accepted_at")))
    )
