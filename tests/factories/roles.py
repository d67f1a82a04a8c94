"""Role assignments for tests."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from portal.people.models import User
from portal.roles.services import assign_role
from tests.factories.organizations import company

if TYPE_CHECKING:
    from portal.organizations.models import Unit
    from portal.people.models import Person
    from portal.roles.models import RoleAssignment


def make_assignment(
    holder: Person | User,
    role_code: str,
    unit: Unit | None = None,
    *,
    valid_from: datetime.date | None = None,
    valid_to: datetime.date | None = None,
    granted_by: User | None = None,
) -> RoleAssignment:
    """Give a person, or the person of an account, a role.

    In the topmost unit and from today unless told otherwise.
    """
    person = holder.person if isinstance(holder, User) else holder
    assert person is not None
    return assign_role(
        person,
        role_code,
        unit or company(),
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=granted_by,
    )
