"""The printable sheet of a head: what two people sign on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from portal.archives.models import TreeHead
from portal.archives.pdf import pdf_from_html
from portal.archives.tree import notes

GROUP = 8


def groups(text: str) -> list[str]:
    """Return hex digits in groups of eight, for reading aloud and comparing."""
    return [text[start : start + GROUP] for start in range(0, len(text), GROUP)]


def context(head: TreeHead) -> dict[str, Any]:
    """Return what the sheet shows. A row that was damaged shows what it has."""
    try:
        fingerprint = groups(notes.PublicKey.parse(head.public_key).fingerprint)
    except notes.NoteError:
        fingerprint = []
    return {
        "title": f"账簿签名树首登记表 {head.date.isoformat()}",
        "head": head,
        "origin": head.note.partition("\n")[0],
        "root_groups": groups(head.root),
        "signature": head.note.rstrip("\n").rpartition(" ")[2],
        "fingerprint_groups": fingerprint,
        "site": settings.SITE_NAME,
    }


def pdf(head: TreeHead) -> bytes:
    """Return the sheet as PDF/A."""
    return pdf_from_html(
        render_to_string("archives/rendition/ledger_head_sheet.html", context(head))
    )
