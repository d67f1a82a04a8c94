"""The receipt of a record: a page, a PDF, a file; and the page that checks receipts offline."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.archives.models import Record
from portal.archives.receipts.document import public_keys, receipt_pdf
from portal.archives.receipts.making import NoReceiptYet, Receipt, receipt_of

VERIFIER_NAME = "archive-verifier.html"
#: Not among the static files: it is part of a page that is kept, and of none the portal shows.
PROGRAM = Path(__file__).parent / "verifier.js"
#: What the verifier says; it has no catalogue of its own.
WORDS = {
    "file": gettext_lazy("The file is one of those that the receipt names, byte for byte."),
    "record": gettext_lazy("Receipt, entry and file list speak of the same record."),
    "opened": gettext_lazy("The list of files is what the ledger entry committed to."),
    "entry": gettext_lazy("The entry has the hash that its columns give."),
    "path": gettext_lazy("The path leads from the entry to the root of the ledger."),
    "head": gettext_lazy("The signed head of %s has this size and this root."),
    "nohead": gettext_lazy("There is no signed head."),
    "signature": gettext_lazy("The signature of the head is by a key that counts."),
    "yes": gettext_lazy("holds"),
    "no": gettext_lazy("does not hold"),
    "good": gettext_lazy("Genuine: everything holds."),
    "bad": gettext_lazy("Not proven: something does not hold."),
    "choose": gettext_lazy("Please choose the file and its receipt."),
    "damaged": gettext_lazy("The receipt, the head or the key is damaged or none of this archive."),
    "browser": gettext_lazy("This browser is too old to check signatures. Please use a newer one."),
}


def _record(request: HttpRequest, record_id: uuid.UUID) -> Record:
    return get_object_or_404(
        Record.objects.visible_to(request.user).select_related("unit"), pk=record_id
    )


@never_cache
@require_safe
def receipt_page(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Show what the receipt of a record says, with its files to take away."""
    record = _record(request, record_id)
    receipt, refusal = None, None
    try:
        receipt = receipt_of(record)
    except NoReceiptYet as refused:
        refusal = refused
    return render(
        request,
        "archives/receipts/receipt.html",
        {"record": record, "receipt": receipt, "refusal": refusal},
        status=refusal.status if refusal else 200,
    )


def _made(request: HttpRequest, record_id: uuid.UUID) -> Receipt | HttpResponse:
    try:
        return receipt_of(_record(request, record_id))
    except NoReceiptYet:
        return receipt_page(request, record_id)


def _download(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def receipt_document(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Hand out the receipt on one page of PDF."""
    made = _made(request, record_id)
    if not isinstance(made, Receipt):
        return made
    name = made.file_name.removesuffix(".json") + ".pdf"
    return _download(receipt_pdf(made), "application/pdf", name)


@require_safe
def receipt_file(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Hand out the receipt as the file that the verifier reads."""
    made = _made(request, record_id)
    if not isinstance(made, Receipt):
        return made
    return _download(made.text.encode(), "application/json", made.file_name)


def verifier_page() -> str:
    """Return the page that checks receipts, with its program and the public keys inside."""
    source = PROGRAM.read_text(encoding="utf-8")
    return render_to_string(
        "archives/receipts/verifier.html",
        {
            "site": settings.SITE_NAME,
            "program": mark_safe(source),  # noqa: S308  a file of ours without "</"
            "known": _inside({"keys": public_keys()}),
            "words": _inside({name: str(text) for name, text in WORDS.items()}),
        },
    )


def _inside(value: dict[str, Any]) -> SafeString:
    """Return JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return mark_safe(text)  # noqa: S308  escaped above


@login_not_required
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """Hand out the page that checks receipts; it is to be kept, and opened without a network."""
    return _download(verifier_page().encode(), "text/html; charset=utf-8", VERIFIER_NAME)
