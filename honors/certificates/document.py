"""Certificates and plates as PDF: A4, with number, QR code and the place for the seal.

Source: chapter 3.4 of the domain facts. A certificate is drawn from its award alone, so it can be
printed again at any time; one that was suspended or revoked says so across the whole sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from honors.models import Award, SubjectKind
from portal.archives.pdf import pdf_from_html

# Signs of a code in one group, so that it can be read aloud.
GROUP = 4
# Words of more signs than these are set smaller, and once more smaller, so that whatever names
# hold the sheet stays one sheet.
_STEPS = {
    "text": (70, 120),
    "sign": (24, 60),
    "title": (8, 16),
    "name": (12, 30),
    "unit": (24, 60),
}


def verification_address(award: Award) -> str:
    """Return the whole address the QR code leads to."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + award.get_absolute_url()


def qr_picture(text: str) -> SafeString:
    """Return a QR code as inline SVG; it can lose a quarter and still be read."""
    code = segno.make(text, error="q", micro=False)
    drawn: str = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  made of an address of ours


def grouped_code(code: str) -> str:
    """Return a verification code in groups, as it is printed."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def step(part: str, words: str) -> str:
    """Return how much smaller than usual words are set: nothing, `long` or `longest`."""
    first, second = _STEPS[part]
    return "" if len(words) <= first else "long" if len(words) <= second else "longest"


def sheet(award: Award) -> dict[str, Any]:
    """Return what one sheet shows."""
    address = verification_address(award)
    return {
        "award": award,
        "is_person": award.subject_kind == SubjectKind.PERSON,
        "text_size": step("text", award.subject_name + award.unit_name + award.title_name),
        "sign_size": step("sign", award.conferred_by),
        "title_size": step("title", award.title_name),
        "name_size": step("name", award.subject_name),
        "unit_size": step("unit", award.unit_name),
        "team_size": step("unit", award.position),
        "picture": qr_picture(address),
        "address": address,
        "code": grouped_code(award.code),
    }


def certificates_html(awards: Iterable[Award]) -> str:
    """Return certificates as one HTML document, a page each."""
    with override("zh-hans"):
        sheets = [sheet(award) for award in awards]
        return render_to_string("honors/certificates/certificate_pdf.html", {"sheets": sheets})


def certificates_pdf(awards: Iterable[Award]) -> bytes:
    """Return certificates as PDF/A, a page each; fonts are read and embedded once."""
    return pdf_from_html(certificates_html(awards))


def plates_pdf(awards: Iterable[Award]) -> bytes:
    """Return plates for the site of a post as PDF/A, a page each."""
    with override("zh-hans"):
        sheets = [sheet(award) for award in awards]
        return pdf_from_html(
            render_to_string("honors/certificates/plate_pdf.html", {"sheets": sheets})
        )
