"""Count working days (工作日): Monday to Friday, less the days off, plus the days in exchange.

The day of the event is not counted (Civil Code, article 201); where a rule counts it, as
public notices do, say `include_start`. A year whose notice is not published yet is counted
as Monday to Friday, and every answer that touched it says that it is an estimate.

The calendar is read once by each process and again after a change; whether it has changed
is asked with one small query for each call. Who asks for many dates takes `current()` once.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import NamedTuple

ONE_DAY = datetime.timedelta(days=1)
SATURDAY = 5


class WorkingDate(NamedTuple):
    """A date that was counted to; estimated when an unpublished year was touched on the way."""

    date: datetime.date
    estimated: bool


class WorkingSpan(NamedTuple):
    """How many working days lie between two dates, and whether that is an estimate."""

    days: int
    estimated: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """The calendar as it was at one moment; it never changes.

    Attributes:
        years: the years that are published.
        holidays: days off, weekends in between included.
        exchanged: Saturdays and Sundays that are worked.
    """

    years: frozenset[int]
    holidays: frozenset[datetime.date]
    exchanged: frozenset[datetime.date]

    def is_known(self, day: datetime.date) -> bool:
        """Whether the calendar of the day's year is published."""
        return day.year in self.years

    def is_working_day(self, day: datetime.date) -> bool:
        """Whether people work on the day; in an unpublished year Monday to Friday."""
        if day in self.exchanged:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def add_working_days(
        self, start: datetime.date, days: int, *, include_start: bool = False
    ) -> WorkingDate:
        """Return the day on which the last of so many working days falls.

        Args:
            start: the day of the event.
            days: working days; 0 is the day itself, negative counts backwards.
            include_start: count the start as the first day when it is a working day.

        Raises:
            ValueError: no day or fewer are to be counted with the start.
        """
        if include_start:
            if days < 1:
                raise ValueError("Counting with the start needs at least one working day.")
            start -= ONE_DAY
        step = ONE_DAY if days >= 0 else -ONE_DAY
        day, left, estimated = start, abs(days), False
        while left:
            day += step
            estimated = estimated or day.year not in self.years
            left -= self.is_working_day(day)
        return WorkingDate(day, estimated)

    def working_days_between(self, first: datetime.date, last: datetime.date) -> WorkingSpan:
        """Count the working days after the first date up to and with the last.

        It undoes `add_working_days`: a deadline of n days is n away. With the last date before
        the first, the same count is negative.
        """
        if last < first:
            days, estimated = self.working_days_between(last, first)
            return WorkingSpan(-days, estimated)
        days, estimated, day = 0, False, first
        while day < last:
            day += ONE_DAY
            estimated = estimated or day.year not in self.years
            days += self.is_working_day(day)
        return WorkingSpan(days, estimated)


_kept: tuple[uuid.UUID, WorkingCalendar] | None = None


def current() -> WorkingCalendar:
    """Return the calendar as it is now, for many questions at the price of one query."""
    global _kept
    from portal.workdays.models import CalendarVersion

    token = CalendarVersion.objects.filter(pk=1).values_list("token", flat=True).first()
    if token is None:
        return _read()
    # One tuple, so that another thread never sees a token with a calendar of another version.
    kept = _kept
    if kept is None or kept[0] != token:
        # The token was read first: a change in between leaves an old token with new days,
        # which only costs one more reading.
        kept = _kept = (token, _read())
    return kept[1]


def _read() -> WorkingCalendar:
    """Read years and days by one query, so that they belong together."""
    from django.db import models
    from django.db.models.functions import Cast

    from portal.workdays.models import CalendarDay, CalendarYear, DayKind

    published = CalendarYear.objects.order_by().annotate(
        date=models.Value(None, output_field=models.DateField()),
        kind=Cast("year", models.CharField(max_length=10)),
    )
    days = CalendarDay.objects.order_by().values_list("date", "kind")
    years: set[int] = set()
    by_kind: dict[str, set[datetime.date]] = {kind: set() for kind in DayKind.values}
    for day, kind in days.union(published.values_list("date", "kind"), all=True):
        if day is None:
            years.add(int(kind))
        else:
            by_kind[kind].add(day)
    return WorkingCalendar(
        frozenset(years),
        frozenset(by_kind[DayKind.HOLIDAY]),
        frozenset(by_kind[DayKind.WORKING]),
    )


def is_working_day(day: datetime.date) -> bool:
    """Whether people work on the day; see `is_known` for years without a calendar."""
    return current().is_working_day(day)


def is_known(day: datetime.date) -> bool:
    """Whether the calendar of the day's year is published."""
    return current().is_known(day)


def add_working_days(
    start: datetime.date, days: int, *, include_start: bool = False
) -> WorkingDate:
    """Return the day on which the last of so many working days falls.

    Raises:
        ValueError: no day or fewer are to be counted with the start.
    """
    return current().add_working_days(start, days, include_start=include_start)


def working_days_between(first: datetime.date, last: datetime.date) -> WorkingSpan:
    """Count the working days after the first date up to and with the last."""
    return current().working_days_between(first, last)
