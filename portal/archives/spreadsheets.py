"""Excel tables as people keep them: found by their header, read cell by cell, written back.

Real tables have a title above the header, merged header cells, columns in another order and
under other names, dates as text and full-width digits. All of that is understood; what is not
is named by sheet, row and column.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from portal.spreadsheets import (
    MOST_COLUMNS,
    Grid,
    NotAWorkbook,
    TooMuchContent,
    add_heading,
    add_row,
    add_sheet,
    read_grids,
    text_cell,
)

LARGEST_BYTES = 20 * 1024 * 1024
HEADER_ROWS = 10
_MOST_MERGED_CELLS = 200_000
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
_NOTES = re.compile(r"[（(\[【].*?[)）\]】]|[\s*＊:：]")
_DATE = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?")
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?$")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        key: its name in the program.
        name: its header as this portal writes it; never translated, like the table itself.
        others: headers under which other tables have it.
        required: a table without the column is of the wrong layout.
        explanation: for the template, what belongs into it.
        example: for the template.
    """

    key: str
    name: str
    others: tuple[str, ...] = ()
    required: bool = False
    explanation: str = ""
    example: str = ""
    width: int = 14


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and what to do about it."""

    message: str
    row: int | None = None
    column: str = ""
    letter: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "message": self.message,
            "row": self.row,
            "column": self.column,
            "cell": f"{self.letter}{self.row}" if self.letter and self.row else "",
        }


@dataclass(frozen=True)
class Row:
    """The cells of one row by the keys of their columns; empty cells are absent."""

    number: int
    cells: dict[str, Any]


@dataclass
class Table:
    """What was read: rows with anything in them, and where each column stands."""

    rows: list[Row] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, row: int, key: str, message: str) -> Problem:
        """Return a problem in a cell."""
        return Problem(message, row, self.names.get(key, key), self.letters.get(key, ""))


def cell_text(value: Any) -> str:
    """Return a cell as one line of text: narrow digits and letters, single spaces, no marks."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    text = unicodedata.normalize("NFC", str(value))
    # Digits and letters become narrow; Chinese punctuation stays as it was typed.
    narrow = "".join(
        unicodedata.normalize("NFKC", sign)
        if "\uff10" <= sign <= "\uff19"
        or "\uff21" <= sign <= "\uff3a"
        or "\uff41" <= sign <= "\uff5a"
        else sign
        for sign in text
    )
    clean = "".join(sign for sign in narrow if unicodedata.category(sign) not in ("Cc", "Cf", "Co")
                    or sign in "\n\t")  # fmt: skip
    return " ".join(clean.split())


def code_text(value: Any) -> str:
    """Return a cell as a code: everything narrow, no spaces at all."""
    return "".join(unicodedata.normalize("NFKC", cell_text(value)).split())


def cell_date(value: Any) -> datetime.date | None:
    """Return the day in a cell: a real date, or 2019-3-5, 2019.3.5, 20190305, 2019年3月5日."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", cell_text(value))).replace(" ", "")
    found = _DATE.fullmatch(text) or _DATE_DIGITS.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def cell_number(value: Any) -> int | None:
    """Return the whole number in a cell, such as 12, 12.0 or "１２ 页"; None for anything else."""
    text = unicodedata.normalize("NFKC", cell_text(value))
    found = re.fullmatch(r"(\d{1,9})\s*[页张件]?", text)
    return int(found[1]) if found else None


def header_text(value: Any) -> str:
    """Return a header without notes in brackets, stars and spaces."""
    return _NOTES.sub("", unicodedata.normalize("NFKC", cell_text(value)))


def read_table(body: bytes, columns: Sequence[Column], most_rows: int) -> Table:
    """Read the first sheet that has the columns; problems of layout stand in the result."""
    table = Table()
    if body.startswith(_OLD_EXCEL):
        table.problems.append(
            Problem(
                _(
                    "The table is in the old format (.xls or .et) or has a password. Open it, "
                    "save it as Excel workbook (.xlsx) without a password, and upload that."
                )
            )
        )
        return table
    try:
        # Title and header stand above the rows; one row more shows that there are too many.
        grids = read_grids(body, HEADER_ROWS + 2 + most_rows)
    except TooMuchContent:
        table.problems.append(Problem(_("The table unpacks to more than any catalogue can hold.")))
        return table
    except NotAWorkbook:
        table.problems.append(
            Problem(
                _("This is not an Excel workbook (.xlsx). Save the table as .xlsx and try again.")
            )
        )
        return table
    _fill(table, grids, columns, most_rows)
    return table


def _fill(table: Table, grids: list[Grid], columns: Sequence[Column], most_rows: int) -> None:
    best: tuple[int, Grid, int, dict[int, Column]] | None = None
    for sheet in grids:
        found = _header(sheet, columns)
        if found and (best is None or len(found[1]) > best[0]):
            best = (len(found[1]), sheet, *found)
    required = [column for column in columns if column.required]
    if best is None:
        table.problems.append(
            Problem(
                _(
                    "No header was found in the first %(count)d rows. These columns are "
                    "needed: %(names)s."
                )
                % {"count": HEADER_ROWS, "names": "、".join(column.name for column in required)}
            )
        )
        return
    _count, sheet, last_header_row, places = best
    for place, column in places.items():
        if column.key in table.letters:
            table.problems.append(
                Problem(
                    _("The column appears twice, here and in column %(other)s.")
                    % {"other": table.letters[column.key]},
                    last_header_row,
                    column.name,
                    get_column_letter(place),
                )
            )
            continue
        table.letters[column.key] = get_column_letter(place)
        table.names[column.key] = column.name
    for column in required:
        if column.key not in table.letters:
            table.problems.append(
                Problem(
                    _("The column “%(name)s” is missing in the header.") % {"name": column.name},
                    last_header_row,
                    column.name,
                )
            )
    if table.problems:
        return
    merged = _merged_values(sheet, last_header_row + 1)
    numbers = {number for number in sheet.rows if number > last_header_row}
    for number in sorted(numbers | {number for number, _place in merged}):
        row = {
            column.key: value
            for place, column in places.items()
            if cell_text(value := merged.get((number, place), sheet.value(number, place)))
        }
        if not row:
            continue
        if len(table.rows) >= most_rows:
            table.problems.append(
                Problem(
                    _("There are more than %(count)d rows. Split the table and upload the parts.")
                    % {"count": most_rows},
                    number,
                )
            )
            return
        table.rows.append(Row(number, row))
    if not table.rows:
        table.problems.append(Problem(_("There is no row below the header."), last_header_row + 1))


def _merged_values(sheet: Grid, first_row: int) -> dict[tuple[int, int], Any]:
    """Return what merged cells show below the header, such as one box for many rows."""
    values: dict[tuple[int, int], Any] = {}
    for min_row, min_place, max_row, max_place in sheet.merged:
        value = sheet.value(min_row, min_place)
        cells = (max_row - min_row + 1) * (max_place - min_place + 1)
        if min_row < first_row or value is None or cells + len(values) > _MOST_MERGED_CELLS:
            continue
        for row in range(min_row, max_row + 1):
            for place in range(min_place, max_place + 1):
                values[row, place] = value
    return values


def _header(sheet: Grid, columns: Sequence[Column]) -> tuple[int, dict[int, Column]] | None:
    """Return the last row of the header and which column stands where; None without any."""
    by_name = {
        header_text(name): column for column in columns for name in (column.name, *column.others)
    }
    shown: dict[tuple[int, int], Any] = {}
    for min_row, min_place, max_row, max_place in sheet.merged:
        if min_row > HEADER_ROWS + 1:
            continue
        value = sheet.value(min_row, min_place)
        for row in range(min_row, min(max_row, HEADER_ROWS + 1) + 1):
            for place in range(min_place, min(max_place, MOST_COLUMNS) + 1):
                shown[row, place] = value

    def named(row: int, place: int) -> Column | None:
        value = shown.get((row, place), sheet.value(row, place))
        return by_name.get(header_text(value))

    width = max((place for _row, place in shown), default=0)
    width = max(width, sheet.width)
    best: tuple[int, int, dict[int, Column]] | None = None
    for row in range(1, HEADER_ROWS + 1):
        for height in (1, 2):
            places = {}
            for place in range(1, width + 1):
                below = named(row + height - 1, place)
                if column := below or named(row, place):
                    places[place] = column
            count = len({column.key for column in places.values()})
            if count and (best is None or count > best[0]):
                best = (count, row + height - 1, places)
    return (best[1], best[2]) if best else None


def write_table(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], title: str = "Sheet1"
) -> Workbook:
    """Return a workbook of one sheet with a header that stays in sight; rows flow through."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, title, (column.width for column in columns))
    sheet.append(_header_cells(sheet, columns))
    for row in rows:
        add_row(sheet, row)
    return book


def write_template(columns: Sequence[Column], title: str, notes: Sequence[str]) -> Workbook:
    """Return an empty table with one example row and a second sheet that explains it."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, title, (column.width for column in columns))
    sheet.append(_header_cells(sheet, columns))
    examples = [text_cell(sheet, column.example) for column in columns]
    for cell in examples:
        cell.number_format = "@"
        cell.font = Font(italic=True, color="595959")
    sheet.append(examples)
    page = add_sheet(book, "填写说明", (18, 8, 80))
    add_heading(page, ("列名", "必填", "说明"))
    lines = [(column.name, "是" if column.required else "", column.explanation)
             for column in columns]  # fmt: skip
    for line in (*lines, (), *(("", "", note) for note in notes)):
        cells = [text_cell(page, value) for value in line]
        for cell in cells[2:]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.append(cells)
    return book


def _header_cells(sheet: Any, columns: Sequence[Column]) -> list[Any]:
    thin = Side(style="thin", color="8C8C8C")
    cells = [text_cell(sheet, column.name) for column in columns]
    for cell in cells:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FDF1EF")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    return cells
