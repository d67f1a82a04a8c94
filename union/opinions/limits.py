"""The time limits of opinions: rows of data with their clause."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from portal.cases.models import Case
from union.models import OpinionLimit

ACCEPT, DISPATCH, RETURN = "accept", "dispatch", "return"
REPLY, EXTENSION, REVIEW, RATING = "reply", "extension", "review", "rating"


def limit(code: str, day: datetime.date | None = None) -> OpinionLimit:
    """Return the limit of this code in force on a day, today without one.

    Raises:
        OpinionLimit.DoesNotExist: its row was removed.
    """
    return OpinionLimit.objects.in_force(code, day or timezone.localdate())


def days_of(code: str) -> Callable[[Case, Any], int]:
    """Return what a clock asks for its days: those of the limit in force when it starts."""
    return lambda _case, _subject: limit(code).days
