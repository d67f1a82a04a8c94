"""The ledger event of a change to the paper of a record."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from portal.archives import ledger
from portal.archives.models import PaperCopy

PAPER = "paper"


def _who(user: Any) -> dict[str, Any]:
    return {"account": user.pk if user else None, "person": str(user) if user else ""}


def paper_event(paper: PaperCopy, user: Any, **more: Any) -> ledger.Draft:
    """Return the entry that says where the paper of a record lies from now on.

    Args:
        paper: with its record.
        user: the account that says so.
        more: what else happened, such as the stock-taking in which it was found.

    Raises:
        ValueError: the paper belongs to no record.
    """
    if paper.record_id is None:
        raise ValueError("Paper without a record has no ledger.")
    return ledger.Draft(
        PAPER,
        paper.record_id,
        {
            "record": paper.record_id,
            "at": timezone.now(),
            **_who(user),
            "box": paper.box,
            "shelf": paper.shelf,
            "sheets": paper.sheets,
            "remark": paper.note,
            "checked_on": paper.checked_on,
            **more,
        },
    )


def removal_event(record_id: uuid.UUID, user: Any) -> ledger.Draft:
    """Return the entry that says that a record has no paper any more."""
    return ledger.Draft(
        PAPER,
        record_id,
        {
            "record": record_id,
            "at": timezone.now(),
            **_who(user),
            "removed": True,
            "remark": "取消纸质件登记",
        },
    )
