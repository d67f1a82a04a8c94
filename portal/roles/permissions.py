"""Named rules over role assignments. Each takes a user and, where it matters, an object."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from portal.organizations.models import Unit
from portal.people.models import User
from portal.roles.models import RoleAssignment
from portal.roles.table import SECTIONS, Scope

Account = User | AnonymousUser | Any


def assignments(user: Account) -> list[RoleAssignment]:
    """Return the assignments that count today, read once per request and account object."""
    if not isinstance(user, User) or not user.is_active or user.person_id is None:
        return []
    cached: list[RoleAssignment] | None = getattr(user, "_role_assignments", None)
    if cached is None:
        cached = list(
            RoleAssignment.objects.filter(person_id=user.person_id)
            .active_on()
            .select_related("unit", "person")
        )
        user._role_assignments = cached  # type: ignore[attr-defined]
    return cached


def has_role(user: Account, *codes: str) -> bool:
    """Whether the account has one of these roles today, in any unit."""
    return any(assignment.role_code in codes for assignment in assignments(user))


def is_staff_member(user: Account) -> bool:
    """Whether the account has a role that works in the admin today."""
    return any(assignment.role.staff for assignment in assignments(user))


def is_external(user: Account) -> bool:
    """Whether the account belongs to somebody who does not work here, such as a family."""
    held = assignments(user)
    return bool(held) and all(assignment.role.external for assignment in held)


def may_review(user: Account, section: str, unit: Unit | None) -> bool:
    """Whether the account may review pages of a section that belong to a unit.

    This says nothing of four eyes: who wrote the page is asked by the review itself.
    """
    if section not in SECTIONS:
        return False
    grants = SECTIONS[section].grants
    return any(
        assignment.role_code in grants
        and grants[assignment.role_code].reviews
        and assignment.covers(unit)
        for assignment in assignments(user)
    )


def may_read_records(user: Account, unit: Unit | None) -> bool:
    """Whether the account may read the archive records of a unit.

    Source: the archive column of the roles chapter of the domain facts; branch roles read
    their own unit's records only.
    """
    return any(
        assignment.role.reads_records and assignment.covers(unit)
        for assignment in assignments(user)
    )


def record_units(user: Account) -> list[Unit] | None:
    """Return the units whose records the account may read; None means all units."""
    reading = [assignment for assignment in assignments(user) if assignment.role.reads_records]
    if any(assignment.role.scope is Scope.ALL for assignment in reading):
        return None
    return [assignment.unit for assignment in reading]


def reviews_everywhere(user: Account) -> bool:
    """Whether the account reviews drafts of a section for the whole enterprise."""
    return any(
        assignment.role.scope is Scope.ALL
        and assignment.role_code in section.grants
        and section.grants[assignment.role_code].reviews
        for assignment in assignments(user)
        for section in SECTIONS.values()
    )
