"""Make the receipt of a record: which files it has, and that the ledger says so.

A receipt is a JSON object. It opens the ledger entry in which the files of the record were written
down (salt and text behind its commitment), proves that this entry is part of the ledger of a
signed head (RFC 6962), and carries the head. Whoever has a file, the receipt and the public key
checks all of it offline; `templates/archives/receipts/verifier.html` does so in a browser.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.archives import ledger
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.models import LedgerEntry, Record
from portal.archives.renders import RENDITION
from portal.archives.tree import proofs
from portal.refusals import NotPossible

FORMAT = "portal-archive-receipt/1"


class NoReceiptYet(NotPossible):
    """A receipt cannot be made now; the message says why, and when to come back."""

    title = gettext_lazy("There is no receipt yet")
    status = 409


@dataclass(frozen=True)
class Receipt:
    """A receipt and what people read of it.

    Attributes:
        content: the JSON object.
        files: name, media type and SHA-256 of each file.
    """

    record: Record
    content: dict[str, Any]
    files: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """The text of its file."""
        return json.dumps(self.content, ensure_ascii=False, indent=1) + "\n"

    @property
    def file_name(self) -> str:
        """Name of its file, by the archive code or the first digits of the record's number."""
        return f"receipt-{self.record.archive_code or str(self.record.pk)[:8]}.json"


def receipt_of(record: Record) -> Receipt:
    """Return the receipt of a record over its newest files.

    Raises:
        NoReceiptYet: its files are not made, no head covers them, or what was written of them
            was destroyed.
    """
    entry = (
        LedgerEntry.objects.filter(record_id=record.pk, kind=RENDITION).order_by("-sequence")
    ).first()
    if entry is None:
        raise NoReceiptYet(_("The files of this record are still being made. Please come back."))
    opened = ledger.payloads_of([entry.sequence]).get(entry.sequence)
    if opened is None:
        raise NoReceiptYet(_("The content of this record was destroyed by decision."))
    try:
        body = opened.text()
    except SealedUnreadable as error:
        raise NoReceiptYet(str(error)) from error
    if proofs.head_over(entry.sequence) is None:
        raise NoReceiptYet(
            _("The head that covers it is signed at the end of the day. Please come back tomorrow.")
        )
    try:
        proof = proofs.inclusion(entry, grow=False)
    except proofs.ProofError as error:
        raise NoReceiptYet(str(error)) from error
    content = {
        "format": FORMAT,
        "archive": settings.SITE_NAME,
        "record": str(record.pk),
        "code": record.archive_code,
        "title": record.title,
        "date": record.business_date.isoformat(),
        "version": record.version,
        "content_sha256": record.content_sha256,
        "opened": {"salt": opened.salt, "body": body},
        "proof": proof,
    }
    return Receipt(record, content, json.loads(body)["files"])
