"""Numbers of the rules of proposals and suggestions, read from their rows."""

from __future__ import annotations

import datetime

from django.utils import timezone

from union.models import ParticipationRule

SECONDERS, REVIEW, DISPATCH = "proposal-seconders", "proposal-review", "proposal-dispatch"
REPLY, CHECK, RATING = "proposal-reply", "proposal-check", "proposal-rating"
SUGGESTION_REVIEW, SUGGESTION_SCORE = "suggestion-review", "suggestion-score"
SCORERS = "suggestion-scorers"


def rule(code: str, day: datetime.date | None = None) -> ParticipationRule:
    """Return the rule of this code in force on a day, today by default.

    Raises:
        ParticipationRule.DoesNotExist: its row was removed.
    """
    return ParticipationRule.objects.in_force(code, day or timezone.localdate())


def number(code: str, day: datetime.date | None = None) -> int:
    """Return the number of a rule: people or days."""
    return rule(code, day).value
