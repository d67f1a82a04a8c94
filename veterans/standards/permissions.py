"""Who writes standards, who puts them in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.roles.permissions import Account, has_role

if TYPE_CHECKING:
    from veterans.models import ItemVersion

WRITERS = ("veterans_officer",)
PUBLISHERS = ("party_approver", "union_chair")


def may_write_standards(user: Account) -> bool:
    """Whether the account writes items and drafts of versions."""
    return has_role(user, *WRITERS)


def may_publish_standards(user: Account) -> bool:
    """Whether the account puts versions in force: the committee secretary, the union chair."""
    return has_role(user, *PUBLISHERS)


def may_see_drafts(user: Account) -> bool:
    """Whether the account reads versions that are not published."""
    return may_write_standards(user) or may_publish_standards(user)


def had_a_hand_in(user: Account, version: ItemVersion) -> bool:
    """Whether the account wrote or proposed the version."""
    return version.proposed_by_id == user.pk or version.editors.filter(pk=user.pk).exists()


def may_publish(user: Account, version: ItemVersion) -> bool:
    """Whether the account may publish this version: never who had a hand in it."""
    return may_publish_standards(user) and not had_a_hand_in(user, version)
