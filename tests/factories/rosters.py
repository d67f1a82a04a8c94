"""Roster files as people make them, for tests. All people in them are invented."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

HEADS = (
    "姓名",
    "工号",
    "身份证号",
    "手机号",
    "党支部",
    "党小组",
    "党员类别",
    "入党日期",
    "转正日期",
)
BRANCH = "采煤队党支部"


def roster_row(**values: Any) -> dict[str, Any]:
    """Return a row that is right, with changes by the name of the column."""
    return {
        "姓名": "何静",
        "工号": "T900001",
        "党支部": BRANCH,
        "党员类别": "正式党员",
        "入党日期": "2015-07-01",
        "转正日期": "2016-07-01",
        **values,
    }


def cells_of(rows: Iterable[dict[str, Any]], heads: Sequence[str] = HEADS) -> list[list[Any]]:
    """Return header and rows as lists of cells."""
    return [list(heads), *([row.get(head) for head in heads] for row in rows)]


def workbook_bytes(*sheets: tuple[str, list[list[Any]]], merged: Iterable[str] = ()) -> bytes:
    """Return a workbook of sheets (title, cells), areas of the first one merged."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for area in merged:
        book.worksheets[0].merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def roster_bytes(*rows: dict[str, Any], heads: Sequence[str] = HEADS) -> bytes:
    """Return a workbook with one roster."""
    return workbook_bytes(("党员名册", cells_of(rows, heads)))


def csv_bytes(rows: list[list[Any]], encoding: str = "gb18030", delimiter: str = ",") -> bytes:
    """Return a CSV file."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    return target.getvalue().encode(encoding)


def with_entry(body: bytes, name: str, content: bytes = b"x") -> bytes:
    """Return a workbook with one more file inside, such as a program."""
    target = io.BytesIO(body)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, content)
    return target.getvalue()
