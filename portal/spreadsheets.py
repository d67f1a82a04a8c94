"""Excel workbooks, written and read safely: texts stay texts, and no file fills the memory."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for a formula or a command when a cell is edited again.
# Source: OWASP, CSV injection.
_RISKY = re.compile(r"^\s*[=+\-@\t\r\n]")
_KEPT = (int, float, Decimal, datetime.date, datetime.time)


def text_cell(sheet: Any, value: Any) -> WriteOnlyCell:
    """Return a cell that holds exactly this value and is never computed.

    A text stays the text it is, sign for sign: nothing is put before an equals sign, so a
    table that is exported, edited and imported again holds what it held. Control signs that
    a workbook cannot hold are left out.

    Args:
        sheet: the sheet that the cell is appended to, of a write-only workbook or another.
        value: numbers, days and None are kept; everything else is written as text.
    """
    if value is None or isinstance(value, _KEPT):
        return WriteOnlyCell(sheet, value)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell = WriteOnlyCell(sheet, text)
    # openpyxl takes a leading "=" for a formula and "#N/A" for an error.
    cell.data_type = "s"
    if _RISKY.match(text):
        cell.quotePrefix = True
    return cell
