"""A receipt on one page of PDF, with the receipt itself as its attachment."""

from __future__ import annotations

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from weasyprint import Attachment

from portal.archives.pdf import pdf_from_html
from portal.archives.receipts.making import Receipt
from portal.archives.tree import keys, notes, sheet

#: What the QR code can lose and still be read, for paper that lies in a folder for years.
ERROR_CORRECTION = "m"


def qr_text(receipt: Receipt) -> str:
    """Return what the QR code says: enough to find and compare the record, nothing personal."""
    proof = receipt.content["proof"]
    lines = (
        receipt.content["archive"],
        receipt.content["code"] or receipt.content["record"],
        f"sha256:{main_file(receipt)['sha256']}",
        f"ledger:{proof['entry']['sequence']}/{proof['size']}",
        f"root:{proof['root']}",
    )
    return "\n".join(lines)


def main_file(receipt: Receipt) -> dict[str, str]:
    """Return the file a reader has in hand first: the text as PDF, or else the first one."""
    files = receipt.files
    return next((file for file in files if file["role"] == "pdf"), files[0])


def _picture(text: str) -> SafeString:
    code = segno.make(text, error=ERROR_CORRECTION, micro=False)
    drawn: str = code.svg_inline(scale=3, border=2, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  made of our own names and digits


def receipt_pdf(receipt: Receipt) -> bytes:
    """Return the page, with the receipt attached as a file."""
    proof = receipt.content["proof"]
    head = notes.parse(proof["head"]) if proof["head"] else None
    html = render_to_string(
        "archives/receipts/receipt_pdf.html",
        {
            "title": f"归档回执 {receipt.content['code'] or receipt.content['record']}",
            "site": settings.SITE_NAME,
            "receipt": receipt,
            "record": receipt.record,
            "files": [{**file, "groups": sheet.groups(file["sha256"])} for file in receipt.files],
            "entry": proof["entry"],
            "entry_groups": sheet.groups(proof["entry"]["hash"]),
            "size": proof["size"],
            "root_groups": sheet.groups(proof["root"]),
            "steps": len(proof["path"]),
            "head_date": head.checkpoint.date if head else None,
            "fingerprint_groups": sheet.groups(keys.public_key().fingerprint),
            "picture": _picture(qr_text(receipt)),
            "printed_on": timezone.localdate(),
        },
    )
    attached = Attachment(
        string=receipt.text,
        name=receipt.file_name,
        description="归档回执",
        relationship="Data",
    )
    return pdf_from_html(html, attachments=[attached])


def public_keys() -> list[str]:
    """Return the keys whose signature counts, as the verifier reads them."""
    return [str(key) for key in keys.trusted_keys()]
