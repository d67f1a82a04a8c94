"""The archive stamp (归档章) on the first page: 45 mm by 16 mm, six cells of 15 mm by 8 mm.

Source: DA/T 22-2015, appendix: fonds, year and item number above; organization or problem,
retention period and number of pages below; on blank space at the top of the first page.
"""

from __future__ import annotations

import io
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any

import pikepdf
from django.template.loader import render_to_string

from portal.archives.inspection.metadata import PERIOD_NAMES
from portal.archives.models import CodeTemplate, IssuedCode, Record
from portal.archives.pdf import pdf_from_html

WIDTH_MM, HEIGHT_MM, CELLS_IN_ROW = 45, 16, 3
#: From the right and from the upper edge; the text begins 22 mm below that edge.
RIGHT_MM, TOP_MM = 22, 4
POINTS_OF_MM = 72 / 25.4


@dataclass(frozen=True)
class Stamp:
    """What stands in the six cells, in their order."""

    fonds: str
    year: str
    item_number: str
    class_code: str
    period: str
    pages: str


def stamp_of(record: Record, pages: int) -> Stamp:
    """Return the stamp of an accepted record.

    Raises:
        IssuedCode.DoesNotExist: it has no archive code.
    """
    issued = IssuedCode.objects.get(record=record, voided_at__isnull=True)
    template = CodeTemplate.objects.filter(fonds_id=issued.fonds_id, year=issued.year).first()
    width = template.item_width if template else 4
    return Stamp(
        fonds=issued.fonds_id,
        year=str(issued.year),
        item_number=str(issued.item_number).zfill(width),
        class_code=issued.archive_class_id,
        period=PERIOD_NAMES.get(issued.period, issued.period),
        pages=str(pages),
    )


@lru_cache(maxsize=64)
def _drawn(stamp: Stamp) -> bytes:
    cells = [
        {
            "text": text,
            "left": place % CELLS_IN_ROW * WIDTH_MM // CELLS_IN_ROW,
            "top": place // CELLS_IN_ROW * HEIGHT_MM // 2,
        }
        for place, text in enumerate(astuple(stamp))
    ]
    html = render_to_string(
        "archives/packages/stamp.html", {"cells": cells, "width": WIDTH_MM, "height": HEIGHT_MM}
    )
    return pdf_from_html(html)


def put_on(document: Any, stamp: Stamp) -> None:
    """Draw the stamp on the first page of an opened PDF, over its upper margin."""
    page = document.pages[0]
    box = page.mediabox
    x = float(box[2]) - (RIGHT_MM + WIDTH_MM) * POINTS_OF_MM
    y = float(box[3]) - (TOP_MM + HEIGHT_MM) * POINTS_OF_MM
    place = pikepdf.Rectangle(x, y, x + WIDTH_MM * POINTS_OF_MM, y + HEIGHT_MM * POINTS_OF_MM)
    with pikepdf.open(io.BytesIO(_drawn(stamp))) as drawn:
        page.add_overlay(drawn.pages[0], place)
