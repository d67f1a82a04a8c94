"""What a second person approved inside the running transaction.

An approval may be part of something bigger: a public notice is published in the transaction
that moves its case. The authority to put the page live then has to last until the commit, where
the capture asks for it, and no longer. It is tied to the revision that was approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connections
from wagtail.models import Page

_ATTRIBUTE = "portal_approved_revisions"


def remember(page_id: int, revision_id: int, aliases: Iterable[int] = ()) -> None:
    """Note that a revision of a page, and what its aliases show of it, was approved."""
    connection = connections["default"]
    approved: dict[int, int | None] = getattr(connection, _ATTRIBUTE, {})
    setattr(connection, _ATTRIBUTE, {**approved, page_id: revision_id, **dict.fromkeys(aliases)})


def forget(connection: Any) -> None:
    """Forget everything: the transaction is over, one way or the other."""
    if getattr(connection, _ATTRIBUTE, None):
        setattr(connection, _ATTRIBUTE, {})


def is_approved(page_id: int) -> bool:
    """Whether what is live of a page was approved in the running transaction."""
    approved: dict[int, int | None] = getattr(connections["default"], _ATTRIBUTE, {})
    if page_id not in approved:
        return False
    revision_id = approved[page_id]
    return revision_id is None or (
        Page.objects.filter(pk=page_id, live_revision_id=revision_id).exists()
    )
