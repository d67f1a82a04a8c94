"""Time limits outside the standards, by their codes."""

from __future__ import annotations

import datetime

from veterans.models import HandlingLimit

APPEAL_FILE, APPEAL_DECIDE = "appeal-file", "appeal-decide"
FOLLOW_UP, COMPLAINT = "follow-up", "complaint"


def limit(code: str, day: datetime.date) -> HandlingLimit:
    """Return the limit of this code in force on a day.

    Raises:
        HandlingLimit.DoesNotExist: its row was removed.
    """
    return HandlingLimit.on(code, day)


def last_day(code: str, start: datetime.date) -> datetime.date:
    """Return the last day of a limit that starts on a day."""
    return limit(code, start).last_day(start)
