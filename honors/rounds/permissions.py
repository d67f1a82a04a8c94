"""Who reads and does what with rounds and nominations. Each rule takes a user first.

Source: chapters 3.2 and 6 of the domain facts; stand aside as in every case of the portal.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from honors.models import (
    CONSULTED,
    JUDGED_STATES,
    Nomination,
    NominationState,
    Round,
    RoundMember,
)
from honors.rounds.messages import BRANCH_ROLES
from portal.cases.kin import relatives_of
from portal.cases.models import Case
from portal.cases.permissions import must_stand_aside
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.roles.permissions import assignments, has_role, is_external

OFFICE_ROLES = ("party_staff",)
COMMITTEE_ROLES = ("party_approver",)
AUDITOR_ROLES = ("discipline_auditor",)


def is_employee(user: Any) -> bool:
    """Whether the account belongs to somebody who works here."""
    return (
        getattr(user, "person_id", None) is not None
        and bool(getattr(user, "is_active", False))
        and not is_external(user)
    )


def runs_rounds(user: Any) -> bool:
    """Whether the account prepares rounds: the Party affairs department."""
    return has_role(user, *OFFICE_ROLES)


def reads_rounds(user: Any) -> bool:
    """Whether the account reads every round: office, committee, discipline."""
    return has_role(user, *OFFICE_ROLES, *COMMITTEE_ROLES, *AUDITOR_ROLES)


def office_reads(user: Any, round_: Round) -> bool:
    """Whether the account reads everything of a round, not having to stand aside."""
    return reads_rounds(user) and not must_stand_aside(user, round_.case)


def office_acts(user: Any, round_: Round) -> bool:
    """Whether the account examines the nominations of a round."""
    return runs_rounds(user) and not must_stand_aside(user, round_.case)


def concerns(case: Case, person: Person) -> bool:
    """Whether a round concerns a person: nominated in it, or a relative of somebody who is."""
    people = set(
        Nomination.objects.standing()
        .filter(round=case.pk, person__isnull=False)
        .values_list("person_id", flat=True)
    )
    if person.pk in people:
        return True
    return bool(people) and relatives_of(person.pk).filter(pk__in=people).exists()


def apart(person_id: int) -> Q:
    """Return the condition of cases whose round nominates the person or a relative."""
    kin = [person_id, *relatives_of(person_id).values_list("pk", flat=True)]
    rounds = Nomination.objects.standing().filter(person__in=kin).values("round")
    return Q(pk__in=rounds)


def speaks_for(user: Any, branch: Unit | None) -> bool:
    """Whether the account speaks for a Party branch."""
    return branch is not None and any(
        row.role_code in BRANCH_ROLES and row.covers(branch) for row in assignments(user)
    )


def branches_of(user: Any) -> list[Unit]:
    """Return the units in which the account speaks for branches."""
    return [row.unit for row in assignments(user) if row.role_code in BRANCH_ROLES]


def seats_of(user: Any, round_: Round) -> list[RoundMember]:
    """Return as what the account takes part in a round."""
    person_id = getattr(user, "person_id", None)
    if person_id is None:
        return []
    return list(round_.members.filter(person=person_id))


def is_nominator(user: Any, nomination: Nomination) -> bool:
    """Whether the account nominated."""
    return bool(nomination.nominated_by_id == getattr(user, "pk", None))


def is_nominee(user: Any, nomination: Nomination) -> bool:
    """Whether the account is the one who is nominated, or who answers for the post."""
    person_id = getattr(user, "person_id", None)
    return person_id is not None and nomination.person_id == person_id


def may_read(user: Any, nomination: Nomination) -> bool:
    """Whether the account reads the nomination itself, its deeds and its files.

    Who nominated, who is nominated, the branch, the office; judges and departments what lies
    before them. A draft is its writer's alone.
    """
    if is_nominator(user, nomination):
        return True
    if nomination.is_draft:
        return False
    if is_nominee(user, nomination) or speaks_for(user, nomination.branch):
        return True
    if office_reads(user, nomination.round):
        return True
    seats = {seat.part for seat in seats_of(user, nomination.round)}
    if seats & set(CONSULTED) and nomination.state in (
        NominationState.RECOMMENDED,
        NominationState.RETURNED,
        *JUDGED_STATES,
    ):
        return True
    return "judge" in seats and nomination.state in JUDGED_STATES


def reads_opinions(user: Any, nomination: Nomination) -> bool:
    """Whether the account reads opinions, scores and evidence: the office, and never the nominee.

    A judge or a department is not shown what others wrote, so that each judges alone.
    """
    return (
        not is_nominee(user, nomination)
        and not nomination.is_draft
        and office_reads(user, nomination.round)
    )
