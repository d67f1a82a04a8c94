"""The ledger event of a change to the paper of a record."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from portal.archives import ledger
from portal.archives.models import PaperCopy

PAPER = "paper"


def paper_event(paper: PaperCopy, account_id: int | None, **more: Any) -> ledger.Draft:
    """Return the entry that says where the paper of a record lies from now on.

    Args:
        paper: with its record.
        account_id: who says so.
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
            "account": account_id,
            "box": paper.box,
            "shelf": paper.shelf,
            "sheets": paper.sheets,
            "note": paper.note,
            "checked_on": paper.checked_on,
            **more,
        },
    )


def removal_event(record_id: Any, account_id: int | None) -> ledger.Draft:
    """Return the entry that says that a record has no paper any more."""
    return ledger.Draft(
        PAPER,
        record_id,
        {"record": record_id, "at": timezone.now(), "account": account_id, "removed": True},
    )
