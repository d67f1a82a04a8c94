"""HTML to PDF/A with Chinese fonts, without any request to a network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

PDF_VARIANT = "pdf/a-3a"


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    # Reading the font list takes most of the time of the first document of a process.
    return FontConfiguration()


def pdf_from_html(html: str, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return a tagged PDF/A-3 of an HTML document that embeds everything it shows.

    The document must carry its language and a title, which the format requires.

    Args:
        attachments: files inside the PDF, each with its relationship to the document.
    """
    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
    made: bytes = document.write_pdf(
        font_config=_fonts(), pdf_variant=PDF_VARIANT, attachments=list(attachments) or None
    )
    return made
