"""Who runs briefings, lists of greetings and consultations."""

from __future__ import annotations

from portal.roles.permissions import Account, has_role

KEEPERS = ("veterans_officer",)
GREETING_READERS = ("union_chair", "discipline_auditor")


def may_run_publicity(user: Account) -> bool:
    """Whether the account runs briefings and consultations: the veterans service officer."""
    return has_role(user, *KEEPERS)


def may_keep_greetings(user: Account) -> bool:
    """Whether the account makes lists of greetings and ticks them off."""
    return has_role(user, *KEEPERS)


def may_read_greetings(user: Account) -> bool:
    """Whether the account reads lists of greetings: the officer; names masked, chair and auditor.

    Source: PIPL 6, as little as the purpose needs.
    """
    return may_keep_greetings(user) or has_role(user, *GREETING_READERS)
