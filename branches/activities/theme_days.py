"""On which days of a year a theme day falls by its rule."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from branches.models.plans import ThemeDayRule
from portal.workdays.calendar import WorkingCalendar

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class ThemeDay:
    """One day of the rule.

    Attributes:
        day: on which it is held, None where the month has no such day.
        moved_from: the day of the rule, where a day off moved it.
        is_estimate: the calendar of the year is not published yet.
    """

    month: int
    day: datetime.date | None
    moved_from: datetime.date | None = None
    is_estimate: bool = False


def day_of(rule: ThemeDayRule, year: int, month: int) -> datetime.date | None:
    """Return the day of the rule in a month; the last day where the month is too short.

    A fifth Friday that a month does not have is None.
    """
    last = calendar.monthrange(year, month)[1]
    if rule.weekday is None:
        return datetime.date(year, month, min(rule.day, last))
    first = datetime.date(year, month, 1)
    offset = (rule.weekday - first.weekday()) % 7 + (rule.day - 1) * 7
    return first + offset * ONE_DAY if offset < last else None


def theme_days(rule: ThemeDayRule, year: int, known: WorkingCalendar) -> list[ThemeDay]:
    """Return the twelve theme days of a year, days off moved onto working days."""
    return [_theme_day(rule, year, month, known) for month in range(1, 13)]


def _theme_day(rule: ThemeDayRule, year: int, month: int, known: WorkingCalendar) -> ThemeDay:
    planned = day_of(rule, year, month)
    if planned is None:
        return ThemeDay(month, None)
    estimate = not known.is_known(planned)
    if not rule.onto_working_day or known.is_working_day(planned):
        return ThemeDay(month, planned, is_estimate=estimate)
    for step in (ONE_DAY, -ONE_DAY):
        moved = planned + step
        while moved.month == month:
            if known.is_working_day(moved):
                return ThemeDay(month, moved, planned, estimate)
            moved += step
    return ThemeDay(month, planned, is_estimate=estimate)
