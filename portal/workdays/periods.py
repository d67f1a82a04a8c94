"""Months from a day on."""

from __future__ import annotations

import calendar
import datetime


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day some months later or earlier; the last of a shorter month.

    Source: Civil Code 202 (a period of months ends on the corresponding day).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))
