"""Who does what with opinions beside the steps of the flow."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from portal.cases.permissions import is_own, is_party, may_read, must_stand_aside
from portal.organizations.models import Unit
from portal.roles.permissions import assignments, has_role
from union.models import Opinion, OpinionHelp
from union.opinions.effects import HANDLERS
from union.opinions.rules import paths_over

OFFICE, CHAIR = "union_staff", "union_chair"
UNION_ROLES = (OFFICE, CHAIR)
BRANCH_ROLES = ("branch_secretary", "organization_member")


def works_for_union(user: Any) -> bool:
    """Whether the account is of the union's office or its chair."""
    return has_role(user, *UNION_ROLES)


def helps(user: Any) -> bool:
    """Whether the account handles opinions for a unit, so that it may be asked to contribute."""
    return has_role(user, HANDLERS)


def branches_of(user: Any) -> list[Unit]:
    """Return the branches for which the account may raise a matter to the management."""
    held = [row.unit for row in assignments(user) if row.role_code in BRANCH_ROLES]
    return sorted(set(held), key=lambda unit: unit.path)


def raises_matters(user: Any) -> bool:
    """Whether the account speaks for a branch."""
    return has_role(user, *BRANCH_ROLES)


def asked_of(user: Any) -> Q | None:
    """Return the condition on contributions that were asked of the account's units.

    Those it may not give are not among them: on its own opinion, or one about its unit.
    """
    held = [row.unit for row in assignments(user) if row.role_code == HANDLERS]
    if not held:
        return None
    condition = Q()
    for unit in held:
        condition |= Q(unit__path__startswith=unit.path)
    own = Q(opinion__case__applicant=user.person_id)
    about_own_unit = Q(opinion__accused_unit__path__in=paths_over(user.person_id))
    return condition & ~own & ~about_own_unit


def may_contribute(user: Any, asked: OpinionHelp) -> bool:
    """Whether the account may read what a helping unit was asked, and answer.

    Whoever sent the opinion, works in the unit it is about or stands aside does not.
    """
    case = asked.opinion.case
    covered = any(row.role_code == HANDLERS and row.covers(asked.unit) for row in assignments(user))
    if not covered or is_own(user, case):
        return False
    accused, person = asked.opinion.accused_unit, user.person
    if accused is not None and person.unit is not None and accused.contains(person.unit):
        return False
    return not case.recusals.filter(user=user).exists()


def may_make_public(user: Any, opinion: Opinion) -> bool:
    """Whether the account may write the public reply: of the office, the sender agreed, once."""
    case = opinion.case
    return (
        has_role(user, OFFICE)
        and opinion.may_publish
        and not opinion.is_made_public
        and not opinion.category.to_discipline
        and case.state == "closed"
        and is_party(user, case, case.table.party("office"))
        and may_read(user, case)
        and not must_stand_aside(user, case)
    )
