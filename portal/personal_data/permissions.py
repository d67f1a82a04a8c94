"""Named rules of personal data."""

from __future__ import annotations

from typing import Any

from portal.roles.permissions import Account, has_role


def may_read_reveals(user: Account) -> bool:
    """Whether the account reads who looked at what: the two auditors."""
    return has_role(user, "discipline_auditor", "audit_administrator")


def may_read_inventory(user: Account) -> bool:
    """Whether the account reads which data is kept, why and for how long.

    Source: PIPL 54, the compliance audit; the officers keep it in order.
    """
    return may_read_reveals(user) or has_role(
        user, "system_administrator", "security_administrator"
    )


def may_reveal_person(user: Account, person: Any) -> bool:
    """Whether the account sees whole numbers of a person: who keeps the register of people."""
    return has_role(user, "system_administrator")


def may_approve_exports(user: Account) -> bool:
    """Whether the account approves exports that others ask for: the security administrator."""
    return has_role(user, "security_administrator")


def may_freeze(user: Account) -> bool:
    """Whether the account freezes data for a dispute and lifts it: the discipline auditor."""
    return has_role(user, "discipline_auditor")
