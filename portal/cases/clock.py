"""The arithmetic of time limits: a deadline is computed from intervals, never moved by hand.

A limit has a first day, a number of days and pauses. The day of an event is not counted (Civil
Code, article 201), so a limit of five working days that starts on a Monday ends on the next
Monday. A pause takes out the days after the one on which it began, up to and with the one on
which it ended: the office has the whole of the first day it is free again after the event.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.cases.flow import DayKind
from portal.workdays.calendar import ONE_DAY, WorkingCalendar

# Nobody waits longer; a limit beyond it is a wrong number somewhere.
LONGEST_DAYS = 3_660


class Pause(NamedTuple):
    """Days that do not count; without an end it lasts still."""

    since: datetime.date
    until: datetime.date | None = None

    def covers(self, day: datetime.date) -> bool:
        """Whether a day is taken out."""
        return self.since < day and (self.until is None or day <= self.until)


class Due(NamedTuple):
    """The last day of a limit.

    Attributes:
        date: None while the clock stands still.
        estimated: a year whose calendar is not published was touched on the way.
    """

    date: datetime.date | None
    estimated: bool = False


@dataclass(frozen=True)
class Limit:
    """A time limit with everything that moves its end.

    Attributes:
        days: allowance and extension together.
    """

    started_on: datetime.date
    days: int
    kind: DayKind = DayKind.WORKING
    include_start: bool = False
    pauses: Sequence[Pause] = ()

    def counts(self, day: datetime.date, calendar: WorkingCalendar) -> bool:
        """Whether a day uses up the limit."""
        if any(pause.covers(day) for pause in self.pauses):
            return False
        return self.kind is DayKind.CALENDAR or calendar.is_working_day(day)

    def _first(self) -> datetime.date:
        return self.started_on if self.include_start else self.started_on + ONE_DAY

    def due(self, calendar: WorkingCalendar) -> Due:
        """Return the last day; a calendar-day limit that ends on a day off ends after it.

        Source of the last sentence: Civil Code, article 203.
        """
        return self._day_of(self.days, calendar)

    def warned_on(self, calendar: WorkingCalendar, share: float) -> Due:
        """Return the day on which a share of the limit is used up, the first day at least."""
        return self._day_of(max(1, int(self.days * share)), calendar)

    def _day_of(self, number: int, calendar: WorkingCalendar) -> Due:
        if any(pause.until is None for pause in self.pauses):
            return Due(None)
        day, left, estimated = self._first() - ONE_DAY, number, False
        for _step in range(LONGEST_DAYS):
            day += ONE_DAY
            estimated = estimated or (self.kind is DayKind.WORKING and not calendar.is_known(day))
            left -= self.counts(day, calendar)
            if left <= 0:
                break
        while self.kind is DayKind.CALENDAR and not calendar.is_working_day(day):
            day += ONE_DAY
        return Due(day, estimated)

    def used(self, today: datetime.date, calendar: WorkingCalendar) -> int:
        """Return how many days of the limit are over, today included."""
        day, count = self._first(), 0
        while day <= today:
            count += self.counts(day, calendar)
            day += ONE_DAY
        return count

    def left(self, today: datetime.date, calendar: WorkingCalendar) -> int:
        """Return how many days are left; negative when the limit is over."""
        return self.days - self.used(today, calendar)
