"""A year as twelve month grids, weeks from Monday to Sunday."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from portal.workdays.calendar import WorkingCalendar
from portal.workdays.models import CalendarDay, DayKind


@dataclass(frozen=True)
class GridDay:
    """One cell: the date, what the day is, and the name of the holiday."""

    date: datetime.date
    working: bool
    mark: str
    name: str


@dataclass(frozen=True)
class Month:
    """A month: its number, weeks of seven cells (None outside the month), its working days."""

    number: int
    weeks: list[list[GridDay | None]]
    working_days: int


def months_of(year: int, known: WorkingCalendar, days: list[CalendarDay]) -> list[Month]:
    """Return the twelve months of a year; `days` are the named days of that year."""
    named = {day.date: day for day in days}
    months = []
    for number in range(1, 13):
        weeks: list[list[GridDay | None]] = []
        for week in calendar.Calendar().monthdatescalendar(year, number):
            weeks.append(
                [_cell(day, known, named) if day.month == number else None for day in week]
            )
        worked = sum(cell.working for week in weeks for cell in week if cell is not None)
        months.append(Month(number, weeks, worked))
    return months


def _cell(
    day: datetime.date, known: WorkingCalendar, named: dict[datetime.date, CalendarDay]
) -> GridDay:
    row = named.get(day)
    # The marks of every printed Chinese calendar.
    mark = {DayKind.HOLIDAY: "休", DayKind.WORKING: "班"}[DayKind(row.kind)] if row else ""
    return GridDay(day, known.is_working_day(day), mark, row.name if row else "")
