"""Rules for rows that are history: added, changed, ended, never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class NeverDeletedPolicy(ModelPermissionPolicy):
    """Django's model permissions without deletion, for superusers too.

    What a record of ten years ago names has to be found in ten years.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the account may do it; nobody may delete."""
        return action != "delete" and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Whether the account may do one of them."""
        return any(self.user_has_permission(user, action) for action in actions)
