"""Days: the step from one to the next, and words for sentences."""

from __future__ import annotations

import datetime

from django.utils.formats import date_format

ONE_DAY = datetime.timedelta(days=1)


def in_words(day: datetime.date) -> str:
    """Return a day as people write it, 2026年11月21日, for sentences."""
    return date_format(day, "DATE_FORMAT")
