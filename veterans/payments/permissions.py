"""Who sees and moves the money of applications. Each rule takes a user."""

from __future__ import annotations

from typing import Any

from portal.roles.permissions import has_role

READERS = (
    "finance_payer",
    "veterans_officer",
    "union_chair",
    "party_approver",
    "discipline_auditor",
)
DECIDERS = ("union_chair", "party_approver")


def may_read_ledger(user: Any) -> bool:
    """Whether the account reads payments, budgets and recoveries of everybody."""
    return has_role(user, *READERS)


def may_pay(user: Any) -> bool:
    """Whether the account makes payment lists and books what the bank did."""
    return has_role(user, "finance_payer")


def may_propose_recovery(user: Any) -> bool:
    """Whether the account may say that money has to come back."""
    return has_role(user, "finance_payer", "veterans_officer")


def may_decide_recovery(user: Any) -> bool:
    """Whether the account decides on recoveries, within its approval limit."""
    return has_role(user, *DECIDERS)
