"""Who works with the register of beneficiaries. Each rule takes an account, some a row too."""

from __future__ import annotations

from typing import Any

from portal.roles.permissions import Account, has_role

KEEPERS = ("veterans_officer",)
READERS = ("discipline_auditor",)


def may_keep_register(user: Account) -> bool:
    """Whether the account writes in the register: the veterans service officer."""
    return has_role(user, *KEEPERS)


def may_read_register(user: Account) -> bool:
    """Whether the account reads the register, numbers masked: the officer and the auditor."""
    return may_keep_register(user) or has_role(user, *READERS)


def may_reveal(user: Account, row: Any) -> bool:
    """Whether the account sees whole numbers of the register; never its own keeper's relatives.

    The auditor reads who looked at what, not the numbers (PIPL 6, as little as the purpose needs).
    """
    from portal.cases.kin import relatives_of

    if not may_keep_register(user):
        return False
    own: int = getattr(user, "person_id", None) or 0
    return not relatives_of(own).filter(pk=person_of(row).pk).exists()


def person_of(row: Any) -> Any:
    """Return whose data a row of the register holds."""
    for name in ("person", "beneficiary"):
        if hasattr(row, name):
            found = getattr(row, name)
            return found.person if name == "beneficiary" else found
    return row
