"""Who reads and keeps titles."""

from __future__ import annotations

from typing import Any

from portal.roles.permissions import has_role


def keeps_titles(user: Any) -> bool:
    """Whether the account keeps the titles: the Party affairs department."""
    return has_role(user, "party_staff")


def reads_titles(user: Any) -> bool:
    """Whether the account reads how titles are given."""
    return has_role(
        user, "party_staff", "party_approver", "union_staff", "union_chair", "discipline_auditor"
    )
