"""The writes of cases: each is one transaction, and every step of a flow goes through `apply`."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import queue
from portal.cases import deadlines, history, messages, reminders
from portal.cases.flow import PREVIOUS, Context, PartyKind, Transition, flow
from portal.cases.models import Case, CaseEvent, SubmissionKey
from portal.cases.permissions import (
    concerned,
    earlier_actors,
    is_own,
    is_party,
    knows_applicant,
    must_stand_aside,
    represents,
)
from portal.cases.refusals import AlreadyMoved, MustBeAnother, NotYourTurn, Recused
from portal.people.models import Person, User

SOURCE_KIND = "case"


def open_draft(flow_code: str, *, item: str, unit: Any, applicant: Person | None) -> Case:
    """Create a draft, which nobody but the applicant sees."""
    table = flow(flow_code)
    return Case.objects.create(
        flow=flow_code,
        item=item,
        state=table.initial,
        unit=unit,
        applicant=applicant,
        beneficiary=applicant,
    )


def locked(case_id: uuid.UUID) -> Case:
    """Return a case whose row stays locked to the end of the transaction.

    Raises:
        Case.DoesNotExist: there is none.
    """
    return Case.objects.select_for_update().get(pk=case_id)


def _acting_party(
    case: Case, transition: Transition, user: User | None, *, by_receipt: bool = False
) -> str:
    """Return the code of the party as which the account may take the step.

    Args:
        by_receipt: nobody known acts, as the applicant of a case that has none.

    Raises:
        NotYourTurn: it is none of the parties of the row.
        Recused: the case concerns the person or a relative.
        MustBeAnother: the person did an earlier step that must be another's.
    """
    for code in transition.parties:
        party = case.table.party(code)
        if by_receipt:
            if party.kind is PartyKind.APPLICANT and not concerned(case):
                return code
            continue
        if party.kind is PartyKind.SYSTEM:
            if user is None:
                return code
            continue
        if user is None or not is_party(user, case, party):
            continue
        if party.kind is PartyKind.ROLE:
            if must_stand_aside(user, case):
                raise Recused(
                    _("This case concerns you or a relative. A colleague has to take it.")
                )
            if user.pk in earlier_actors(case, transition):
                raise MustBeAnother(
                    _("You did an earlier step of this case. A colleague has to do this one.")
                )
        return code
    raise NotYourTurn(_("Only those in charge of this step may do this."))


def _refuse_moved(case: Case, transition: Transition, user: User | None, seen: int | None) -> None:
    """Refuse a step from a state in which the case no longer is.

    Raises:
        AlreadyMoved: with what happened, when; an applicant learns no name of the office.
    """
    moved = seen is not None and history.moved_since(case, seen)
    if case.state in transition.sources and not moved:
        return
    own = user is not None and (is_own(user, case) or not knows_applicant(user, case))
    raise AlreadyMoved(history.last_words(case, own=own))


def check(
    case: Case,
    code: str,
    user: User | None,
    values: Mapping[str, Any] | None = None,
    *,
    by_receipt: bool = False,
) -> Context:
    """Return the context of a step that is allowed now, guards included.

    Args:
        values: what was typed; None before anybody typed, when conditions on it are not asked.
        by_receipt: the applicant of a case without one acts, proven by a receipt; the time of the
            step is the beginning of its day.

    Raises:
        UnknownTransition: the flow has no such step.
        Refusal: with the reason and the remedy.
    """
    transition = case.table.transition(code)
    _refuse_moved(case, transition, user, None)
    now = _day_of(timezone.now()) if by_receipt else timezone.now()
    context = Context(
        case=case,
        subject=case.subject,
        transition=transition,
        user=user,
        party=_acting_party(case, transition, user, by_receipt=by_receipt),
        values=values or {},
        now=now,
        today=timezone.localdate(now),
    )
    for guard in reminders.guards_of(case.table, transition):
        if values is not None or not guard.of_values:
            guard.check(context)
    return context


def _day_of(moment: datetime.datetime) -> datetime.datetime:
    """Return the beginning of a moment's day."""
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def was_sent(case_id: uuid.UUID, key: uuid.UUID, *codes: str, user: User) -> bool:
    """Whether the account sent a form with this key that made an event of one of the steps."""
    rows = SubmissionKey.objects.filter(key=key, case=case_id, user=user)
    return rows.filter(event__transition__in=codes).exists()


def sent_event(
    case_id: uuid.UUID, key: uuid.UUID | None, code: str, user: User | None
) -> CaseEvent | None:
    """Return the event a form with this key made before; None when it was not sent yet.

    Raises:
        AlreadyMoved: the key was used for another case, step or account.
    """
    row = SubmissionKey.objects.filter(key=key).select_related("event").first() if key else None
    if row is None:
        return None
    same_user = row.user_id == (user.pk if user is not None else None)
    if row.case_id != case_id or row.event.transition != code or not same_user:
        raise AlreadyMoved(
            _("This page is too old. Please look at it once more and send it again.")
        )
    return row.event


def remember(key: uuid.UUID | None, event: CaseEvent) -> CaseEvent:
    """Keep the key of a form with the event it made; return the event."""
    if key is not None:
        SubmissionKey.objects.create(
            key=key, case_id=event.case_id, event=event, user_id=event.actor_id
        )
    return event


@transaction.atomic
def apply(
    case_id: uuid.UUID,
    code: str,
    user: User | None,
    values: Mapping[str, Any] | None = None,
    *,
    seen: int | None = None,
    key: uuid.UUID | None = None,
    by_receipt: bool = False,
) -> CaseEvent:
    """Take one step of a flow: lock, read again, guard, move, write the event, tell people.

    Args:
        user: who acts; None for the portal itself.
        values: cleaned fields of the step's form; `reason` and `note` go into the event.
        seen: number of the last event the person saw; another number refuses the step.
        key: of the form that was sent; sent again it returns the event of the first time.
        by_receipt: nobody known acts as the applicant of a case without one; the caller has
            verified the receipt. The event has no account and the day as its time.

    Raises:
        Case.DoesNotExist: there is no such case.
        UnknownTransition: the flow has no such step.
        Refusal: with the reason and the remedy; nothing was written.
    """
    case = locked(case_id)
    if (sent := sent_event(case.pk, key, code, user)) is not None:
        return sent
    transition = case.table.transition(code)
    _refuse_moved(case, transition, user, seen)
    context = check(case, code, user, values or {}, by_receipt=by_receipt)
    before = case.state
    target = transition.target if transition.target != PREVIOUS else case.previous_state
    for effect in transition.effects:
        effect.run(context)
    _move(case, target, context.now)
    deadlines.turn_clocks(context)
    deadlines.set_due(case)
    if case.due_on is not None:
        # As it was told; pauses and the calendar move the last day later.
        context.remembered["due_on"] = case.due_on.isoformat()
    event = _write(case, transition.code, before, context)
    remember(key, event)
    messages.tell(context, event)
    if case.standing.final:
        from portal.cases.archive_source import freeze

        # The record of the closed file is written right before the commit, or nothing is.
        freeze(case)
        queue.enqueue(SOURCE_KIND, str(case.pk))
    return event


def _move(case: Case, target: str, now: datetime.datetime) -> None:
    source = case.standing
    if target != case.state:
        case.previous_state = case.state
    case.state = target
    if case.standing.party != source.party:
        case.handler = None
    if not case.standing.final:
        # What is taken up again after its end is open again.
        case.closed_at = None
    elif case.closed_at is None:
        case.closed_at = now
    if case.submitted_at is None:
        case.submitted_at = now


def _write(case: Case, code: str, before: str, context: Context) -> CaseEvent:
    case.sequence += 1
    case.save()
    return CaseEvent.objects.create(
        case=case,
        sequence=case.sequence,
        transition=code,
        from_state=before,
        to_state=case.state,
        party=context.party,
        actor=context.user,
        at=context.now,
        note_public=str(context.values.get("reason", "")),
        note_internal=str(context.values.get("note", "")),
        data=context.remembered,
    )


@transaction.atomic
def delete_draft(case: Case, user: User) -> None:
    """Delete what was never handed in, with its files.

    Raises:
        AlreadyMoved: it was handed in or deleted meanwhile.
        NotYourTurn: it is not the account's draft.
    """
    from portal.cases.drafts import remove

    try:
        case = locked(case.pk)
    except Case.DoesNotExist as error:
        raise AlreadyMoved(_("The draft was deleted already.")) from error
    if not (case.applicant_id == user.person_id or represents(user, case)):
        raise NotYourTurn(_("Only your own draft can be deleted."))
    if not case.is_draft:
        raise AlreadyMoved(_("It was handed in meanwhile. You can still withdraw it."))
    remove(case)
