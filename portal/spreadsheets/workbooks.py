"""Excel workbooks, written and read safely: texts stay texts, and no file fills the memory."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

# The reader of rows behind openpyxl's read-only sheets, which leave merged cells out.
from openpyxl.worksheet._reader import WorkSheetParser

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for a formula or a command when a cell is edited again.
# Source: OWASP, CSV injection.
_RISKY = re.compile(r"^\s*[=+\-@\t\r\n]")
#: What a workbook may unpack to: a catalogue of 20,000 rows has about 15 MB.
LARGEST_CONTENT_BYTES = 60 * 1024 * 1024
MOST_COLUMNS = 100
MOST_SHEETS = 30
_MOST_MERGED_AREAS = 50_000
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


def add_sheet(book: Workbook, title: str, widths: Iterable[int] = ()) -> Any:
    """Return a new sheet of a write-only workbook whose first row stays in sight."""
    sheet: Any = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    return sheet


def add_heading(sheet: Any, words: Iterable[Any]) -> None:
    """Append a row of headers."""
    cells = [text_cell(sheet, word) for word in words]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)


def add_row(sheet: Any, values: Iterable[Any]) -> None:
    """Append a row of values that are never computed."""
    sheet.append([text_cell(sheet, value) for value in values])


def saved(book: Workbook) -> IO[bytes]:
    """Return a finished workbook as an open temporary file, to be read from its beginning."""
    target = tempfile.TemporaryFile(prefix="workbook-")  # noqa: SIM115  the response closes it
    book.save(target)
    target.seek(0)
    return target


def workbook_response(workbook: Workbook | IO[bytes], name: str) -> FileResponse:
    """Hand out a workbook under a file name; nobody between keeps it."""
    opened = saved(workbook) if isinstance(workbook, Workbook) else workbook
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


class NotAWorkbook(ValueError):
    """The bytes are no Excel workbook (.xlsx)."""


class TooMuchContent(ValueError):
    """The workbook unpacks to more than it may."""


@dataclass
class Grid:
    """The values of one sheet by row and place (from 1); empty cells are absent.

    Attributes:
        merged: areas shown as one cell: first row, first place, last row, last place.
    """

    title: str
    rows: dict[int, dict[int, Any]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def value(self, row: int, place: int) -> Any:
        """Return what stands in a cell, None for nothing."""
        return self.rows.get(row, {}).get(place)

    @property
    def width(self) -> int:
        """The last place with a value."""
        return max((max(cells) for cells in self.rows.values()), default=0)


def read_grids(
    body: bytes, most_rows: int, largest_content: int = LARGEST_CONTENT_BYTES
) -> list[Grid]:
    """Return the sheets of a workbook with the cells that hold a value.

    What programs leave behind, such as a coloured cell in the last row there can be, costs
    nothing: only rows with a value are kept, and of each its first `MOST_COLUMNS` places.

    Args:
        body: the file.
        most_rows: more rows with a value are not kept, of each sheet.
        largest_content: what the file may unpack to, in bytes.

    Raises:
        NotAWorkbook: it is none, or it is damaged.
        TooMuchContent: it unpacks to more.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > largest_content:
                raise TooMuchContent(largest_content)
        with closing(load_workbook(io.BytesIO(body), read_only=True, data_only=True)) as book:
            return [_grid(sheet, most_rows) for sheet in book.worksheets[:MOST_SHEETS]]
    except TooMuchContent:
        raise
    except (
        *(zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError),
        *(OSError, EOFError, SyntaxError, AttributeError, IndexError, RuntimeError),
    ) as error:
        # What the workbook reader raises for files that are none.
        raise NotAWorkbook(str(error)) from error


def _grid(sheet: Any, most_rows: int) -> Grid:
    grid = Grid(sheet.title)
    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            parser.row_dimensions.clear()
            values = {
                cell["column"]: cell["value"]
                for cell in cells
                if cell["column"] <= MOST_COLUMNS
                and cell["value"] is not None
                and str(cell["value"]).strip()
            }
            if values and len(grid.rows) < most_rows:
                grid.rows[number] = values
    grid.merged = list(_merged_areas(parser))
    return grid


def _merged_areas(parser: Any) -> Iterator[tuple[int, int, int, int]]:
    merged: Sequence[Any] = parser.merged_cells.mergeCell if parser.merged_cells else ()
    for area in merged[:_MOST_MERGED_AREAS]:
        yield area.min_row, area.min_col, area.max_row, area.max_col
