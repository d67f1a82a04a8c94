"""Who looks after the channels."""

from __future__ import annotations

from portal.roles.permissions import Account, has_role


def may_keep_channels(user: Account) -> bool:
    """Whether the account sees what could not be sent, and has it sent again."""
    return has_role(user, "system_administrator")
