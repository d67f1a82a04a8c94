"""How long it takes (归档时效): from the event to the capture, from there to the acceptance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, F, When

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


def from_histogram(histogram: Mapping[int, int]) -> Lag:
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


@dataclass(frozen=True)
class Lags:
    """The two steps of a record's way into the archive."""

    capture: Lag
    acceptance: Lag


def lags(reach: Reach) -> Lags:
    """Return how long records of the year took, by one query.

    Counted are first versions from the day of the event to their capture, and accepted records
    from their capture to the acceptance.
    """
    captured_on = DayNumber(LocalDate(F("captured_at")))
    rows = (
        reach.records_of_year()
        .order_by()
        .values_list(
            Case(When(version=1, then=captured_on - DayNumber(F("business_date")))),
            Case(
                When(
                    state=RecordState.ACCEPTED,
                    then=DayNumber(LocalDate(F("accepted_at"))) - captured_on,
                )
            ),
        )
        .annotate(number=Count("*"))
    )
    capture: dict[int, int] = defaultdict(int)
    acceptance: dict[int, int] = defaultdict(int)
    for to_capture, to_acceptance, number in rows:
        if to_capture is not None:
            capture[to_capture] += number
        if to_acceptance is not None:
            acceptance[to_acceptance] += number
    return Lags(from_histogram(capture), from_histogram(acceptance))
