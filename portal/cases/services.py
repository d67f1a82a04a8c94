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
from portal.cases import deadlines, messages, reminders
from portal.cases.flow import PREVIOUS, Context, Flow, PartyKind, Transition, flow
from portal.cases.models import Case, CaseEvent, Recusal, SubmissionKey
from portal.cases.permissions import (
    earlier_actors,
    is_party,
    must_stand_aside,
    represents,
)
from portal.cases.refusals import AlreadyMoved, MustBeAnother, NotYourTurn, Recused
from portal.people.models import Person, User

SOURCE_KIND = "case"
ASSIGN, RECUSE, EXTEND = "assign", "recuse", "extend"


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


def _acting_party(case: Case, transition: Transition, user: User | None) -> str:
    """Return the code of the party as which the account may take the step.

    Raises:
        NotYourTurn: it is none of the parties of the row.
        Recused: the case concerns the person or a relative.
        MustBeAnother: the person did an earlier step that must be another's.
    """
    for code in transition.parties:
        party = case.table.party(code)
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


def _refuse_moved(case: Case, transition: Transition, seen: int | None) -> None:
    """Refuse a step from a state in which the case no longer is.

    Raises:
        AlreadyMoved: with who did what, when.
    """
    moved = seen is not None and seen != case.sequence
    if case.state in transition.sources and not moved:
        return
    last = case.events.select_related("actor").order_by("-sequence").first()
    if last is None:
        raise AlreadyMoved(_("This case was not handed in yet."))
    raise AlreadyMoved(
        _("%(who)s did “%(step)s” at %(when)s. The case now stands at “%(state)s”.")
        % {
            "who": last.actor or _("The portal"),
            "step": step_name(case.table, last.transition),
            "when": timezone.localtime(last.at).strftime("%H:%M"),
            "state": case.standing.name,
        }
    )


def step_name(table: Flow, code: str) -> str:
    """Return the name of a step, those beside the table included."""
    beside = {
        ASSIGN: _("Hand over"),
        RECUSE: _("Stand aside"),
        EXTEND: _("Extend the time limit"),
    }
    return str(beside[code] if code in beside else table.transition(code).name)


def check(
    case: Case, code: str, user: User | None, values: Mapping[str, Any] | None = None
) -> Context:
    """Return the context of a step that is allowed now, guards included.

    Args:
        values: what was typed; None before anybody typed, when conditions on it are not asked.

    Raises:
        UnknownTransition: the flow has no such step.
        Refusal: with the reason and the remedy.
    """
    transition = case.table.transition(code)
    _refuse_moved(case, transition, None)
    now = timezone.now()
    context = Context(
        case=case,
        subject=case.subject,
        transition=transition,
        user=user,
        party=_acting_party(case, transition, user),
        values=values or {},
        now=now,
        today=timezone.localdate(now),
    )
    for guard in reminders.guards_of(case.table, transition):
        if values is not None or not guard.of_values:
            guard.check(context)
    return context


def was_sent(case_id: uuid.UUID, key: uuid.UUID) -> bool:
    """Whether a form with this key made its event already."""
    return SubmissionKey.objects.filter(key=key, case_id=case_id).exists()


@transaction.atomic
def apply(
    case_id: uuid.UUID,
    code: str,
    user: User | None,
    values: Mapping[str, Any] | None = None,
    *,
    seen: int | None = None,
    key: uuid.UUID | None = None,
) -> CaseEvent:
    """Take one step of a flow: lock, read again, guard, move, write the event, tell people.

    Args:
        user: who acts; None for the portal itself.
        values: cleaned fields of the step's form; `reason` and `note` go into the event.
        seen: number of the last event the person saw; another number refuses the step.
        key: of the form that was sent; sent again it returns the event of the first time.

    Raises:
        Case.DoesNotExist: there is no such case.
        UnknownTransition: the flow has no such step.
        Refusal: with the reason and the remedy; nothing was written.
    """
    case = locked(case_id)
    if key is not None and (sent := SubmissionKey.objects.filter(key=key, case=case).first()):
        return sent.event
    transition = case.table.transition(code)
    _refuse_moved(case, transition, seen)
    context = check(case, code, user, values or {})
    before = case.state
    target = transition.target if transition.target != PREVIOUS else case.previous_state
    for effect in transition.effects:
        effect.run(context)
    _move(case, target, context.now)
    deadlines.turn_clocks(context)
    deadlines.set_due(case)
    event = _write(case, transition.code, before, context)
    if key is not None:
        SubmissionKey.objects.create(key=key, case=case, event=event, user=user)
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
    if case.standing.final and case.closed_at is None:
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


def _beside(case: Case, code: str, user: User, **values: Any) -> CaseEvent:
    """Write an event of a step that does not move the case."""
    case.sequence += 1
    case.save()
    return CaseEvent.objects.create(
        case=case,
        sequence=case.sequence,
        transition=code,
        from_state=case.state,
        to_state=case.state,
        party=case.standing.party,
        actor=user,
        at=timezone.now(),
        **values,
    )


def _refuse_stranger(case: Case, user: User) -> None:
    party = case.standing.party
    if not party or not is_party(user, case, case.table.party(party)):
        raise NotYourTurn(_("Only those whose turn it is may do this."))
    if must_stand_aside(user, case):
        raise Recused(_("This case concerns you or a relative. A colleague has to take it."))


@transaction.atomic
def assign(case_id: uuid.UUID, user: User, handler: User, note: str = "") -> CaseEvent:
    """Give a case to a handler: take it oneself, or hand it over to a colleague.

    Raises:
        NotYourTurn: the account, or the one who shall have it, is not the party in turn.
        Recused: the case concerns one of them or a relative.
        AlreadyMoved: a colleague has taken it meanwhile.
    """
    case = locked(case_id)
    _refuse_stranger(case, user)
    _refuse_stranger(case, handler)
    if case.handler is not None and user not in (case.handler, handler):
        raise AlreadyMoved(_("%(who)s works on this case.") % {"who": case.handler})
    if case.handler is not None and handler == user and case.handler != user:
        raise AlreadyMoved(_("%(who)s works on this case.") % {"who": case.handler})
    case.handler = handler
    return _beside(case, ASSIGN, user, note_internal=note, data={"handler": handler.pk})


@transaction.atomic
def recuse(case_id: uuid.UUID, user: User, reason: str) -> CaseEvent:
    """Stand aside in a case; somebody else of the party has to take it.

    Raises:
        NotYourTurn: the account is no party of the case.
    """
    case = locked(case_id)
    if not any(
        is_party(user, case, party) for party in case.table.parties if party.kind is PartyKind.ROLE
    ):
        raise NotYourTurn(_("You are not in charge of this case."))
    Recusal.objects.get_or_create(
        case=case, user=user, defaults={"reason": reason, "declared_at": timezone.now()}
    )
    if case.handler_id == user.pk:
        case.handler = None
    return _beside(case, RECUSE, user, note_internal=reason)


@transaction.atomic
def extend(case_id: uuid.UUID, user: User, reason: str) -> CaseEvent:
    """Extend the running time limit once, with a reason the applicant is told.

    Source: Administrative Licensing Law, article 42.

    Raises:
        NotYourTurn: it is not the account's turn.
        ConditionNotMet: the limit cannot be extended, or was extended already.
    """
    from portal.cases.refusals import ConditionNotMet

    case = locked(case_id)
    _refuse_stranger(case, user)
    code = case.standing.clock
    row = case.table.clock(code) if code else None
    clock = deadlines.running(case, code) if code else None
    if row is None or clock is None or not row.extension:
        raise ConditionNotMet(_("The time limit of this step cannot be extended."))
    if clock.extension_days:
        raise ConditionNotMet(_("The time limit was extended once already."))
    deadlines.extend(clock, row.extension, reason, user)
    deadlines.set_due(case)
    event = _beside(case, EXTEND, user, note_public=reason, data={"days": row.extension})
    messages.tell_extension(case, event)
    return event


def delete_draft(case: Case, user: User) -> None:
    """Delete what was never handed in, with its files.

    Raises:
        NotYourTurn: it is not the account's draft.
    """
    from portal.cases.drafts import remove

    own = case.applicant_id == user.person_id or represents(user, case)
    if not case.is_draft or not own:
        raise NotYourTurn(_("Only your own draft can be deleted."))
    remove(case)


@transaction.atomic
def new_tracking_code_of(case_id: uuid.UUID) -> str:
    """Give a case another tracking code; the former one opens nothing from then on."""
    from portal.cases.tracking import issue_code

    case = locked(case_id)
    code = issue_code(case)
    case.save(update_fields=["tracking_digest"])
    return code
