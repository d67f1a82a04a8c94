"""Named rules of the archive office. Each takes a user and, where it matters, a unit.

Source: the archive column of the roles chapter of the domain facts. The archivist receives
and never edits content; part-time archivists put right what was returned, in their units;
the auditor reads.
"""

from __future__ import annotations

from portal.archives.refusals import NotArchivist, NotYourUnit
from portal.organizations.models import Unit
from portal.roles.permissions import Account, assignments, record_units
from portal.roles.table import ArchiveRight, Scope


def _has(user: Account, right: ArchiveRight) -> bool:
    return any(right in assignment.role.archive_rights for assignment in assignments(user))


def may_receive(user: Account) -> bool:
    """Whether the account decides on the pool and keeps scope table, codes and checks."""
    return _has(user, ArchiveRight.RECEIVE)


def may_read_office(user: Account) -> bool:
    """Whether the account sees what the whole office sees."""
    return _has(user, ArchiveRight.AUDIT)


def may_read_controlled(user: Account) -> bool:
    """Whether the account reads records of the level controlled (控制)."""
    return _has(user, ArchiveRight.CONTROLLED)


def may_approve_destruction(user: Account) -> bool:
    """Whether the account approves destruction lists (销毁清册)."""
    return _has(user, ArchiveRight.APPROVE)


def may_correct(user: Account, unit: Unit | None) -> bool:
    """Whether the account may put right a returned item of a unit, or is the archivist."""
    return may_receive(user) or any(
        ArchiveRight.CORRECT in assignment.role.archive_rights and assignment.covers(unit)
        for assignment in assignments(user)
    )


def reads_records(user: Account) -> bool:
    """Whether the account reads any archive records at all."""
    return record_units(user) != []


def pool_units(user: Account) -> list[Unit] | None:
    """Return the units whose pool items the account sees; None means all of them."""
    if may_read_office(user):
        return None
    return [
        assignment.unit
        for assignment in assignments(user)
        if ArchiveRight.CORRECT in assignment.role.archive_rights
        and assignment.role.scope is Scope.UNIT
    ]


def sees_pool(user: Account) -> bool:
    """Whether the account sees any part of the pool."""
    units = pool_units(user)
    return units is None or bool(units)


def require_receive(user: Account) -> None:
    """Refuse everybody but the archivist.

    Raises:
        NotArchivist: the account may not decide in the archive.
    """
    if not may_receive(user):
        raise NotArchivist.standard()


def require_office(user: Account) -> None:
    """Refuse whoever may not read what the office reads.

    Raises:
        NotArchivist: the account is neither archivist nor auditor.
    """
    if not may_read_office(user):
        raise NotArchivist.standard()


def require_correct(user: Account, unit: Unit | None) -> None:
    """Refuse whoever may not correct items of this unit.

    Raises:
        NotYourUnit: the roles of the account do not cover the unit.
    """
    if not may_correct(user, unit):
        raise NotYourUnit.standard()
