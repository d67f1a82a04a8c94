"""What clashes, and how a month is laid out."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from portal.agenda.entries import Entry, conflicts
from portal.agenda.months import month_of, shown_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime.datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)


def entry(key: str, start: int | None, minutes: int | None = None, *, over: bool = False) -> Entry:
    """Return an entry that begins so many minutes after nine."""
    begins = None if start is None else NINE + datetime.timedelta(minutes=start)
    ends = begins + datetime.timedelta(minutes=minutes) if begins and minutes else None
    return Entry(key, key, NINE.date(), begins, ends, is_over=over)


def test_what_ends_when_the_next_begins_does_not_clash() -> None:
    assert conflicts([entry("a", 0, 60), entry("b", 60, 30)]) == {}
    found = conflicts([entry("a", 0, 61), entry("b", 60, 30)])
    assert {key: [one.key for one in others] for key, others in found.items()} == {
        "a": ["b"],
        "b": ["a"],
    }


def test_without_an_end_an_hour_is_taken_and_what_is_over_or_has_no_time_clashes_with_nothing() -> (
    None
):
    assert set(conflicts([entry("a", 0), entry("b", 59)])) == {"a", "b"}
    assert conflicts([entry("a", 0), entry("b", 60)]) == {}
    assert conflicts([entry("a", 0, 60, over=True), entry("b", 30)]) == {}
    assert conflicts([entry("a", None), entry("b", None), entry("c", 0)]) == {}


@given(
    some.lists(some.tuples(some.integers(0, 300), some.integers(1, 200)), min_size=1, max_size=12)
)
def test_two_clash_exactly_when_a_minute_belongs_to_both(times: list[tuple[int, int]]) -> None:
    entries = [entry(str(number), *time) for number, time in enumerate(times)]
    found = {key: {one.key for one in others} for key, others in conflicts(entries).items()}
    for number, (start, length) in enumerate(times):
        minutes = set(range(start, start + length))
        expected = {
            str(other)
            for other, (first, last) in enumerate(times)
            if other != number and minutes & set(range(first, first + last))
        }
        assert found.get(str(number), set()) == expected


@given(some.integers(2000, 2100), some.integers(1, 12))
def test_a_month_is_whole_weeks_from_monday_and_holds_every_day_once(year: int, month: int) -> None:
    shown = month_of(year, month, [])
    days = [day for week in shown.weeks for day in week]
    assert (days[0].date, days[-1].date) == shown_days(year, month)
    assert days[0].date.weekday() == 0
    assert days[-1].date.weekday() == 6
    inside = [day.date for day in days if day.inside]
    assert inside[0].day == 1
    assert (inside[-1] + datetime.timedelta(days=1)).day == 1
    assert len(set(inside)) == len(inside)
    assert shown.previous < shown.first < shown.next
