"""The pages of the ledger: heads, sheets, and the proof of an entry in words."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.archives import ledger, triggers
from portal.archives.models import TreeHead
from portal.archives.permissions import require_office
from portal.archives.tree import heads, keys, nodes, notes, proofs, sheet

HEADS_PER_PAGE = 20
LONGEST_NAME = 64


def _trusted() -> list[notes.PublicKey]:
    """Return the keys that count; none when they cannot be read, so that no head looks sound."""
    try:
        return keys.trusted_keys()
    except ImproperlyConfigured:
        return []


def _signed(head: TreeHead, trusted: list[notes.PublicKey]) -> bool:
    """Whether the signature of a head holds and says what its row says."""
    try:
        note = notes.parse(head.note)
        note.signed_by(trusted)
    except notes.NoteError:
        return False
    said = note.checkpoint
    return (said.size, said.root.hex(), said.date) == (head.size, head.root, head.date)


def _fits(head: TreeHead) -> bool:
    """Whether the tree of today has the head's root at the head's size."""
    try:
        return nodes.root(head.size).hex() == head.root
    except (nodes.BrokenTree, ValueError):
        return False


def _checked(name: str) -> dict[str, Any]:
    """Return the proof of an entry against the newest head, in words."""
    try:
        entry = proofs.entry_named(name)
        head = proofs.head_over(entry.sequence)
        if head is None:
            return {"entry": entry, "later": True}
        proof = proofs.inclusion(entry, head.size, grow=False)
        return {
            "entry": entry,
            "head": head,
            "verdict": proofs.check(proof, [head.note], _trusted()),
        }
    except proofs.ProofError as error:
        return {"error": str(error)}


@require_GET
def ledger_page(request: HttpRequest) -> HttpResponse:
    """Show the state of the ledger, its heads newest first, and one entry's proof if asked."""
    require_office(request.user)
    name = request.GET.get("entry", "").strip()[:LONGEST_NAME]
    paginator = Paginator(TreeHead.objects.order_by("-date"), HEADS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    newest = heads.newest()
    trusted = _trusted() if newest else []
    return render(
        request,
        "archives/tree/ledger.html",
        {
            "entries": ledger.newest_sequence(),
            "missing_triggers": triggers.missing(connection),
            "newest": newest,
            "newest_fits": newest is not None and _fits(newest),
            "root_groups": sheet.groups(newest.root) if newest else [],
            "page_obj": page,
            "rows": [(head, _signed(head, trusted)) for head in page],
            "name": name,
            "checked": _checked(name) if name else None,
        },
    )


@require_GET
def proof_file(request: HttpRequest) -> HttpResponse:
    """Hand out the proof of an entry as a file that can be checked without the portal."""
    require_office(request.user)
    try:
        entry = proofs.entry_named(request.GET.get("entry", "")[:LONGEST_NAME])
        head = proofs.head_over(entry.sequence)
        if head is None:
            raise Http404(_("No signed head covers this entry yet."))
        text = proofs.as_text(proofs.inclusion(entry, head.size, grow=False))
    except proofs.ProofError as error:
        raise Http404(str(error)) from error
    return _download(text.encode(), "application/json", f"proof-{entry.sequence}.json")


def _head(date: datetime.date) -> TreeHead:
    return get_object_or_404(TreeHead, date=date)


@require_GET
def head_page(request: HttpRequest, date: datetime.date) -> HttpResponse:
    """Show the sheet of a head, ready for printing."""
    require_office(request.user)
    head = _head(date)
    return render(
        request,
        "archives/tree/head.html",
        {**sheet.context(head), "signed": _signed(head, _trusted()), "fits": _fits(head)},
    )


@require_GET
def head_sheet(request: HttpRequest, date: datetime.date) -> HttpResponse:
    """Hand out the sheet of a head as PDF."""
    require_office(request.user)
    head = _head(date)
    return _download(sheet.pdf(head), "application/pdf", f"head-{date.isoformat()}.pdf")


@require_GET
def head_file(request: HttpRequest, date: datetime.date) -> HttpResponse:
    """Hand out the signed text of a head."""
    require_office(request.user)
    head = _head(date)
    return _download(head.note.encode(), "text/plain; charset=utf-8", head.file_name)


def _download(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
