"""Every state, every step, every role and bystander of every flow, generated from its table.

What the table says is worked out here from its rows alone; it is compared with what
`services.check` says and with the buttons and pages the person gets. Conditions (guards) are
left out, so that the table alone decides; they have tests of their own.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from portal.cases import services
from portal.cases.flow import Flow, PartyKind, Transition, flows
from portal.cases.models import Case, CaseEvent, Kinship
from portal.cases.permissions import concerned
from portal.cases.refusals import AlreadyMoved, MustBeAnother, NotYourTurn, Recused
from portal.people.models import User
from portal.refusals import Refusal
from portal.roles.table import ROLES
from tests.factories.appeals import make_appealed
from tests.factories.cases import MATTER, Matter, registered
from tests.factories.complaints import make_complained
from tests.factories.honor_rounds import make_judged
from tests.factories.opinions import make_handled, make_integrity_report
from tests.factories.people import make_user
from tests.factories.proposals import make_proposed
from tests.factories.roles import make_assignment
from tests.factories.suggestions import make_suggested
from tests.factories.support import make_journey

pytestmark = [pytest.mark.django_db]

# How a case of each flow is brought into a state. A flow without a row fails the first test.
WORLDS: dict[str, Callable[[], Any]] = {
    MATTER.code: Matter,
    "veterans-support": make_journey,
    "veterans-appeal": make_appealed,
    "veterans-complaint": make_complained,
    "union-proposal": make_proposed,
    "union-suggestion": make_suggested,
    "union-opinion": make_handled,
    "union-opinion-integrity": make_integrity_report,
    "honor-round": make_judged,
}
FLOWS = {flow.code: flow for flow in (*flows(), MATTER)}
CASES = [
    (flow.code, state.code)
    for flow in FLOWS.values()
    for state in flow.states
    if flow.code in WORLDS
]

# What one rule refuses for everybody is tried by every fourth, another fourth in the next state.
SHARE = 4


@dataclasses.dataclass
class Actor:
    """Somebody, with what the table has to know of them."""

    name: str
    user: Any
    roles: frozenset[str] = frozenset()
    is_applicant: bool = False
    is_kin: bool = False
    done: frozenset[str] = frozenset()


def staff_roles(flow: Flow) -> set[str]:
    return {code for party in flow.parties for code in party.roles}


def said_by_the_table(
    flow: Flow, case: Case, row: Transition, actor: Actor
) -> type[Refusal] | None:
    """Return which refusal the rows of the table ask for; None where the step is allowed."""
    if case.state not in row.sources:
        return AlreadyMoved
    for code in row.parties:
        party = flow.party(code)
        if party.kind is PartyKind.SYSTEM:
            if actor.user is None:
                return None
        elif party.kind is PartyKind.APPLICANT:
            if actor.is_applicant:
                return None
        elif actor.roles & set(party.roles) and (case.lead_unit_id or not party.of_lead_unit):
            if actor.is_kin or actor.is_applicant:
                return Recused
            return MustBeAnother if actor.done & set(row.distinct_from) else None
    return NotYourTurn


def said_by_the_machine(case: Case, row: Transition, user: Any) -> type[Refusal] | None:
    try:
        services.check(case, row.code, user)
    except Refusal as refusal:
        return type(refusal)
    return None


def actors(flow: Flow, case: Case, applicant: User) -> Iterator[Actor]:
    """Yield one account for every role, and everybody else who could come along."""
    yield Actor("the portal", None)
    yield Actor("anonymous", AnonymousUser())
    # Who is nominated in a round is no applicant, and reads nothing of it.
    applied = applicant.person_id in concerned(case)
    yield Actor("applicant", applicant, frozenset({"employee"}), is_applicant=applied)
    yield Actor("stranger", make_user())
    yield Actor("superuser", make_user(is_superuser=True))
    for code in ROLES:
        yield Actor(code, make_user(code), frozenset({code}))
    every = frozenset(staff_roles(flow))
    relative = make_user(*sorted(every))
    Kinship.objects.create(
        person_id=relative.person_id or 0, relative_id=applicant.person_id or 0, kind="sibling"
    )
    yield Actor("relative with every role", relative, every, is_kin=True)
    for pk in {event.actor_id for event in CaseEvent.objects.filter(case=case)}:
        if pk is None or pk == applicant.pk:
            continue
        user = User.objects.get(pk=pk)
        assert user.person is not None
        held = {row.role_code for row in user.person.roles.all()}
        for code in sorted(every - held):
            make_assignment(user.person, code)
        done = CaseEvent.objects.filter(case=case, actor=user).values_list("transition", flat=True)
        fresh = User.objects.get(pk=pk)
        yield Actor(f"earlier actor {pk}", fresh, every, done=frozenset(done))


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[tuple[Flow, Case, list[Actor]]]:
    """Bring a case into a state, then leave the table without its conditions in force."""
    flow_code, state = request.param
    flow = FLOWS[flow_code]
    made = WORLDS[flow_code]()
    case: Case = made.to(state)
    bare = dataclasses.replace(
        flow,
        transitions=tuple(dataclasses.replace(row, guards=()) for row in flow.transitions),
        clocks=tuple(dataclasses.replace(row, lapses=False) for row in flow.clocks),
    )
    with registered(bare):
        yield bare, case, list(actors(flow, case, made.applicant))


def test_every_flow_is_tried() -> None:
    assert set(FLOWS) == set(WORLDS)


@pytest.mark.parametrize("world", CASES, indirect=True, ids=[f"{a}-{b}" for a, b in CASES])
def test_table_machine_and_pages_agree(world: tuple[Flow, Case, list[Actor]]) -> None:
    flow, case, everybody = world
    assert len(everybody) >= len(ROLES) + 6
    reading = flow.roles() if case.lead_unit_id else flow.unit_roles()
    turn = CASES.index((flow.code, case.state))
    for place, actor in enumerate(everybody):
        allowed = set()
        for row in flow.transitions:
            # A step from elsewhere is refused before anybody asks who it is.
            if case.state not in row.sources and (place + turn) % SHARE:
                continue
            expected = said_by_the_table(flow, case, row, actor)
            found = said_by_the_machine(case, row, actor.user)
            assert found is expected, (case.state, row.code, actor.name, found, expected)
            if expected is None:
                allowed.add(row.code)
        # Pages refuse all whose roles do not count by one rule; each state tries a few of them.
        counts = actor.name not in ROLES or bool(actor.roles & reading)
        if actor.user is not None and (counts or (place + turn) % SHARE == 0):
            _pages_agree(flow, case, actor, allowed)


def _pages_agree(flow: Flow, case: Case, actor: Actor, allowed: set[str]) -> None:
    client = Client()
    if not actor.user.is_authenticated:
        assert client.get(f"/cases/{case.pk}/").status_code == 302
        return
    client.force_login(actor.user)
    response = client.get(f"/cases/{case.pk}/")
    if case.is_draft:
        assert response.status_code == (302 if actor.is_applicant else 404), actor.name
        return
    counting = flow.roles() if case.lead_unit_id else flow.unit_roles()
    reads = actor.is_applicant or bool(actor.roles & counting)
    aside = reads and actor.is_kin
    expected = 403 if aside else 200 if reads else 404
    assert response.status_code == expected, (case.state, actor.name)
    shown = set(re.findall(rf"/cases/{case.pk}/steps/([a-z_]+)/", response.content.decode()))
    assert shown == allowed, (case.state, actor.name)
    # Whoever reads nothing is refused by one rule for all steps, so one step is enough.
    for row in _tried(flow, case, allowed)[: None if reads else 1]:
        status = client.get(f"/cases/{case.pk}/steps/{row.code}/").status_code
        if aside:
            assert status == 403, (case.state, row.code, actor.name)
        elif not reads:
            assert status == 404, (case.state, row.code, actor.name)
        elif row.code in allowed:
            assert status == 200, (case.state, row.code, actor.name)
        else:
            assert status in (403, 409), (case.state, row.code, actor.name)


def _tried(flow: Flow, case: Case, allowed: set[str]) -> list[Transition]:
    """Return what is allowed, what starts from here for others, and one from elsewhere."""
    here = [row for row in flow.transitions if case.state in row.sources]
    elsewhere = [row for row in flow.transitions if case.state not in row.sources]
    return [*here, *elsewhere[:1]]
