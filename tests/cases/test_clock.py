"""The arithmetic of time limits: vectors of the domain facts, and what always holds."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.clock import Limit, Pause
from portal.cases.flow import DayKind
from portal.workdays.calendar import ONE_DAY, WorkingCalendar


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def days(*spans: tuple[str, str]) -> frozenset[datetime.date]:
    found = set()
    for first, last in spans:
        day = date(first)
        while day <= date(last):
            found.add(day)
            day += ONE_DAY
    return frozenset(found)


# Days off and exchanged working days of 2026 (domain facts, 5.5).
CALENDAR = WorkingCalendar(
    years=frozenset({2026}),
    holidays=days(
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ),
    exchanged=frozenset(
        date(day)
        for day in (
            "2026-01-04",
            "2026-02-14",
            "2026-02-28",
            "2026-05-09",
            "2026-09-20",
            "2026-10-10",
        )
    ),
)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-02-10", "2026-02-24"),
        ("2026-04-29", "2026-05-09"),
        ("2026-06-17", "2026-06-25"),
        ("2026-09-18", "2026-09-24"),
        ("2026-09-28", "2026-10-10"),
        ("2026-11-23", "2026-11-30"),
    ],
)
def test_five_working_days_after_the_day_of_the_event(start: str, due: str) -> None:
    assert Limit(date(start), 5).due(CALENDAR) == (date(due), False)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-02-10", "2026-02-14"),
        ("2026-09-28", "2026-10-09"),
        ("2026-11-23", "2026-11-27"),
    ],
)
def test_five_working_days_with_the_first_day_counted(start: str, due: str) -> None:
    assert Limit(date(start), 5, include_start=True).due(CALENDAR) == (date(due), False)


def test_a_pause_takes_out_its_days_and_a_pause_that_lasts_has_no_end() -> None:
    start = date("2026-11-16")
    paused = Limit(start, 5, pauses=[Pause(date("2026-11-18"), date("2026-11-20"))])
    assert Limit(start, 5).due(CALENDAR).date == date("2026-11-23")
    assert paused.due(CALENDAR).date == date("2026-11-25")
    assert Limit(start, 5, pauses=[Pause(date("2026-11-18"))]).due(CALENDAR).date is None


def test_corrected_on_the_same_day_costs_nobody_a_day() -> None:
    same = date("2026-11-18")
    paused = Limit(date("2026-11-16"), 5, pauses=[Pause(same, same)])
    assert paused.due(CALENDAR).date == date("2026-11-23")


def test_a_year_that_is_not_published_makes_an_estimate_and_says_so() -> None:
    assert Limit(date("2026-12-28"), 5).due(CALENDAR) == (date("2027-01-04"), True)


def test_calendar_days_end_after_the_day_off_on_which_they_would_end() -> None:
    limit = Limit(date("2026-09-20"), 15, DayKind.CALENDAR)
    assert limit.due(CALENDAR).date == date("2026-10-08")


starts = st.dates(date("2026-01-01"), date("2026-10-01"))


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    """Limits with up to three pauses, one after another."""
    start = draw(starts)
    pauses, day = [], start
    for _number in range(draw(st.integers(0, 3))):
        since = day + datetime.timedelta(days=draw(st.integers(0, 6)))
        until = since + datetime.timedelta(days=draw(st.integers(0, 9)))
        pauses.append(Pause(since, until))
        day = until
    return Limit(start, draw(st.integers(1, 20)), draw(st.sampled_from(DayKind)), pauses=pauses)


@given(limits())
def test_on_its_last_day_a_limit_is_used_up_and_not_before(limit: Limit) -> None:
    due = limit.due(CALENDAR).date
    assert due is not None
    if limit.kind is DayKind.WORKING:
        assert limit.left(due, CALENDAR) == 0
        assert limit.left(due - ONE_DAY, CALENDAR) == 1


@given(limits(), st.integers(0, 10))
def test_a_longer_limit_never_ends_earlier(limit: Limit, more: int) -> None:
    longer = Limit(
        limit.started_on, limit.days + more, limit.kind, limit.include_start, limit.pauses
    )
    assert longer.due(CALENDAR) >= limit.due(CALENDAR)


@given(limits())
def test_pauses_only_ever_put_the_end_off(limit: Limit) -> None:
    without = Limit(limit.started_on, limit.days, limit.kind, limit.include_start)
    assert without.due(CALENDAR) <= limit.due(CALENDAR)


@given(limits())
def test_the_warning_comes_no_later_than_the_end(limit: Limit) -> None:
    assert limit.warned_on(CALENDAR, 0.8) <= limit.due(CALENDAR)
