"""Conditions of the steps of an opinion; they only read."""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.cases import deadlines
from portal.cases.flow import Context, Guard
from portal.cases.models import CaseEvent
from portal.cases.refusals import ConditionNotMet


def _done(context: Context, code: str) -> bool:
    return CaseEvent.objects.filter(case=context.case, transition=code).exists()


def _not_returned(context: Context) -> None:
    if _done(context, "return_once"):
        raise ConditionNotMet(_now("It was returned once already. The union decides who answers."))


def _not_reopened(context: Context) -> None:
    if _done(context, "reopen"):
        raise ConditionNotMet(_now("It was looked at once more already."))


def _rating_over(context: Context) -> None:
    clock = deadlines.running(context.case, "rating")
    if clock is None or clock.due_on is None or clock.due_on >= context.today:
        raise ConditionNotMet(_now("The time limit is not over yet."))


NOT_RETURNED = Guard("not-returned", _("It was not returned before."), _not_returned)
NOT_REOPENED = Guard("not-reopened", _("It was not reopened before."), _not_reopened)
RATING_OVER = Guard("rating-overdue", _("The days for a rating are over."), _rating_over)
