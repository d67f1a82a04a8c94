"""The time limits of opinions: rows of data with their clause."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from portal.cases.models import Case
from union.models import OpinionLimit

ACCEPT, DISPATCH, RETURN = "accept", "dispatch", "return"
REPLY, EXTENSION, REVIEW, RATING = "reply", "extension", "review", "rating"
HELP = "help"
PETITION_ACCEPT, PETITION_FINISH = "petition-accept", "petition-finish"
PETITION_EXTENSION = "petition-extension"


def limit(code: str, day: datetime.date | None = None) -> OpinionLimit:
    """Return the limit of this code in force on a day, today without one.

    Raises:
        OpinionLimit.DoesNotExist: its row was removed.
    """
    return OpinionLimit.on(code, day or timezone.localdate())


def days_of(code: str) -> Callable[[Case, Any], int]:
    """Return what a clock asks for its days: those of the limit in force when it starts."""
    return lambda _case, _subject: limit(code).days


def late_days(code: str) -> Any:
    """Return the days of a limit, read from its row whenever somebody looks."""
    return lazy(lambda: limit(code).days, int)()


def late_clause(code: str) -> Any:
    """Return the clause of a limit, read from its row whenever somebody looks."""
    return lazy(lambda: limit(code).clause, str)()


def last_day(code: str, since: datetime.date) -> datetime.date:
    """Return the last day of a limit that began on a day."""
    return limit(code, since).last_day(since)
