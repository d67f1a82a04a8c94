"""How long a public notice runs: working days, less the days on which it stood still.

A day counts when it is a working day and the notice ran on the whole of it: the day on which
an objection came in and the day on which it was answered do not count. So the period is never
shorter than promised (不少于…个工作日). The first day is not counted unless the rule says so.
Source: articles 201 and 203 of the Civil Code; the working-day chapter (5.5) of the domain facts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from portal.workdays.calendar import WorkingCalendar, WorkingDate

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class StandStill:
    """Days on which a notice stood still, both ends included; no last day while it still does."""

    first: datetime.date
    last: datetime.date | None = None

    def covers(self, day: datetime.date) -> bool:
        """Whether the notice stood still on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class NoticePeriod:
    """The period of a notice as its rule and its pauses make it.

    Attributes:
        starts_on: the day of publication.
        days: working days that the notice runs, at least one.
        pauses: days on which it stood still, in any order; they may overlap.
        include_start: count the day of publication when it is a working day.
    """

    starts_on: datetime.date
    days: int
    pauses: tuple[StandStill, ...] = ()
    include_start: bool = False

    def stands_still(self, day: datetime.date) -> bool:
        """Whether the notice stood still on a day."""
        return any(pause.covers(day) for pause in self.pauses)

    def end(self, calendar: WorkingCalendar) -> WorkingDate | None:
        """Return the last day of the notice; None while it stands still before its end.

        The date is estimated when a year without a published calendar was counted on the way.

        Raises:
            ValueError: the notice runs no day at all.
        """
        if self.days < 1:
            raise ValueError("A public notice runs for at least one working day.")
        open_from = min((one.first for one in self.pauses if one.last is None), default=None)
        day = self.starts_on - ONE_DAY if self.include_start else self.starts_on
        left, estimated = self.days, False
        while left:
            day += ONE_DAY
            if open_from is not None and day >= open_from:
                return None
            if self.stands_still(day):
                continue
            estimated = estimated or not calendar.is_known(day)
            left -= calendar.is_working_day(day)
        return WorkingDate(day, estimated)

    def days_run(self, calendar: WorkingCalendar, until: datetime.date) -> int:
        """Return how many of its working days have counted up to and with a day."""
        day = self.starts_on - ONE_DAY if self.include_start else self.starts_on
        run = 0
        while day < until and run < self.days:
            day += ONE_DAY
            run += not self.stands_still(day) and calendar.is_working_day(day)
        return run


def stand_stills(
    rows: Iterable[tuple[datetime.date, datetime.date | None]],
) -> tuple[StandStill, ...]:
    """Return pauses from pairs of first and last day."""
    return tuple(StandStill(first, last) for first, last in rows)
