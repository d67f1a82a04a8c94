"""Who works on awards: prepares them, confirms them, reads the office of honors.

Source: the roles chapter of the domain facts, column of honors: Party staff prepare and publish,
the Party committee decides, the union prepares its own titles, discipline inspection reads.
"""

from __future__ import annotations

from typing import Any

from honors.models import Organ, Title
from portal.roles.permissions import has_role

READERS = (*("party_staff", "party_approver", "union_staff", "union_chair", "discipline_auditor"),)
_PREPARING = {Organ.PARTY: ("party_staff",), Organ.UNION: ("party_staff", "union_staff")}


def may_see_office(user: Any) -> bool:
    """Whether the account reads the register of awards."""
    return has_role(user, *READERS)


def prepared_organs(user: Any) -> list[str]:
    """Return for titles of which organizations the account prepares awards and changes."""
    return [organ.value for organ, roles in _PREPARING.items() if has_role(user, *roles)]


def may_prepare(user: Any, title: Title | None = None) -> bool:
    """Whether the account prepares awards and changes, of a title or of any."""
    organs = prepared_organs(user)
    return bool(organs) if title is None else title.organ in organs


def may_confirm(user: Any) -> bool:
    """Whether the account confirms what somebody else prepared."""
    return has_role(user, "party_approver")


def may_prepare_all(user: Any) -> bool:
    """Whether the account takes over workbooks and keeps the register of rewards."""
    return has_role(user, "party_staff")
