"""HTML to PDF/A with Chinese fonts, without any request to a network."""

from __future__ import annotations

from functools import lru_cache

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

PDF_VARIANT = "pdf/a-3a"


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    # Reading the font list takes most of the time of the first document of a process.
    return FontConfiguration()


def pdf_from_html(html: str) -> bytes:
    """Return a tagged PDF/A-3 of an HTML document that embeds everything it shows.

    The document must carry its language and a title, which the format requires.
    """
    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
    made: bytes = document.write_pdf(font_config=_fonts(), pdf_variant=PDF_VARIANT)
    return made
