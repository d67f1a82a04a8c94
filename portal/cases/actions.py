"""What an account may do with a case now: the buttons, from the table and `services.check`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.cases import services
from portal.cases.beside import extensible
from portal.cases.flow import PartyKind, Transition
from portal.cases.models import Case, ExtensionRequest, Supervision, SupervisionLevel
from portal.cases.permissions import (
    handler_of,
    is_leader,
    is_party,
    knows_applicant,
    must_stand_aside,
)
from portal.cases.refusals import ConditionNotMet, NotYourTurn
from portal.cases.supervision import party_members
from portal.people.models import User
from portal.refusals import Refusal

# What leads on stands first, what ends it last.
_TONES = ("primary", "quiet", "danger")


@dataclass(frozen=True)
class Offered:
    """One step that is possible now."""

    transition: Transition
    party: str


@dataclass(frozen=True)
class Blocked:
    """One step of the account that is not possible now, and why."""

    transition: Transition
    reason: Any


@dataclass
class Actions:
    """Everything an account may do.

    Attributes:
        beside: take, hand_over, stand_aside, extend and decide_extension, those that are possible.
        extension: more time somebody asked for, on which nobody decided yet.
        orders: supervision orders the account has to answer.
    """

    steps: list[Offered] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    orders: list[Supervision] = field(default_factory=list)
    extension: ExtensionRequest | None = None


def party_of(case: Case, transition: Transition, user: User) -> str:
    """Return the code of the first party of a row that the account is; empty for none."""
    for code in transition.parties:
        if is_party(user, case, case.table.party(code)):
            return code
    return ""


def steps_for(case: Case, user: User, kind: PartyKind) -> Actions:
    """Return the steps of the table for an account as applicant or as staff."""
    actions = Actions()
    for transition in case.table.leading_from(case.state):
        parties = [case.table.party(code) for code in transition.parties]
        if not any(party.kind is kind and is_party(user, case, party) for party in parties):
            continue
        try:
            context = services.check(case, transition.code, user)
        except NotYourTurn:
            continue
        except Refusal as refusal:
            actions.blocked.append(Blocked(transition, refusal.message))
        else:
            actions.steps.append(Offered(transition, context.party))
    return actions


def office_actions(case: Case, user: User) -> Actions:
    """Return everything a member of the office may do with a case now."""
    actions = steps_for(case, user, PartyKind.ROLE)
    actions.steps.sort(key=lambda offered: _TONES.index(offered.transition.tone))
    roles = [party for party in case.table.parties if party.kind is PartyKind.ROLE]
    mine = {party.code for party in roles if is_party(user, case, party)}
    aside = must_stand_aside(user, case)
    actions.extension = open_extension(case)
    if is_leader(user, case) and not aside and case.standing.party:
        if case.table.party(case.standing.party).kind is PartyKind.ROLE:
            actions.beside.add("hand_over")
        if actions.extension is not None and actions.extension.asked_by_id != user.pk:
            actions.beside.add("decide_extension")
    if mine and not aside and not case.standing.final:
        actions.beside.add("stand_aside")
    if case.standing.party in mine and not aside:
        handler = handler_of(case)
        if handler is None:
            actions.beside.add("take")
        # Of a hidden name, whoever is missing among the colleagues would be the one.
        hidden = case.applicant_id is not None and not knows_applicant(user, case)
        if handler in (None, user) and not hidden:
            actions.beside.add("hand_over")
        if actions.extension is None and may_extend(case):
            actions.beside.add("extend")
    orders = Supervision.objects.filter(
        clock__case=case, level=SupervisionLevel.ORDERED, answered_at=None
    )
    actions.orders = [
        order
        for order in orders.select_related("clock")
        if user in party_members(case, lead=True, clock=order.clock.code)
    ]
    return actions


def may_extend(case: Case) -> bool:
    """Whether the limit that runs may be extended and was not extended yet."""
    try:
        extensible(case)
    except ConditionNotMet:
        return False
    return True


def open_extension(case: Case) -> ExtensionRequest | None:
    """Return what somebody asked for more time and nobody decided, while the limit runs."""
    asked = ExtensionRequest.objects.filter(
        clock__case=case, clock__code=case.standing.clock, clock__ended_on=None, decided_at=None
    )
    return asked.select_related("asked_by__person").first()


def colleagues(case: Case, user: User) -> list[User]:
    """Return who else may work on a case in the state it stands in."""
    return [
        member
        for member in party_members(case)
        if member != user and not must_stand_aside(member, case)
    ]
