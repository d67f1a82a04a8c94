"""Who sees the roster of which branches, and who keeps it.

Source: the roles chapter of the domain facts, column of meetings: Party staff, the Party
secretary and discipline inspection read all, branch roles their own; a branch is kept by its
secretary, its organization member and the Party affairs department.
"""

from __future__ import annotations

from typing import Any

from branches.models import PartyMember
from branches.year.permissions import BRANCH_ROLES, READERS
from portal.organizations.models import Unit, UnitKind
from portal.organizations.querysets import UnitQuerySet
from portal.roles.permissions import assignments, has_role
from portal.roles.table import Scope


def may_see_rosters(user: Any) -> bool:
    """Whether the account sees the roster of any branch."""
    return has_role(user, *READERS, *BRANCH_ROLES)


def sees_all(user: Any) -> bool:
    """Whether the account sees the rosters of the whole enterprise."""
    return any(
        row.role_code in READERS and row.role.scope is Scope.ALL for row in assignments(user)
    )


def rosters(user: Any) -> UnitQuerySet:
    """Return the branches whose roster the account sees, those that ended included."""
    branches: UnitQuerySet = Unit.objects.filter(kind=UnitKind.PARTY_BRANCH)
    if sees_all(user):
        return branches
    held = [row for row in assignments(user) if row.role_code in {*READERS, *BRANCH_ROLES}]
    return branches.filter(pk__in=Unit.objects.within([row.unit for row in held]).values("pk"))


def kept_branches(user: Any) -> UnitQuerySet:
    """Return the branches that the account keeps."""
    branches: UnitQuerySet = Unit.objects.filter(kind=UnitKind.PARTY_BRANCH)
    if has_role(user, "party_staff"):
        return branches
    held = [row.unit for row in assignments(user) if row.role_code in BRANCH_ROLES]
    return branches.filter(pk__in=Unit.objects.within(held).values("pk"))


def may_keep(user: Any, branch: Unit | None) -> bool:
    """Whether the account writes in the roster of a branch."""
    if has_role(user, "party_staff"):
        return True
    return branch is not None and any(
        row.role_code in BRANCH_ROLES and row.covers(branch) for row in assignments(user)
    )


def may_keep_all(user: Any) -> bool:
    """Whether the account takes over workbooks and changes branches as a whole."""
    return has_role(user, "party_staff")


def may_see_member(user: Any, member: PartyMember) -> bool:
    """Whether the account sees the record of a member: its own, or of a branch it sees.

    A branch sees who belongs or belonged to it.
    """
    if getattr(user, "person_id", None) == member.pk and member.pk is not None:
        return True
    if sees_all(user):
        return True
    return member.memberships.filter(branch__in=rosters(user)).exists()
