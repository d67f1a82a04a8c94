"""Excel workbooks: written and read in `workbooks`, taken from a form by `forms`."""

from __future__ import annotations

from portal.spreadsheets.workbooks import (
    LARGEST_CONTENT_BYTES,
    MEDIA_TYPE,
    MOST_COLUMNS,
    MOST_SHEETS,
    Grid,
    NotAWorkbook,
    TooMuchContent,
    add_heading,
    add_row,
    add_sheet,
    read_grids,
    saved,
    text_cell,
    workbook_response,
)

__all__ = [
    "LARGEST_CONTENT_BYTES",
    "MEDIA_TYPE",
    "MOST_COLUMNS",
    "MOST_SHEETS",
    "Grid",
    "NotAWorkbook",
    "TooMuchContent",
    "add_heading",
    "add_row",
    "add_sheet",
    "read_grids",
    "saved",
    "text_cell",
    "workbook_response",
]
