"""Who looks at the year of which branches, and who reminds.

Source: the roles chapter of the domain facts, column of meetings: Party staff reads all and
reminds, the Party secretary and discipline inspection read all, branch roles their own.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from portal.organizations.models import Unit, UnitKind
from portal.roles.permissions import assignments, has_role
from portal.roles.table import Scope

READERS = ("party_staff", "party_approver", "discipline_auditor")
BRANCH_ROLES = ("branch_secretary", "organization_member")


def may_remind(user: Any) -> bool:
    """Whether the account reminds branch secretaries."""
    return has_role(user, "party_staff")


def may_see_year(user: Any) -> bool:
    """Whether the account sees the year of any branch."""
    return has_role(user, *READERS, *BRANCH_ROLES)


def seen_branches(user: Any) -> QuerySet[Unit]:
    """Return the Party branches whose year the account sees, those that ended included."""
    branches = Unit.objects.filter(kind=UnitKind.PARTY_BRANCH)
    held = [row for row in assignments(user) if row.role_code in {*READERS, *BRANCH_ROLES}]
    if any(row.role.scope is Scope.ALL for row in held):
        return branches
    return branches.filter(pk__in=Unit.objects.within([row.unit for row in held]).values("pk"))


def may_explain(user: Any, branch: Unit) -> bool:
    """Whether the account writes down why a branch did not hold something."""
    if has_role(user, "party_staff"):
        return True
    return any(
        row.role_code == "branch_secretary" and row.covers(branch) for row in assignments(user)
    )
