"""Role assignments for tests."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from portal.roles.services import assign_role
from tests.factories.organizations import company

if TYPE_CHECKING:
    from portal.organizations.models import Unit
    from portal.people.models import Person, User
    from portal.roles.models import RoleAssignment


def make_assignment(
    person: Person,
    role_code: str,
    unit: Unit | None = None,
    *,
    valid_from: datetime.date | None = None,
    valid_to: datetime.date | None = None,
    granted_by: User | None = None,
) -> RoleAssignment:
    """Give a person a role, in the topmost unit and from today unless told otherwise."""
    return assign_role(
        person,
        role_code,
        unit or company(),
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=granted_by,
    )
