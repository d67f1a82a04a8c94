"""What an account may do with a case now: the buttons, from the table and `services.check`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.cases import deadlines, services
from portal.cases.flow import PartyKind, Transition
from portal.cases.models import Case, Supervision, SupervisionLevel
from portal.cases.permissions import is_party, must_stand_aside
from portal.cases.refusals import NotYourTurn
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
        beside: take, hand_over, stand_aside and extend, those that are possible.
        orders: supervision orders the account has to answer.
    """

    steps: list[Offered] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    orders: list[Supervision] = field(default_factory=list)


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
    if mine and not aside and not case.standing.final:
        actions.beside.add("stand_aside")
    if case.standing.party in mine and not aside:
        if case.handler_id is None:
            actions.beside.add("take")
        if case.handler_id in (None, user.pk):
            actions.beside.add("hand_over")
        if may_extend(case):
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
    code = case.standing.clock
    if not code or not case.table.clock(code).extension:
        return False
    clock = deadlines.running(case, code)
    return clock is not None and not clock.extension_days


def colleagues(case: Case, user: User) -> list[User]:
    """Return who else may work on a case in the state it stands in."""
    return [
        member
        for member in party_members(case)
        if member != user and not must_stand_aside(member, case)
    ]
