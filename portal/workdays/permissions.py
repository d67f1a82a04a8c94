"""Named rules of the calendar."""

from __future__ import annotations

from portal.roles.permissions import Account, has_role


def may_import_calendar(user: Account) -> bool:
    """Whether the account brings in the calendar of a year: the system administrator."""
    return has_role(user, "system_administrator")
