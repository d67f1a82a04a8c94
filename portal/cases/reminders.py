"""The applicant is reminded twice before something lapses because nobody did it in time.

Half of the limit used, and two working days before its last day; each once for each clock, and
never both on one morning. What was missed while the daily job stood still is made up for, and the
case waits for it: nothing lapses before two working days after the second reminder.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases import deadlines, messages
from portal.cases.flow import Clock, Context, Flow, Guard, Transition
from portal.cases.models import CaseClock, Supervision, SupervisionLevel
from portal.cases.refusals import ConditionNotMet
from portal.workdays import calendar as workdays

DAYS_BEFORE = 2
LEVELS = (SupervisionLevel.HALF, SupervisionLevel.SOON)


def reached(clock: CaseClock, today: datetime.date) -> Iterator[SupervisionLevel]:
    """Yield the reminders whose day has come, the earlier first."""
    if clock.due_on is None:
        return
    if clock.warned_on is not None and clock.warned_on <= today:
        yield SupervisionLevel.HALF
    if clock.due_on <= workdays.current().add_working_days(today, DAYS_BEFORE).date:
        yield SupervisionLevel.SOON


def due_reminder(clock: CaseClock, today: datetime.date) -> SupervisionLevel | None:
    """Return the reminder of this morning; None without one, or after one on the same day."""
    raised = dict(clock.supervisions.values_list("level", "raised_on"))
    if today in raised.values():
        return None
    return next((level for level in reached(clock, today) if level not in raised), None)


def tell(clock: CaseClock, reminder: Supervision) -> None:
    """Remind the applicant, and whoever acts for him."""
    messages.remind_applicant(clock.case, clock.due_on, f"supervision:{reminder.pk}")


def _lapsing(table: Flow, transition: Transition) -> Clock | None:
    return next((row for row in table.clocks if row.lapses and row.then == transition.code), None)


def _reminded(context: Context) -> None:
    row = _lapsing(context.case.table, context.transition)
    clock = deadlines.running(context.case, row.code) if row is not None else None
    if clock is None or not deadlines.is_over(clock, context.today):
        raise ConditionNotMet(_("The time limit is not over yet."))
    days = dict(clock.supervisions.values_list("level", "raised_on"))
    calendar = workdays.current()
    # A row stands for a reminder that nobody could be sent, too: without any address.
    if any(level not in days for level in LEVELS) or (
        calendar.add_working_days(max(days.values()), DAYS_BEFORE).date >= context.today
    ):
        raise ConditionNotMet(_("The applicant was not reminded twice yet."))


REMINDED = Guard(
    "reminded",
    gettext_lazy("The last day is over and the applicant was reminded twice."),
    _reminded,
)


def guards_of(table: Flow, transition: Transition) -> tuple[Guard, ...]:
    """Return the conditions of a step: those of its row, and the reminders before a lapse."""
    own = transition.guards
    return (REMINDED, *own) if _lapsing(table, transition) is not None else own
