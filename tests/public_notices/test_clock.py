"""The period of a notice: the vectors of the domain facts, and what holds for every period."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.public_notices.clock import NoticePeriod, StandStill
from portal.workdays.calendar import WorkingCalendar, WorkingDate
from portal.workdays.published import published_days, published_years

ONE_DAY = datetime.timedelta(days=1)


def published_calendar() -> WorkingCalendar:
    """The calendar that comes with the portal; 2027 is not published."""
    days = [day for year in published_years() for day in published_days(year)]
    return WorkingCalendar(
        frozenset(published_years()),
        frozenset(day.date for day in days if day.kind == "holiday"),
        frozenset(day.date for day in days if day.kind == "working"),
    )


CALENDAR = published_calendar()


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("start", "end", "include_start"),
    [
        *(("02-10", "02-24", False), ("04-29", "05-09", False), ("06-17", "06-25", False)),
        *(("09-18", "09-24", False), ("09-28", "10-10", False), ("11-23", "11-30", False)),
        *(("02-10", "02-14", True), ("09-28", "10-09", True), ("11-23", "11-27", True)),
    ],
)
def test_five_working_days(start: str, end: str, include_start: bool) -> None:
    period = NoticePeriod(day(start), 5, include_start=include_start)
    assert period.end(CALENDAR) == WorkingDate(day(end), False)


def test_the_days_of_objection_and_answer_do_not_count() -> None:
    # Monday the 23rd; objection on Wednesday, answer on Thursday: Tuesday, Friday, then three.
    period = NoticePeriod(day("11-23"), 5, (StandStill(day("11-25"), day("11-26")),))
    assert period.end(CALENDAR) == WorkingDate(day("12-02"), False)
    assert period.days_run(CALENDAR, day("11-26")) == 1
    assert period.days_run(CALENDAR, day("11-27")) == 2


def test_while_it_stands_still_there_is_no_end() -> None:
    period = NoticePeriod(day("11-23"), 5, (StandStill(day("11-30")),))
    assert period.end(CALENDAR) is None
    # What begins after the end changes nothing.
    assert NoticePeriod(day("11-23"), 5, (StandStill(day("12-01")),)).end(CALENDAR) is not None


def test_a_year_that_is_not_published_makes_an_estimate() -> None:
    period = NoticePeriod(day("12-30"), 5)
    assert period.end(CALENDAR) == WorkingDate(datetime.date(2027, 1, 6), True)
    # The new year was reached only while it stood still, but the days after it count.
    still = (StandStill(day("12-31"), datetime.date(2027, 1, 1)),)
    end = NoticePeriod(day("12-30"), 1, still).end(CALENDAR)
    assert end == WorkingDate(datetime.date(2027, 1, 4), True)


def test_no_day_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        NoticePeriod(day("11-23"), 0).end(CALENDAR)


starts = st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 10, 1))
lengths = st.integers(1, 30)


@st.composite
def periods(draw: st.DrawFn) -> NoticePeriod:
    """A period with pauses that have all ended."""
    start = draw(starts)
    pauses = []
    for _number in range(draw(st.integers(0, 4))):
        first = start + draw(st.integers(0, 40)) * ONE_DAY
        pauses.append(StandStill(first, first + draw(st.integers(0, 20)) * ONE_DAY))
    return NoticePeriod(start, draw(lengths), tuple(pauses), draw(st.booleans()))


def counted_days(period: NoticePeriod, end: datetime.date) -> list[datetime.date]:
    """The days that count up to an end, by the plainest way to say it."""
    first = period.starts_on if period.include_start else period.starts_on + ONE_DAY
    every = [first + number * ONE_DAY for number in range((end - first).days + 1)]
    return [one for one in every if CALENDAR.is_working_day(one) and not period.stands_still(one)]


@given(periods())
def test_the_end_is_the_day_on_which_the_last_one_counts(period: NoticePeriod) -> None:
    end = period.end(CALENDAR)
    assert end is not None
    counted = counted_days(period, end.date)
    assert len(counted) == period.days
    assert counted[-1] == end.date
    assert period.days_run(CALENDAR, end.date) == period.days
    assert period.days_run(CALENDAR, end.date - ONE_DAY) == period.days - 1


@given(periods(), st.integers(0, 60), st.integers(0, 20))
def test_a_pause_never_shortens(period: NoticePeriod, after: int, length: int) -> None:
    before = period.end(CALENDAR)
    first = period.starts_on + after * ONE_DAY
    more = StandStill(first, first + length * ONE_DAY)
    longer = NoticePeriod(
        period.starts_on, period.days, (*period.pauses, more), period.include_start
    ).end(CALENDAR)
    assert before is not None
    assert longer is not None
    assert longer.date >= before.date
    if first > before.date:
        assert longer == before


@given(periods())
def test_order_and_overlap_of_pauses_do_not_matter(period: NoticePeriod) -> None:
    twice = (*reversed(period.pauses), *period.pauses)
    again = NoticePeriod(period.starts_on, period.days, twice, period.include_start)
    assert again.end(CALENDAR) == period.end(CALENDAR)


@given(periods(), st.integers(0, 60))
def test_an_open_pause_stops_it_or_came_too_late(period: NoticePeriod, after: int) -> None:
    end = period.end(CALENDAR)
    first = period.starts_on + after * ONE_DAY
    stopped = NoticePeriod(
        period.starts_on, period.days, (*period.pauses, StandStill(first)), period.include_start
    )
    assert end is not None
    assert (stopped.end(CALENDAR) is None) == (first <= end.date)


@given(starts, lengths)
def test_without_pauses_it_is_the_calendar(start: datetime.date, days: int) -> None:
    assert NoticePeriod(start, days).end(CALENDAR) == CALENDAR.add_working_days(start, days)
