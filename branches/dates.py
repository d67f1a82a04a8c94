"""Months from a day on."""

from __future__ import annotations

import calendar
import datetime

from django.utils.formats import date_format


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day some months later or earlier; the last of a shorter month.

    Source: Civil Code 202 (a period of months ends on the corresponding day).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def in_words(day: datetime.date) -> str:
    """Return a day as people write it, 2026年11月21日, for sentences."""
    return date_format(day, "DATE_FORMAT")
