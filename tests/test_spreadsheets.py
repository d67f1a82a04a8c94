"""Workbooks: what is written is text, what is read is bounded."""

from __future__ import annotations

import datetime
import io
import re
import tracemalloc
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from portal.archives.spreadsheets import Column, read_table, write_table
from portal.spreadsheets import NotAWorkbook, TooMuchContent, read_grids, saved, text_cell
from portal.spreadsheets.forms import MEGABYTE, WorkbookField


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


def saved_bytes(book: Any) -> bytes:
    """A workbook as it is uploaded."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_stray_cell_in_the_last_row_costs_nothing() -> None:
    """Excel leaves coloured cells behind; only rows with a value are kept and gone through."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["档号", "题名"])
    sheet.append(["1", "甲"])
    sheet["XFD1048576"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["B1048575"].fill = PatternFill("solid", fgColor="FFFF00")
    body = saved_bytes(book)
    tracemalloc.start()
    (grid,) = read_grids(body, 10)
    table = read_table(body, [Column("code", "档号"), Column("title", "题名")], 10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert grid.rows == {1: {1: "档号", 2: "题名"}, 2: {1: "1", 2: "甲"}}
    assert (table.problems, [row.cells for row in table.rows]) == (
        [],
        [{"code": "1", "title": "甲"}],
    )
    assert peak < 20 * 1024 * 1024


def test_a_stray_value_far_below_is_a_row_like_others() -> None:
    """It is not lost, and the empty rows above it are none."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["档号", "题名"])
    sheet["A1048576"] = "far"
    table = read_table(saved_bytes(book), [Column("code", "档号")], 10)
    assert [(row.number, row.cells) for row in table.rows] == [(1048576, {"code": "far"})]


def test_a_workbook_of_too_much_content_is_refused() -> None:
    """It is refused by what its parts say they unpack to, before anything is unpacked."""
    with pytest.raises(TooMuchContent):
        read_grids(saved_bytes(Workbook()), 10, largest_content=100)
    with pytest.raises(NotAWorkbook):
        read_grids(b"PK", 10)


def test_merged_areas_and_days_are_read() -> None:
    """What is shown as one cell is told, and a day is a day."""
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"], sheet["B1"] = "盒1", datetime.date(2026, 1, 2)
    sheet.merge_cells("A1:A3")
    (grid,) = read_grids(saved_bytes(book), 10)
    assert grid.merged == [(1, 1, 3, 1)]
    assert grid.value(1, 2) == datetime.datetime(2026, 1, 2)
    assert grid.value(9, 9) is None


def test_what_a_table_writes_it_reads_back() -> None:
    """Nothing is added to a title that begins with an equals sign."""
    columns = [Column("title", "题名", width=20)]
    written = write_table(columns, [["=SUM(1)"], ["'=quoted"], ["-minus"]], "表")
    table = read_table(saved(written).read(), columns, 10)
    assert [row.cells["title"] for row in table.rows] == ["=SUM(1)", "'=quoted", "-minus"]


@pytest.mark.parametrize(
    ("name", "body", "problem"),
    [
        ("", b"", "请选择工作簿"),
        ("表.xls", b"x", "“表.xls”不是 .xlsx 文件"),
        ("表.xlsx", b"", "文件是空的"),
        ("表.xlsx", b"x" * (MEGABYTE + 1), "文件超过 1 MB"),
        ("表.XLSX", b"x" * MEGABYTE, ""),
    ],
)
def test_a_form_refuses_what_is_no_workbook_before_it_reads_it(
    name: str, body: bytes, problem: str
) -> None:
    field = WorkbookField(largest=MEGABYTE)
    sent = SimpleUploadedFile(name, body) if name else None
    if not problem:
        assert field.clean(sent) is sent
        return
    with pytest.raises(ValidationError, match=re.escape(problem)):
        field.clean(sent)
