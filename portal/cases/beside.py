"""What is done beside the flow: take, hand over, stand aside, extend, a new tracking code.

Each is one transaction with the case locked; it writes an event that moves nothing.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import deadlines, history, messages
from portal.cases.flow import PartyKind
from portal.cases.models import Case, CaseClock, CaseEvent, ExtensionRequest, Recusal
from portal.cases.permissions import (
    applicant_party,
    handler_of,
    is_leader,
    is_party,
    must_stand_aside,
)
from portal.cases.refusals import (
    AlreadyMoved,
    ConditionNotMet,
    MustBeAnother,
    NotYourTurn,
    Recused,
)
from portal.cases.services import locked, remember, sent_event
from portal.people.models import User


def _refuse_recused(case: Case, user: User) -> None:
    if must_stand_aside(user, case):
        raise Recused(_("This case concerns you or a relative. A colleague has to take it."))


def _refuse_stranger(case: Case, user: User) -> None:
    party = case.standing.party
    if not party or not is_party(user, case, case.table.party(party)):
        raise NotYourTurn(_("Only those whose turn it is may do this."))
    _refuse_recused(case, user)


@transaction.atomic
def assign(
    case_id: uuid.UUID,
    user: User,
    handler: User,
    note: str = "",
    *,
    key: uuid.UUID | None = None,
) -> CaseEvent:
    """Give a case to a handler: take it oneself, hand it over, or, as a leader, reassign it.

    Raises:
        NotYourTurn: the account, or the one who shall have it, is not the party in turn.
        Recused: the case concerns one of them or a relative.
        AlreadyMoved: a colleague has taken it meanwhile.
    """
    case = locked(case_id)
    if (sent := sent_event(case.pk, key, history.ASSIGN, user)) is not None:
        return sent
    leads = is_leader(user, case) and user != handler
    if leads:
        _refuse_recused(case, user)
    else:
        _refuse_stranger(case, user)
    _refuse_stranger(case, handler)
    present = handler_of(case)
    if present is not None and present != user and not leads:
        raise AlreadyMoved(_("%(who)s works on this case.") % {"who": present})
    case.handler = handler
    event = history.write_beside(
        case, history.ASSIGN, user, note_internal=note, data={"handler": handler.pk}
    )
    return remember(key, event)


@transaction.atomic
def recuse(
    case_id: uuid.UUID, user: User, reason: str, *, key: uuid.UUID | None = None
) -> CaseEvent:
    """Stand aside in a case; somebody else of the party has to take it.

    Raises:
        NotYourTurn: the account is no party of the case.
    """
    case = locked(case_id)
    if (sent := sent_event(case.pk, key, history.RECUSE, user)) is not None:
        return sent
    if not any(
        is_party(user, case, party) for party in case.table.parties if party.kind is PartyKind.ROLE
    ):
        raise NotYourTurn(_("You are not in charge of this case."))
    Recusal.objects.get_or_create(
        case=case, user=user, defaults={"reason": reason, "declared_at": timezone.now()}
    )
    if case.handler_id == user.pk:
        case.handler = None
    return remember(key, history.write_beside(case, history.RECUSE, user, note_internal=reason))


# ---- more time


def extensible(case: Case) -> CaseClock:
    """Return the clock of the case that may be extended now.

    Raises:
        ConditionNotMet: the limit cannot be extended, is over, or was extended already.
    """
    code = case.standing.clock
    clock = deadlines.running(case, code) if code else None
    if clock is None or clock.due_on is None or not case.table.clock(code).extension:
        raise ConditionNotMet(_("The time limit of this step cannot be extended."))
    if clock.extension_days:
        raise ConditionNotMet(_("The time limit was extended once already."))
    if clock.due_on < timezone.localdate():
        raise ConditionNotMet(_("The time limit is over already."))
    return clock


@transaction.atomic
def ask_extension(
    case_id: uuid.UUID, user: User, reason: str, *, key: uuid.UUID | None = None
) -> CaseEvent:
    """Ask a leader for more time, with the reason the applicant will read.

    Source: Administrative Licensing Law, article 42: extended once, with approval.

    Raises:
        NotYourTurn: it is not the account's turn.
        ConditionNotMet: the limit cannot be extended, or somebody asked already.
    """
    case = locked(case_id)
    if (sent := sent_event(case.pk, key, history.ASK_EXTENSION, user)) is not None:
        return sent
    _refuse_stranger(case, user)
    clock = extensible(case)
    if clock.extension_requests.filter(decided_at=None).exists():
        raise ConditionNotMet(_("More time was asked for already. A leader decides on it."))
    ExtensionRequest.objects.create(
        clock=clock, reason=reason, asked_by=user, asked_at=timezone.now()
    )
    event = history.write_beside(case, history.ASK_EXTENSION, user, note_internal=reason)
    messages.ask_for_extension(case, event)
    return remember(key, event)


def require_decider(case: Case, request: ExtensionRequest, user: User) -> None:
    """Refuse whoever may not decide on more time.

    Raises:
        NotYourTurn: the account does not lead the flow.
        Recused: the case concerns the account or a relative.
        MustBeAnother: it asked itself.
        AlreadyMoved: it was decided before.
    """
    if not is_leader(user, case):
        raise NotYourTurn(_("A leader decides on more time."))
    _refuse_recused(case, user)
    if request.asked_by_id == user.pk:
        raise MustBeAnother(_("You asked for more time yourself. Another leader decides on it."))
    if request.decided_at is not None:
        raise AlreadyMoved(_("%(who)s decided on it already.") % {"who": request.decided_by})


@transaction.atomic
def decide_extension(
    request_id: int, user: User, *, granted: bool, answer: str = "", key: uuid.UUID | None = None
) -> CaseEvent:
    """Grant or refuse more time; granted, the applicant reads the reason and the new last day.

    Raises:
        Refusal: the account may not decide, or the time limit cannot be extended any more.
    """
    known = ExtensionRequest.objects.select_related("clock").get(pk=request_id)
    case = locked(known.clock.case_id)
    code = history.EXTEND if granted else history.REFUSE_EXTENSION
    if (sent := sent_event(case.pk, key, code, user)) is not None:
        return sent
    request = ExtensionRequest.objects.select_related("decided_by").get(pk=request_id)
    require_decider(case, request, user)
    request.decided_by, request.decided_at = user, timezone.now()
    request.granted, request.answer = granted, answer
    request.save(update_fields=["decided_by", "decided_at", "granted", "answer"])
    if granted:
        clock = extensible(case)
        if clock.pk != request.clock_id:
            raise ConditionNotMet(_("The time limit it was asked for has ended."))
        days = int(case.table.clock(clock.code).extension)
        deadlines.extend(clock, days, request.reason, user)
        deadlines.set_due(case)
        event = history.write_beside(
            case, code, user, note_public=request.reason, note_internal=answer, data={"days": days}
        )
        messages.tell_extension(case, event)
    else:
        event = history.write_beside(case, code, user, note_internal=answer)
    messages.tell_decision(case, request, event)
    return remember(key, event)


# ---- the applicant's own


@transaction.atomic
def new_tracking_code_of(case_id: uuid.UUID, user: User) -> str:
    """Give a case another tracking code; the former one opens nothing from then on.

    The applicant and whoever acts for him are told, since one of them may not know of it.
    """
    from portal.cases.tracking import issue_code

    case = locked(case_id)
    code = issue_code(case)
    party = applicant_party(case)
    event = history.write_beside(case, history.NEW_CODE, user, party)
    messages.tell_new_code(case, event)
    return code
