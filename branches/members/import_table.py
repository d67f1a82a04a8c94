"""A roster file: Excel or CSV, with titles, merged headers and remarks, read into lines.

Nothing is looked up here; what is compared with the portal is in `import_compare`.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from branches.members.import_cells import REQUIRED, attribute_of, columns, text_of
from portal.spreadsheets import (
    MOST_COLUMNS,
    Grid,
    NotAWorkbook,
    TooMuchContent,
    add_heading,
    add_row,
    add_sheet,
    read_grids,
    saved,
)
from portal.spreadsheets.faults import CellFault, SheetRefused

MOST_ROWS = 20_000
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_CONTENT = 100 * 1024 * 1024
SHEET = "党员名册"
#: The header stands in one of the first rows, below titles and remarks.
HEADER_WITHIN = 20
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b')
_FOOTER = re.compile(r"(合计|总计|小计|填表|制表|审核|备注|说明|注)\s*[:：人]?")


@dataclass(frozen=True)
class Line:
    """One row that reads well by itself.

    Attributes:
        number: its row in the file.
        values: what its cells say, by the name of the column.
    """

    number: int
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class Table:
    """What a file holds.

    Attributes:
        letters: the letter of each known column in this file.
        left_out: headers that are not known.
    """

    lines: list[Line]
    faults: list[CellFault]
    letters: dict[str, str]
    left_out: list[str]


def _refuse(words: str, row: int = 0, column: str = "") -> SheetRefused:
    return SheetRefused([CellFault(row, column, words)])


def read_table(body: bytes) -> Table:
    """Return the rows that read well, and what is wrong with cells and within a row.

    Raises:
        SheetRefused: it is no such file, or not a roster.
    """
    grids = _workbook(body) if body[:2] == b"PK" else [_text_file(body)]
    grid, first, places, left_out = _roster(grids)
    _fill_merged(grid, first, set(places.values()))
    letters = {name: get_column_letter(place) for name, place in places.items()}
    numbers = [number for number in sorted(grid.rows) if number >= first]
    numbers = [number for number in numbers if not _is_remark(grid, number, places)]
    if not numbers:
        raise _refuse(_("The sheet has no row below its headers."))
    if len(numbers) > MOST_ROWS:
        raise _refuse(
            _("The sheet has more than %(count)d rows. Please split it by branches.")
            % {"count": MOST_ROWS},
            numbers[MOST_ROWS],
        )
    lines, faults = _lines(grid, numbers, places, letters)
    return Table(lines, faults, letters, left_out)


def _workbook(body: bytes) -> list[Grid]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST_CONTENT:
                raise TooMuchContent(LARGEST_CONTENT)
            _refuse_programs(archive, [entry.filename for entry in entries])
        grids = read_grids(body, MOST_ROWS + HEADER_WITHIN + 5, LARGEST_CONTENT)
    except TooMuchContent as error:
        raise _refuse(_("The workbook holds too much. Please split it by branches.")) from error
    except (NotAWorkbook, zipfile.BadZipFile, NotImplementedError) as error:
        raise _refuse(_("The file is no Excel workbook (.xlsx), or it is damaged.")) from error
    if not grids:
        raise _refuse(_("The workbook has no sheet."))
    return grids


def _refuse_programs(archive: zipfile.ZipFile, names: list[str]) -> None:
    """Refuse macros and formulas: what a cell shows then depends on a program.

    Raises:
        SheetRefused: with the cell of the first formula.
    """
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refuse(_("The workbook has macros. Please save it as .xlsx without macros."))
    for name in names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            found = _FORMULA.search(archive.read(name))
            if found is not None:
                cell = found.group(1).decode()
                raise _refuse(
                    _("Cell %(cell)s is a formula. Please copy and paste everything as values.")
                    % {"cell": cell},
                    int(re.sub(r"\D", "", cell)),
                    re.sub(r"\d", "", cell),
                )


def _text_file(body: bytes) -> Grid:
    """Return a CSV file as a sheet: UTF-8, UTF-16 or GBK, with commas, semicolons or tabs."""
    if body.startswith(_OLD_EXCEL):
        raise _refuse(
            _("This is an old .xls file, or one with a password. Please save it as .xlsx without.")
        )
    text = _decoded(body)
    head = text[:2000]
    delimiter = max(",;\t", key=head.count)
    grid = Grid("CSV")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            values = {
                place: value
                for place, value in enumerate(cells[:MOST_COLUMNS], start=1)
                if value.strip()
            }
            for place, value in values.items():
                if value.startswith("=") and not re.fullmatch(r'="[^"]*"', value):
                    raise _refuse(
                        _("Cell %(cell)s is a formula. Please copy and paste everything as values.")
                        % {"cell": f"{get_column_letter(place)}{number}"},
                        number,
                        get_column_letter(place),
                    )
                if value.startswith('="'):
                    values[place] = value[2:-1]
            if values:
                grid.rows[number] = values
            if len(grid.rows) > MOST_ROWS + HEADER_WITHIN + 5:
                break
    except csv.Error as error:
        raise _refuse(_("The file is no table. Please save it as Excel workbook.")) from error
    return grid


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _refuse(_("The file is neither an Excel workbook (.xlsx) nor a CSV file."))


def _roster(grids: list[Grid]) -> tuple[Grid, int, dict[str, int], list[str]]:
    """Return the sheet with the roster, its first row of data, its columns, unknown headers.

    Raises:
        SheetRefused: no sheet has the columns, or several have, or one stands there twice.
    """
    found = []
    for grid in grids:
        header = _header(grid)
        if header is not None:
            found.append((grid, *header))
    if len(found) > 1:
        found = [one for one in found if one[0].title.strip() == SHEET] or found
    if not found:
        names = "、".join(f"“{grid.title}”" for grid in grids[:5])
        wanted = "、".join(columns()[name].column_name for name in REQUIRED)
        raise _refuse(
            _("No sheet has the columns %(columns)s in its first rows. Sheets: %(names)s.")
            % {"columns": wanted, "names": names}
        )
    if len(found) > 1:
        names = "、".join(f"“{one[0].title}”" for one in found[:5])
        raise _refuse(
            _("Several sheets hold a roster: %(names)s. Please keep one.") % {"names": names}
        )
    return found[0]


def _header(grid: Grid) -> tuple[int, dict[str, int], list[str]] | None:
    """Return the first row of data, the place of each column, and headers that are not known.

    Headers may stand in two rows: a wide one above ("党员信息") and the columns below.
    """
    for number in sorted(grid.rows)[:HEADER_WITHIN]:
        places = _known(grid, number)
        below = _known(grid, number + 1)
        if len(below) > 0 and not set(places) & set(below):
            merged = {**places, **below}
        else:
            merged, below = places, {}
        if set(REQUIRED) <= set(merged):
            last = number + 1 if below else number
            heads = {**grid.rows.get(number, {}), **(grid.rows.get(last, {}) if below else {})}
            unknown = [
                text_of(value)[:20]
                for place, value in sorted(heads.items())
                if place not in merged.values()
            ]
            return last + 1, merged, unknown
    return None


def _known(grid: Grid, number: int) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, value in sorted(grid.rows.get(number, {}).items()):
        name = attribute_of(value)
        if name and name in places:
            raise _refuse(
                _("The column “%(name)s” stands here twice.") % {"name": text_of(value)[:30]},
                number,
                get_column_letter(place),
            )
        if name:
            places[name] = place
    return places


def _fill_merged(grid: Grid, first: int, places: set[int]) -> None:
    """Let every cell of a merged area below the header say what its first one says.

    Sheets of a whole Party committee merge the name of a branch over the rows of its members.
    """
    for top, left, bottom, right in grid.merged:
        if top < first or left != right or left not in places or bottom - top > MOST_ROWS:
            continue
        value = grid.value(top, left)
        for number in range(top + 1, bottom + 1):
            if number in grid.rows and value is not None:
                grid.rows[number].setdefault(left, value)


def _is_remark(grid: Grid, number: int, places: dict[str, int]) -> bool:
    """Whether a row is no member: a header repeated on the next page, a sum, a remark below."""
    cells = grid.rows[number]
    name = text_of(cells.get(places["name"]))
    if attribute_of(name) == "name":
        return True
    known = [place for place in places.values() if place in cells]
    first = text_of(cells[min(cells)])
    return len(known) <= 1 and bool(_FOOTER.match(first))


def _lines(
    grid: Grid, numbers: list[int], places: dict[str, int], letters: dict[str, str]
) -> tuple[list[Line], list[CellFault]]:
    known = columns()
    today = timezone.localdate()
    lines: list[Line] = []
    faults: list[CellFault] = []
    for number in numbers:
        values: dict[str, Any] = {}
        wrong = []
        for name, field in known.items():
            value = grid.value(number, places[name]) if name in places else None
            try:
                values[name] = field.widget.clean(value)
            except ValueError as error:
                wrong.append(CellFault(number, letters.get(name, ""), str(error)))
        if not wrong:
            wrong = [
                CellFault(number, letters.get(name, ""), words)
                for name, words in within(values, today)
            ]
        if wrong:
            faults += wrong
        else:
            lines.append(Line(number, values))
    return lines, faults


def within(values: dict[str, Any], today: datetime.date) -> Iterator[tuple[str, str]]:
    """Yield what does not fit together within one row."""
    joined, confirmed, since = values["joined_on"], values["confirmed_on"], values["valid_from"]
    if not values["employee_number"] and not values["identity_number"]:
        yield (
            "employee_number",
            _("Please write the employee number or the identity number."),
        )
    if joined > today:
        yield "joined_on", _("This day lies in the future.")
    if confirmed and confirmed < joined:
        yield "confirmed_on", _("This day lies before the joining.")
    if confirmed and confirmed > today:
        yield "confirmed_on", _("This day lies in the future.")
    if values["kind"] == "full" and not confirmed:
        yield "confirmed_on", _("A full member has a day of confirmation.")
    if values["kind"] == "probationary" and confirmed:
        yield "kind", _("A probationary member has no day of confirmation.")
    if since and since < joined:
        yield "valid_from", _("This day lies before the joining.")
    if since and since > today:
        yield "valid_from", _("This day lies in the future.")


def write_template() -> IO[bytes]:
    """Return the empty workbook with its columns, and a sheet that explains them."""
    book = Workbook(write_only=True)
    known = columns()
    sheet = add_sheet(book, SHEET, [18] * len(known))
    add_heading(sheet, [field.column_name for field in known.values()])
    words = add_sheet(book, "填表说明", [30, 70])
    add_heading(words, ["栏目", "说明"])
    for row in (
        ("工号、身份证号", "至少填一项；身份证号所在列先设为文本格式"),
        ("党支部、党小组", "写全称、简称或编码，与“党支部与班子”页一致"),
        ("党员类别", "正式党员或预备党员；可不填"),
        ("日期", "写成2026-11-21；预备党员不填转正日期"),
        ("进入支部日期", "不填的，按本年1月1日登记；本年入党的按入党日期"),
    ):
        add_row(words, row)
    return saved(book)
