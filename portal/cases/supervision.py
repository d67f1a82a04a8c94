"""Reminders and supervision (催办、督办), each level once for each clock, every morning.

Levels: four fifths used, to who works on it; due on the next working day, to the whole party;
overdue, to the party and who leads it; three working days overdue, or a step the portal had to
take because nobody did, an order that has to be answered. Applicants are reminded before
something of theirs lapses (see `reminders`). What fails for one case is logged and holds up no
other. Source: 12345 practice of receipt, time limit, reminder and order.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from portal.cases import history, messages, reminders
from portal.cases.models import Case, CaseClock, Supervision, SupervisionLevel
from portal.cases.permissions import handler_of, holders
from portal.cases.refusals import AlreadyMoved, ConditionNotMet
from portal.cases.services import apply, locked
from portal.people.models import User
from portal.refusals import Refusal
from portal.roles.daily_jobs import register_daily_job
from portal.workdays import calendar as workdays

logger = logging.getLogger(__name__)

ORDERED_AFTER = 3


def _level(clock: CaseClock, today: datetime.date) -> Iterator[SupervisionLevel]:
    """Yield every level a running clock has reached, the mildest first."""
    calendar = workdays.current()
    if clock.due_on is None:
        return
    if clock.warned_on is not None and clock.warned_on <= today:
        yield SupervisionLevel.USED
    if clock.due_on <= calendar.add_working_days(today, 1).date:
        yield SupervisionLevel.TOMORROW
    if clock.due_on < today:
        yield SupervisionLevel.OVERDUE
    if clock.due_on < calendar.add_working_days(today, -ORDERED_AFTER).date:
        yield SupervisionLevel.ORDERED


def party_members(case: Case, *, lead: bool = False, clock: str = "") -> list[User]:
    """Return the accounts of the party in turn; with `lead` those who approve in the flow too.

    Args:
        clock: code of the clock it is about; when the case has left its states, those whose time
            it was are asked.
    """
    table = case.table
    parties = {case.standing.party}
    if clock and case.standing.clock != clock:
        parties = {state.party for state in table.states if state.clock == clock}
    roles = {role for code in parties if code for role in table.party(code).roles}
    if lead:
        roles |= set(table.leaders)
    return holders(case, roles)


def _told(case: Case, level: SupervisionLevel) -> list[User]:
    handler = handler_of(case)
    if level == SupervisionLevel.USED and handler is not None:
        return [handler]
    urgent = level in (SupervisionLevel.OVERDUE, SupervisionLevel.ORDERED)
    return party_members(case, lead=urgent)


@transaction.atomic
def _raise(clock: CaseClock, level: SupervisionLevel, today: datetime.date) -> bool:
    """Record a level and tell people; False when it was recorded before."""
    supervision, created = Supervision.objects.get_or_create(
        clock=clock, level=level, defaults={"raised_on": today}
    )
    if created and level in reminders.LEVELS:
        reminders.tell(clock, supervision)
    elif created:
        messages.remind(
            clock.case, _told(clock.case, level), level.label, f"supervision:{supervision.pk}"
        )
    return created


def _raise_reached(clock: CaseClock, today: datetime.date) -> int:
    """Raise what a clock has reached; return how many levels were new."""
    table = clock.case.table
    if clock.case.standing.clock != clock.code:
        return 0
    if clock.of_applicant:
        level = reminders.due_reminder(clock, today) if table.clock(clock.code).lapses else None
        return int(level is not None and _raise(clock, level, today))
    done = set(clock.supervisions.values_list("level", flat=True))
    return sum(_raise(clock, level, today) for level in _level(clock, today) if level not in done)


def remind(today: datetime.date) -> int:
    """Raise every level that was reached; return how many were new."""
    raised = 0
    horizon = workdays.current().add_working_days(today, reminders.DAYS_BEFORE).date
    near = CaseClock.objects.filter(ended_on=None).exclude(due_on=None)
    near = near.filter(due_on__lte=horizon) | near.filter(warned_on__lte=today)
    for clock in near.select_related("case__unit", "case__handler").order_by("pk"):
        try:
            raised += _raise_reached(clock, today)
        except Exception:
            # One case must not keep the others from being reminded; the next morning asks again.
            logger.exception("Case %s was not reminded of.", clock.case_id)
    return raised


@transaction.atomic
def _step_of_portal(clock: CaseClock, following: str, today: datetime.date) -> None:
    """Take the step that follows; when the office let its time run out, somebody answers for it."""
    apply(clock.case_id, following, None, seen=clock.case.sequence)
    if not clock.of_applicant:
        _raise(clock, SupervisionLevel.ORDERED, today)


def move_on(today: datetime.date) -> int:
    """Let the portal take the steps that follow from a limit that is over.

    An application nobody looked at counts as accepted; a correction nobody made ends the case.
    Source: Administrative Licensing Law, article 32, as a model.
    """
    moved = 0
    over = CaseClock.objects.filter(ended_on=None, due_on__lt=today).select_related("case")
    for clock in over.order_by("pk"):
        case = clock.case
        following = case.table.clock(clock.code).then
        if not following or case.standing.clock != clock.code:
            continue
        try:
            _step_of_portal(clock, following, today)
            moved += 1
        except Refusal as refusal:
            # Somebody acted meanwhile, or a condition holds it; the next morning asks again.
            logger.warning("Case %s did not move on: %s", case.pk, type(refusal).__name__)
        except Exception:
            # A case that cannot be moved must not stop those behind it.
            logger.exception("Case %s did not move on.", case.pk)
    return moved


def require_answerable(row: Supervision, user: User) -> None:
    """Refuse whoever does not answer for a case, and an order that has its answer.

    Raises:
        ConditionNotMet: the account has no part in the case.
        AlreadyMoved: somebody answered before.
    """
    from django.utils.translation import gettext as _

    if row.answered_at is not None:
        raise AlreadyMoved(_("%(who)s answered already.") % {"who": row.answered_by})
    if user not in party_members(row.clock.case, lead=True, clock=row.clock.code):
        raise ConditionNotMet(_("Only those in charge of the case answer for it."))


@transaction.atomic
def answer(supervision_id: int, user: User, words: str) -> Supervision:
    """Answer a supervision order.

    Raises:
        ConditionNotMet: there are no words, or the account has no part in the case.
        AlreadyMoved: somebody answered before.
    """
    from django.utils.translation import gettext as _

    found = Supervision.objects.select_related("clock").get(pk=supervision_id)
    case = locked(found.clock.case_id)
    row = Supervision.objects.select_related("clock__case").get(pk=supervision_id)
    if not words.strip():
        raise ConditionNotMet(_("Please say why it took longer and by when it will be done."))
    require_answerable(row, user)
    row.answer, row.answered_by, row.answered_at = words.strip(), user, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    event = history.write_beside(case, history.ANSWER_ORDER, user, note_internal=row.answer)
    messages.tell_answer(case, event)
    return row


def daily() -> str:
    """Move on what is over, then remind; return a line for the log."""
    today = timezone.localdate()
    moved = move_on(today)
    return f"{moved} cases moved on, {remind(today)} reminders raised"


def register() -> None:
    """Register the daily job."""
    register_daily_job("case-supervision", daily)
