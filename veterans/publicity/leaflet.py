"""The leaflet of a standard as PDF: A4 in large type, with the way to its page."""

from __future__ import annotations

import hashlib

import segno
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from portal.archives.pdf import pdf_from_html
from veterans.models import ItemVersion
from veterans.standards.showing import standard_context

# Everybody may ask for it and drawing takes a second of work, so it is drawn once.
KEPT_SECONDS = 24 * 60 * 60
# Amounts of so many characters fit on one line of their column.
SHORT = 8


def qr_picture(text: str) -> SafeString:
    """Return a QR code as inline SVG; it can lose a sixth and still be read."""
    code = segno.make(text, error="m", micro=False)
    drawn: str = code.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  made of an address of ours


def leaflet_html(version: ItemVersion, address: str) -> str:
    """Return the leaflet of a published version as HTML.

    Args:
        address: whole address of the page it leads to, without anything personal.
    """
    with override("zh-hans"):
        context = standard_context(version)
        return render_to_string(
            "veterans/publicity/leaflet.html",
            {
                **context,
                "address": address,
                "picture": qr_picture(address),
                "short_amounts": all(len(row.amount) <= SHORT for row in context["amounts"]),
            },
        )


def leaflet_pdf(version: ItemVersion, address: str) -> bytes:
    """Return the leaflet as PDF/A; the same version and address give the same leaflet."""
    content = f"{version.snapshot_sha256} {address}"
    key = f"support-leaflet:{hashlib.sha256(content.encode()).hexdigest()}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = pdf_from_html(leaflet_html(version, address))
        cache.set(key, kept, KEPT_SECONDS)
    return kept
