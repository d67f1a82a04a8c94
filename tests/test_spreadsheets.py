"""Workbooks: what is written is text, what is read is bounded."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from portal.spreadsheets import text_cell


@pytest.mark.parametrize("write_only", [True, False])
@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-", "@cmd", "=HYPERLINK(1)", "#N/A", "'=1", "'text", " =1", "plain"]
)
def test_a_text_stays_the_text_it_is(text: str, write_only: bool) -> None:
    """Neither a formula nor an error nor a sign more than there was."""
    book = Workbook(write_only=write_only)
    sheet: Any = book.create_sheet("table")
    sheet.append([text_cell(sheet, text)])
    target = io.BytesIO()
    book.save(target)
    cell = load_workbook(target)["table"]["A1"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert bool(cell.quotePrefix) is (text.strip()[0] in "=+-@")


def test_numbers_and_days_stay_what_they_are() -> None:
    """A number can be added up, a day can be sorted, nothing is nothing, signs are cleaned."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    day = datetime.date(2026, 11, 22)
    sheet.append([text_cell(sheet, value) for value in (3, 2.5, day, None, "a\x00b", True)])
    target = io.BytesIO()
    book.save(target)
    row = next(load_workbook(target)["table"].iter_rows(values_only=True))
    assert row == (3, 2.5, datetime.datetime(2026, 11, 22), None, "ab", True)
