"""Who may see a case and what who may do with it. Each rule takes a user and, mostly, a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from portal.cases.flow import Flow, Party, PartyKind, Transition, flows
from portal.cases.kin import is_too_close
from portal.cases.models import Case, CaseEvent, Recusal
from portal.organizations.models import Unit
from portal.people.models import User
from portal.personal_data.retention import is_frozen
from portal.roles.models import RoleAssignment
from portal.roles.permissions import Account, assignments
from portal.roles.table import Scope

# Everything attached to a case elsewhere has the owner key (OWNER_KIND, its key).
OWNER_KIND = "case"


def units_of(user: Account, roles: tuple[str, ...]) -> list[Unit] | None:
    """Return the units in which one of the roles counts; None means all of them."""
    held = [row for row in assignments(user) if row.role_code in roles]
    if any(row.role.scope is Scope.ALL for row in held):
        return None
    return [row.unit for row in held]


def _covers(user: Account, roles: Iterable[str], unit: Unit | None) -> bool:
    if unit is None:
        return False
    return any(row.role_code in roles and row.covers(unit) for row in assignments(user))


def is_party(user: Account, case: Case, party: Party) -> bool:
    """Whether the account is this party of the case, four eyes and kinship left aside."""
    if party.kind is PartyKind.SYSTEM:
        return False
    person_id = getattr(user, "person_id", None)
    if person_id is None or not getattr(user, "is_active", False):
        return False
    if party.kind is PartyKind.APPLICANT:
        return person_id in concerned(case) or represents(user, case)
    return _covers(user, party.roles, case.lead_unit if party.of_lead_unit else case.unit)


def is_own(user: Account, case: Case) -> bool:
    """Whether the account is the one concerned or acts for it, and reads the case as applicant."""
    return getattr(user, "person_id", None) in concerned(case) or represents(user, case)


def is_leader(user: Account, case: Case) -> bool:
    """Whether the account leads the flow of the case in its unit."""
    return _covers(user, case.table.leaders, case.unit)


def holders(case: Case, roles: Iterable[str]) -> list[User]:
    """Return the open accounts that have one of the roles for the case today.

    A role of the asked unit counts there, any other in the unit of the case. Whom the flow keeps
    apart from the case is not told of it either.
    """
    rows = RoleAssignment.objects.filter(role_code__in=set(roles)).active_on()
    asked = case.table.lead_unit_roles()
    people = set()
    for row in rows.select_related("unit"):
        unit = case.lead_unit if row.role_code in asked else case.unit
        if unit is not None and row.covers(unit):
            people.add(row.person_id)
    return without_concerned(case, people)


def without_concerned(case: Case, people: Iterable[int]) -> list[User]:
    """Return the open accounts of people, without those the flow keeps apart from the case."""
    users = User.objects.filter(person__in=set(people), is_active=True)
    concerns = case.table.concerns
    if concerns is None:
        return list(users)
    with_units = users.select_related("person__unit")
    return [user for user in with_units if user.person and not concerns(case, user.person)]


def applicant_party(case: Case) -> str:
    """Return the code of the party of applicants."""
    parties = case.table.parties
    return next((row.code for row in parties if row.kind is PartyKind.APPLICANT), "")


def handler_of(case: Case) -> User | None:
    """Return who works on a case; None when the account was closed or lost its part in it."""
    handler, code = case.handler, case.standing.party
    if handler is None or not code or not is_party(handler, case, case.table.party(code)):
        return None
    return handler


def applicant_names(flow: Flow) -> dict[str, str]:
    """Return the names of the parties of applicants, by which people stay unnamed."""
    return {
        party.code: str(party.name) for party in flow.parties if party.kind is PartyKind.APPLICANT
    }


def parties_of(user: Account, case: Case) -> list[Party]:
    """Return the parties the account is in this case."""
    return [party for party in case.table.parties if is_party(user, case, party)]


def concerned(case: Case) -> set[int]:
    """Return the primary keys of the people the case is about."""
    return {pk for pk in (case.applicant_id, case.beneficiary_id) if pk is not None}


def represented_cases(person_id: int | None) -> Q:
    """Return the condition of cases in which a person may act for somebody else now."""
    condition = Q(pk__in=[])
    for one in own_conditions(person_id)[2:]:
        condition |= one
    return condition


def own_conditions(person_id: int | None) -> list[Q]:
    """Return the conditions of a person's own cases: as applicant, for whom, acted in for others.

    One a way, so that each can be looked up by its own index.
    """
    if person_id is None:
        return []
    # Not by the index of flows, which leads through every case of one: what somebody may act in
    # is few, and found by its key or by the person.
    acted_in = [
        Q(flow__iexact=flow.code) & flow.representatives.cases(person_id)
        for flow in flows()
        if flow.representatives is not None
    ]
    return [Q(applicant=person_id), Q(beneficiary=person_id), *acted_in]


def represents(user: Account, case: Case) -> bool:
    """Whether the account may act for the person the case is about, not being that person.

    Read once for each object: a step reads its case anew after it was locked.
    """
    person_id = getattr(user, "person_id", None)
    rule = case.table.representatives
    if rule is None or person_id is None or not getattr(user, "is_active", False):
        return False
    known: dict[int, bool] = case.__dict__.setdefault("_represented_by", {})
    if person_id not in known:
        known[person_id] = Case.objects.filter(rule.cases(person_id), pk=case.pk).exists()
    return known[person_id]


def must_stand_aside(user: Account, case: Case) -> bool:
    """Whether the case concerns the account's person, a relative or somebody it acts for.

    Whoever stood aside once does so for good.
    """
    person_id = getattr(user, "person_id", None)
    people = concerned(case)
    if person_id in people or represents(user, case):
        return True
    if Recusal.objects.filter(case=case, user_id=user.pk or 0).exists():
        return True
    person = getattr(user, "person", None)
    if person is None:
        return False
    if knows_applicant(user, case):
        return is_too_close(person, case, people)
    # Whoever must not learn who applied is not biased by it, and would learn it by standing
    # aside.
    concerns = case.table.concerns
    return concerns is not None and concerns(case, person)


def earlier_actors(case: Case, transition: Transition) -> set[int]:
    """Return the accounts that did a step which must be another human's than this one."""
    if not transition.distinct_from:
        return set()
    done = CaseEvent.objects.filter(case=case, transition__in=transition.distinct_from)
    return set(done.exclude(actor=None).values_list("actor_id", flat=True))


def is_reader(user: Account, case: Case) -> bool:
    """Whether the account reads the case without a part in it, as auditors do."""
    return _covers(user, case.table.readers, case.unit)


def may_read(user: Account, case: Case) -> bool:
    """Whether the account may read the case: its applicant, its parties, its readers.

    Whoever has to stand aside reads nothing of it: no note, no file, no letter. Nobody reads a case
    whose data is frozen.
    """
    if not belongs_to(user, case) or is_frozen(OWNER_KIND, str(case.pk)):
        return False
    return is_own(user, case) or not must_stand_aside(user, case)


def belongs_to(user: Account, case: Case) -> bool:
    """Whether the case is on the lists of the account, those it has to leave to others included."""
    if parties_of(user, case):
        own = getattr(user, "person_id", None) in concerned(case)
        return not case.is_draft or own or represents(user, case)
    return not case.is_draft and is_reader(user, case)


def reads_cases(user: Account) -> bool:
    """Whether the account reads cases of others in any flow, so that the desk concerns it."""
    return any(units_of(user, tuple(flow.roles())) != [] for flow in flows())


def units_condition(units: list[Unit] | None) -> Q | None:
    """Return the condition on cases for units and all below; None when there is no unit."""
    if units is None:
        return Q()
    if not units:
        return None
    below = Q()
    for unit in units:
        below |= Q(path__startswith=unit.path)
    # Told once for all cases, which a join would ask for each of them.
    return Q(unit__in=Unit.objects.filter(below).values("pk"))


def asked_condition(units: list[Unit] | None) -> Q | None:
    """Return the condition on cases that units, or units below them, were asked to handle."""
    if units is None:
        return Q(lead_unit__isnull=False)
    if not units:
        return None
    below = Q()
    for unit in units:
        below |= Q(path__startswith=unit.path)
    # The units are few and looked up once; the index of asked units begins with their keys.
    return Q(lead_unit__in=list(Unit.objects.filter(below).values_list("pk", flat=True)))


def staff_condition(user: Account, flow: Flow) -> Q | None:
    """Return which cases of a flow the account's roles reach, drafts included; None for none."""
    everywhere = units_condition(units_of(user, tuple(flow.unit_roles())))
    asked = asked_condition(units_of(user, tuple(flow.lead_unit_roles())))
    if everywhere is None or asked is None:
        return everywhere if asked is None else asked
    # Whoever reads all cases needs no second condition.
    return everywhere | asked if everywhere else everywhere


def reading_condition(user: Account, flow: Flow) -> Q | None:
    """Return which submitted cases of a flow the account reads as staff; None for none."""
    condition = staff_condition(user, flow)
    return None if condition is None else Q(flow=flow.code, sequence__gt=0) & condition


def knows_applicant(user: Account, case: Case) -> bool:
    """Whether the account may learn who applied in a case it reads.

    An applicant who asked for it stays unknown to the unit that handles the case: whoever reads the
    case by a role of that unit alone sees no name.
    """
    rule = case.table.hides_applicant
    if rule is None or is_own(user, case) or not rule(case):
        return True
    return _covers(user, case.table.unit_roles(), case.unit)


def nameless_flows(user: Account) -> set[str]:
    """Return the flows of which the account reads no name of an applicant in lists.

    Whether one applicant asked for it is not looked up for each row: a unit that was asked to
    handle cases of such a flow sees no name in any list.
    """
    return {
        flow.code
        for flow in flows()
        if flow.hides_applicant is not None and units_of(user, tuple(flow.unit_roles())) == []
    }


def working_transitions(user: Account, flow: Flow) -> dict[str, Any]:
    """Return per state the units in which the account has work there; None means all."""
    states: dict[str, Any] = {}
    for transition in flow.transitions:
        if not transition.is_work:
            continue
        for code in transition.parties:
            party = flow.party(code)
            if party.kind is not PartyKind.ROLE:
                continue
            units = units_of(user, party.roles)
            for state in transition.sources:
                if flow.state(state).party != code or units == []:
                    continue
                states[state] = units
    return states
