"""The copy that is handed out: every page with name, purpose and day; a certificate at the end."""

from __future__ import annotations

import io

import pikepdf
import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from portal.archives import file_access
from portal.archives.consultation.services import NotUsable
from portal.archives.models import Consultation, ConsultationKind, FileRole, RecordFile
from portal.archives.pdf import pdf_from_html


def _mark(found: Consultation, verifier: str) -> bytes:
    """Return the pages that go over the text and behind it: watermark and certificate."""
    file = _text(found)
    code = found.record.archive_code or ""
    drawn = segno.make(f"{verifier}\n{code}\nsha256:{file.sha256}", error="m", micro=False)
    picture = drawn.svg_inline(scale=3, border=2, dark="#000", light="#fff", omitsize=True)
    html = render_to_string(
        "archives/consultation/mark.html",
        {
            "title": f"档案利用件 {code}",
            "site": settings.SITE_NAME,
            "request": found,
            "record": found.record,
            "sha256": file.sha256,
            "certified": found.kind == ConsultationKind.COPY,
            "verifier": verifier,
            "picture": mark_safe(picture),  # noqa: S308  made of our own names and digits
            "today": timezone.localdate(),
        },
    )
    return pdf_from_html(html)


def _text(found: Consultation) -> RecordFile:
    file = RecordFile.objects.filter(
        record=found.record, role=FileRole.DOCUMENT_COPY, stored_at__isnull=False
    ).first()
    if file is None:
        raise NotUsable(_("The text of this record has not been made yet."))
    return file


def marked_copy(found: Consultation, verifier: str) -> bytes:
    """Return the text of the record as PDF, marked for this request.

    Args:
        verifier: the address of the page that checks receipts, for the QR code.

    Raises:
        NotUsable: the record has no text as PDF.
        MissingFile, SealedUnreadable: its bytes cannot be read.
    """
    body = file_access.read(_text(found))
    with (
        pikepdf.open(io.BytesIO(body)) as text,
        pikepdf.open(io.BytesIO(_mark(found, verifier))) as mark,
    ):
        copy = pikepdf.new()
        for page in text.pages:
            copy.pages.append(page)
        for page in copy.pages:
            page.add_overlay(mark.pages[0], pikepdf.Rectangle(page.mediabox))
        copy.pages.extend(list(mark.pages)[1:])
        written = io.BytesIO()
        copy.save(written)
    return written.getvalue()
