"""Counting working days: the vectors of the domain facts, and the algebra."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workdays import calendar
from portal.workdays.calendar import WorkingCalendar, WorkingDate
from portal.workdays.published import published_days, published_years

pytestmark = pytest.mark.database


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2026-{text}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("02-10", "02-24"),
        ("04-29", "05-09"),
        ("06-17", "06-25"),
        ("09-18", "09-24"),
        ("09-28", "10-10"),
        ("11-23", "11-30"),
    ],
)
def test_five_working_days_without_the_start(start: str, end: str) -> None:
    assert calendar.add_working_days(day(start), 5) == WorkingDate(day(end), False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end"), [("02-10", "02-14"), ("09-28", "10-09"), ("11-23", "11-27")]
)
def test_five_working_days_with_the_start(start: str, end: str) -> None:
    assert calendar.add_working_days(day(start), 5, include_start=True).date == day(end)


@pytest.mark.django_db
def test_2026_is_as_the_notice_says() -> None:
    known = calendar.current()
    of_2026 = [found for found in known.holidays if found.year == 2026]
    ranges = [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05")]
    ranges += [("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07")]
    expected = {
        day(first) + datetime.timedelta(days=number)
        for first, last in ranges
        for number in range((day(last) - day(first)).days + 1)
    }
    assert set(of_2026) == expected
    assert {found for found in known.exchanged if found.year == 2026} == {
        day(text) for text in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
    }
    assert calendar.working_days_between(datetime.date(2025, 12, 31), day("12-31")) == (248, False)


@pytest.mark.django_db
def test_an_unpublished_year_is_counted_and_said_to_be_an_estimate() -> None:
    assert not calendar.is_known(datetime.date(2027, 1, 1))
    assert calendar.is_known(day("12-31"))
    # New Year 2027 is a Friday that nobody has published as a day off yet.
    assert calendar.is_working_day(datetime.date(2027, 1, 1))
    assert calendar.add_working_days(day("12-30"), 1) == (day("12-31"), False)
    assert calendar.add_working_days(day("12-30"), 2) == (datetime.date(2027, 1, 1), True)
    assert calendar.add_working_days(datetime.date(2027, 1, 4), -1).estimated
    assert calendar.working_days_between(day("12-30"), datetime.date(2027, 1, 1)).estimated
    # Counting that begins on the last day of a published year and stays there is no estimate.
    assert not calendar.working_days_between(day("12-30"), day("12-31")).estimated


@pytest.mark.django_db
def test_all_years_of_the_package_are_there() -> None:
    assert calendar.current().years == frozenset(range(2004, 2027))


def test_counting_with_the_start_needs_a_day() -> None:
    with pytest.raises(ValueError, match="at least one"):
        KNOWN.add_working_days(day("11-23"), 0, include_start=True)


KNOWN = WorkingCalendar(
    frozenset(published_years()),
    frozenset(
        found.date
        for year in published_years()
        for found in published_days(year)
        if found.kind == "holiday"
    ),
    frozenset(
        found.date
        for year in published_years()
        for found in published_days(year)
        if found.kind == "working"
    ),
)
dates = st.dates(datetime.date(2004, 3, 1), datetime.date(2028, 12, 31))
counts = st.integers(0, 400)


@given(dates, counts, counts)
def test_adding_twice_is_adding_once(start: datetime.date, first: int, second: int) -> None:
    halfway = KNOWN.add_working_days(start, first).date
    assert (
        KNOWN.add_working_days(halfway, second).date
        == KNOWN.add_working_days(start, first + second).date
    )


@given(dates, st.integers(1, 400))
def test_the_answer_is_a_working_day_and_so_many_away(start: datetime.date, days: int) -> None:
    found = KNOWN.add_working_days(start, days)
    assert KNOWN.is_working_day(found.date)
    assert KNOWN.working_days_between(start, found.date) == (days, found.estimated)


@given(dates, st.integers(1, 400))
def test_going_back_undoes_going_forward(start: datetime.date, days: int) -> None:
    back = KNOWN.add_working_days(KNOWN.add_working_days(start, days).date, -days).date
    if KNOWN.is_working_day(start):
        assert back == start
    else:
        assert back < start
        assert KNOWN.working_days_between(back, start).days == 0


@given(dates, dates, dates)
def test_spans_add_up_and_turn_their_sign(
    first: datetime.date, second: datetime.date, third: datetime.date
) -> None:
    def between(a: datetime.date, b: datetime.date) -> int:
        return KNOWN.working_days_between(a, b).days

    assert between(first, third) == between(first, second) + between(second, third)
    assert between(first, second) == -between(second, first)


@given(dates, st.integers(1, 400))
def test_the_start_counts_only_when_it_is_worked(start: datetime.date, days: int) -> None:
    included = KNOWN.add_working_days(start, days, include_start=True).date
    worked = KNOWN.is_working_day(start)
    assert included == KNOWN.add_working_days(start, days - 1 if worked else days).date


@given(dates, st.integers(1, 400))
def test_more_days_never_end_earlier(start: datetime.date, days: int) -> None:
    assert KNOWN.add_working_days(start, days).date < KNOWN.add_working_days(start, days + 1).date
