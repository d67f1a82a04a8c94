"""Time limits outside the standards: rows of data with their clause, and days counted by them."""

from __future__ import annotations

import datetime

from portal.workdays import calendar as workdays
from veterans.models import HandlingLimit
from veterans.models.handling import LimitKind

APPEAL_FILE, APPEAL_DECIDE = "appeal-file", "appeal-decide"
FOLLOW_UP, COMPLAINT = "follow-up", "complaint"


def limit(code: str, day: datetime.date) -> HandlingLimit:
    """Return the limit of this code in force on a day.

    Raises:
        HandlingLimit.DoesNotExist: its row was removed.
    """
    return HandlingLimit.objects.in_force(code, day)


def last_day(code: str, start: datetime.date) -> datetime.date:
    """Return the last day of a limit that starts on a day, which itself does not count.

    A last day off moves to the next working day. Source: Civil Code, articles 201 and 203.
    """
    found = limit(code, start)
    calendar = workdays.current()
    if found.kind == LimitKind.WORKING:
        return calendar.add_working_days(start, found.days).date
    day = start + datetime.timedelta(days=found.days)
    while not calendar.is_working_day(day):
        day += datetime.timedelta(days=1)
    return day
