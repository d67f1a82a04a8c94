"""A month as weeks of days with what a person is expected at."""

from __future__ import annotations

import calendar
import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.agenda.entries import Entry, conflicts


@dataclass(frozen=True)
class Day:
    """One day of the view.

    Attributes:
        inside: whether it belongs to the month, and not to the one before or after.
        entries: each with the entries it clashes with.
    """

    date: datetime.date
    inside: bool
    entries: list[tuple[Entry, list[Entry]]]


@dataclass(frozen=True)
class Month:
    """One month, from the Monday of its first week to the Sunday of its last."""

    first: datetime.date
    weeks: list[list[Day]]

    @property
    def days(self) -> list[Day]:
        """The days of the month on which something is."""
        return [day for week in self.weeks for day in week if day.inside and day.entries]

    @property
    def previous(self) -> datetime.date:
        """The first day of the month before."""
        return (self.first - datetime.timedelta(days=1)).replace(day=1)

    @property
    def next(self) -> datetime.date:
        """The first day of the month after."""
        return (self.first + datetime.timedelta(days=31)).replace(day=1)

    @property
    def clashes(self) -> int:
        """How many entries of the month clash with another."""
        return sum(bool(others) for day in self.days for _entry, others in day.entries)


def shown_days(year: int, month: int) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day the view of a month shows."""
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return weeks[0][0], weeks[-1][-1]


def month_of(year: int, month: int, entries: Sequence[Entry]) -> Month:
    """Put entries into the weeks of a month, Monday first."""
    by_day: dict[datetime.date, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.day].append(entry)
    clashes = conflicts(entries)
    weeks = [
        [
            Day(
                date,
                date.month == month,
                [(entry, clashes.get(entry.key, [])) for entry in by_day.get(date, [])],
            )
            for date in week
        ]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
    return Month(datetime.date(year, month, 1), weeks)
