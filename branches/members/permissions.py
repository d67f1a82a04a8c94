"""Who sees the roster of which branches, and who keeps it.

Source: the roles chapter of the domain facts, column of meetings: Party staff, the Party
secretary and discipline inspection read all, branch roles their own; a branch is kept by its
secretary, its organization member and the Party affairs department.
"""

from __future__ import annotations

import datetime
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
    """Whether the account sees something of the record of a member (`seen_until`)."""
    return seen_until(user, member) is not None


def seen_until(user: Any, member: PartyMember) -> datetime.date | None:
    """Return up to which day the account sees the record of a member.

    A branch sees everything of its members. Of somebody who went to another branch it sees what
    was until the last day here: what is decided elsewhere is not its business.

    Returns:
        `datetime.date.max` for everything, None for nothing.
    """
    if is_own(user, member) or sees_all(user):
        return datetime.date.max
    places = list(
        member.memberships.order_by("-valid_from", "-pk").values_list("branch", "valid_to")
    )
    seen = set(
        rosters(user)
        .filter(pk__in=[branch for branch, _last in places])
        .values_list("pk", flat=True)
    )
    if places and places[0][0] in seen:
        return datetime.date.max
    return max((last for branch, last in places if last and branch in seen), default=None)


def is_own(user: Any, member: PartyMember) -> bool:
    """Whether the record is that of the person behind the account."""
    return member.pk is not None and getattr(user, "person_id", None) == member.pk
