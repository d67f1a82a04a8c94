"""The years that the package `chinesecalendar` knows, for a portal without a network.

Checked for 2026 against the notice of the State Council: 33 days off, 6 days in exchange,
248 working days.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from chinese_calendar import constants
from django.db import transaction
from django.utils import timezone

PUBLISHED_IN = "国务院办公厅节假日安排通知（随系统提供）"


class PublishedDay(NamedTuple):
    """A day as published: date, "holiday" or "working", and the name of the holiday."""

    date: datetime.date
    kind: str
    name: str


def published_years() -> list[int]:
    """Return the years that the package knows, oldest first."""
    return sorted({day.year for day in constants.holidays})


def published_days(year: int) -> Iterator[PublishedDay]:
    """Yield the days of a year that the package knows, by date."""
    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    days = [
        PublishedDay(day, "holiday", names[name])
        for day, name in constants.holidays.items()
        if day.year == year
    ]
    days += [
        PublishedDay(day, "working", f"{names[name]}调休")
        for day, name in constants.workdays.items()
        if day.year == year
    ]
    yield from sorted(days)


def adopt_new_years() -> str:
    """Add the years that a newer package knows and the portal does not; change no other year.

    Returns a line for the log of the daily jobs.
    """
    from portal.workdays.models import CalendarYear
    from portal.workdays.services import write_year

    known = set(CalendarYear.objects.values_list("year", flat=True))
    missing = [year for year in published_years() if year not in known]
    with transaction.atomic():
        for year in missing:
            write_year(year, published_days(year), source=PUBLISHED_IN, moment=timezone.now())
    return f"{len(missing)} calendar years added"
