"""Conditions that the flows of several subjects share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.cases import deadlines
from portal.cases.flow import Context, Guard
from portal.cases.refusals import ConditionNotMet


def limit_over(clock: str, words: Any) -> Guard:
    """Return the condition that the days of a clock are over.

    Args:
        clock: code of the clock in the flow.
        words: the condition, for the page that documents the flow.
    """

    def check(context: Context) -> None:
        if not deadlines.is_over(deadlines.running(context.case, clock), context.today):
            raise ConditionNotMet(_("The time limit is not over yet."))

    return Guard(f"{clock}-overdue", words, check)
