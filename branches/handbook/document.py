"""The handbook of a branch as a PDF to print and bind: contents, page numbers, bookmarks."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import override

from branches.handbook.reading import MARKS, NOT_EXPECTED, Handbook, handbook_of
from portal.archives.pdf import pdf_from_html
from portal.organizations.models import Unit

TEMPLATE = "branches/handbook/handbook_pdf.html"


def handbook_pdf(branch: Unit, year: int) -> bytes:
    """Return the handbook of a branch for a year as a PDF."""
    with override("zh-hans"):
        return written(handbook_of(branch, year))


def written(book: Handbook) -> bytes:
    """Return a handbook as a PDF."""
    with override("zh-hans"):
        return pdf_from_html(render_to_string(TEMPLATE, context_of(book)))


def file_name(branch: Unit, year: int) -> str:
    """Return the name of the file: 采煤一队党支部工作手册（2026年）.pdf."""
    return f"{branch.name.removesuffix('党支部')}党支部工作手册（{year}年）.pdf"


def context_of(handbook: Handbook) -> dict[str, object]:
    """Return what the template needs."""
    legend = "，".join(f"{mark} {presence.label}" for presence, mark in MARKS.items())
    return {"book": handbook, "legend": f"{legend}，{NOT_EXPECTED} 不在应到名单"}
