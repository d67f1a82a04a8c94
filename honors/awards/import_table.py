"""A workbook of old honors, read into lines; every fault is named by row and column."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from honors.awards.forms import plain_words
from honors.models import Award, Gender, SubjectKind, Title
from honors.models.awards import EARLIEST_YEAR
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.spreadsheets import (
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

MOST_ROWS = 5_000
LARGEST_FILE = 10 * 1024 * 1024
SHEET = "历年荣誉"
HEADER_WITHIN = 10
OLDEST_AGE = 120
COLUMNS = {
    "title": "称号",
    "year": "年度",
    "name": "获奖人（单位）",
    "employee_number": "工号",
    "position": "岗位或班组",
    "unit": "所在单位",
    "decision_number": "表彰文号",
    "decided_on": "表彰日期",
    "number": "证书编号",
    "gender": "性别",
    "age": "年龄",
    "front_line": "一线",
    "photograph": "照片文件名",
}
REQUIRED = ("title", "year", "name", "unit", "decision_number", "decided_on")
_LONGEST = {"name": 60, "position": 60, "decision_number": 60, "number": 40, "photograph": 200}
_GENDERS = {"女": Gender.FEMALE.value, "男": Gender.MALE.value}
_YES_NO = {"是": True, "否": False}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class Line:
    """One honor that reads well by itself; `values` by the names of `COLUMNS`."""

    row: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """What a workbook holds, and the letter of each column it has."""

    lines: list[Line]
    letters: dict[str, str]


class _Wrong(ValueError):
    """A cell that is not understood, with the sentence for it."""


def refuse(words: str, row: int = 0, column: str = "") -> SheetRefused:
    """Return the refusal of a whole file."""
    return SheetRefused([CellFault(row, column, words)])


def read_lines(body: bytes) -> list[Line]:
    """Return the honors of a workbook; see `read_table`."""
    return read_table(body).lines


def read_table(body: bytes) -> Table:
    """Return the honors of a workbook.

    Raises:
        SheetRefused: with every fault that the workbook shows by itself.
    """
    grid, first, places = _table(body)
    rows = [row for row in sorted(grid.rows) if row >= first]
    if not rows:
        raise refuse(_("The sheet has no row below its headers."))
    if len(rows) > MOST_ROWS:
        raise refuse(
            _("The sheet has more than %(count)d rows. Please split it.") % {"count": MOST_ROWS}
        )
    lines, faults = [], []
    known = Known(grid, rows, places)
    for row in rows:
        values, wrong = known.line(row)
        faults += wrong
        if not wrong:
            lines.append(Line(row, values))
    faults += repeated(lines, places)
    if faults:
        raise SheetRefused(sorted(faults, key=lambda fault: (fault.row, fault.column)))
    return Table(lines, {name: get_column_letter(place) for name, place in places.items()})


def _table(body: bytes) -> tuple[Grid, int, dict[str, int]]:
    try:
        grids = read_grids(body, MOST_ROWS + HEADER_WITHIN + 1)
    except TooMuchContent as error:
        raise refuse(_("The workbook holds too much. Please split it.")) from error
    except NotAWorkbook as error:
        raise refuse(_("The file is no Excel workbook (.xlsx), or it is damaged.")) from error
    for grid in grids:
        for row in sorted(grid.rows)[:HEADER_WITHIN]:
            places = _header(grid.rows[row])
            if set(REQUIRED) <= set(places):
                return grid, row + 1, places
    wanted = "、".join(COLUMNS[name] for name in REQUIRED)
    raise refuse(_("No sheet has the columns %(columns)s in its first rows.") % {"columns": wanted})


def _day(value: Any, text: str) -> datetime.date | None:
    """Return the day a cell names as a date or in words, None for none."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    match = _DAY.fullmatch(text)
    try:
        return datetime.date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _header(cells: dict[int, Any]) -> dict[str, int]:
    names = {"".join(name.split()): code for code, name in COLUMNS.items()}
    places: dict[str, int] = {}
    for place, value in sorted(cells.items()):
        code = names.get("".join(str(value).split()).strip("*＊"))
        if code and code not in places:
            places[code] = place
    return places


class Known:
    """What the cells of a workbook are looked up in, by four queries for any number of rows."""

    def __init__(self, grid: Grid, rows: list[int], places: dict[str, int]) -> None:
        self.grid, self.places = grid, places
        self.today = timezone.localdate()
        self.titles = {row.name: row for row in Title.objects.all()}
        self.units: dict[str, list[Unit]] = {}
        for unit in Unit.objects.order_by("path"):
            for name in {unit.code, unit.name, unit.short_name} - {""}:
                self.units.setdefault(name, []).append(unit)
        numbers = {self.text(row, "employee_number") for row in rows} - {""}
        self.people = {
            person.employee_number: person
            for person in Person.objects.filter(employee_number__in=numbers)
        }
        typed = {self.text(row, "number") for row in rows} - {""}
        self.numbers = set(Award.objects.filter(number__in=typed).values_list("number", flat=True))

    def text(self, row: int, name: str) -> str:
        """Return what stands in a cell as one plain line."""
        value = self.grid.value(row, self.places[name]) if name in self.places else None
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return plain_words(str(value))

    def line(self, row: int) -> tuple[dict[str, Any], list[CellFault]]:
        """Return the values of a row, or what is wrong with it."""
        values: dict[str, Any] = {}
        faults = []
        for name in COLUMNS:
            try:
                values[name] = self._value(row, name)
            except _Wrong as wrong:
                faults.append(CellFault(row, self.column(name), str(wrong)))
        if not faults:
            faults = [
                CellFault(row, self.column(name), words) for name, words in self._together(values)
            ]
        return values, faults

    def column(self, name: str) -> str:
        """Return the letter of a column, empty for one the workbook does not have."""
        return get_column_letter(self.places[name]) if name in self.places else ""

    def _value(self, row: int, name: str) -> Any:
        text = self.text(row, name)
        if not text and name in REQUIRED:
            raise _Wrong(_("Please fill in “%(column)s”.") % {"column": COLUMNS[name]})
        if name in _LONGEST and len(text) > _LONGEST[name]:
            raise _Wrong(_("At most %(count)d characters.") % {"count": _LONGEST[name]})
        read = getattr(self, f"_read_{name}", None)
        return read(text, row) if read is not None else text

    def _read_title(self, text: str, row: int) -> str:
        if text not in self.titles:
            raise _Wrong(
                _("There is no title “%(name)s”. Please write it as in the list of titles.")
                % {"name": text[:40]}
            )
        return self.titles[text].code

    def _read_year(self, text: str, row: int) -> int:
        plain = unicodedata.normalize("NFKC", text).removesuffix("年").removesuffix("年度")
        if not re.fullmatch(r"\d{4}", plain):
            raise _Wrong(_("Please write the year with four digits."))
        year = int(plain)
        if not EARLIEST_YEAR <= year <= self.today.year:
            raise _Wrong(
                _("The year lies between %(first)d and %(last)d.")
                % {"first": EARLIEST_YEAR, "last": self.today.year}
            )
        return year

    def _read_unit(self, text: str, row: int) -> str:
        found = self.units.get(text, [])
        if not found:
            raise _Wrong(
                _("There is no unit “%(name)s”. Please write its name or code.")
                % {"name": text[:40]}
            )
        if len({unit.pk for unit in found}) > 1:
            raise _Wrong(_("Several units have this name. Please write the code."))
        return str(found[0].code)

    def _read_decided_on(self, text: str, row: int) -> str:
        value = self.grid.value(row, self.places["decided_on"])
        day = _day(value, unicodedata.normalize("NFKC", text))
        if day is None:
            raise _Wrong(_("Please write the day like 2026-11-21."))
        if day > self.today:
            raise _Wrong(_("This day has not come yet."))
        return day.isoformat()

    def _read_employee_number(self, text: str, row: int) -> str:
        if text and text not in self.people:
            raise _Wrong(
                _("Nobody has the employee number %(number)s. Please check it.")
                % {"number": text[:20]}
            )
        return text

    def _read_number(self, text: str, row: int) -> str:
        if text in self.numbers:
            raise _Wrong(_("Another certificate has this number. Please check it."))
        return text

    def _read_gender(self, text: str, row: int) -> str:
        if text and text not in _GENDERS:
            raise _Wrong(_("Please write 男 or 女, or leave it empty."))
        return _GENDERS.get(text, "")

    def _read_front_line(self, text: str, row: int) -> bool | None:
        if text and text not in _YES_NO:
            raise _Wrong(_("Please write 是 or 否, or leave it empty."))
        return _YES_NO.get(text)

    def _read_age(self, text: str, row: int) -> int | None:
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) <= OLDEST_AGE):
            raise _Wrong(_("Please write the age in years, or leave it empty."))
        return int(text)

    def _together(self, values: dict[str, Any]) -> list[tuple[str, str]]:
        """Return what does not fit together within one row."""
        found = []
        title = next(row for row in self.titles.values() if row.code == values["title"])
        if values["year"] > int(values["decided_on"][:4]):
            found.append(("year", _("The decision was made before this year.")))
        person = self.people.get(values["employee_number"])
        if person is not None and title.subject_kind != SubjectKind.PERSON:
            words = _("“%(title)s” is not given to a single person. Please leave this empty.")
            found.append(("employee_number", words % {"title": title.name}))
        elif person is not None and person.name != values["name"]:
            words = _("The employee number belongs to somebody with another name.")
            found.append(("employee_number", words))
        return found


def subject_of(values: dict[str, Any]) -> tuple[Any, ...]:
    """Return what makes two honors the same one."""
    if values["employee_number"]:
        return values["title"], values["year"], values["employee_number"]
    return values["title"], values["year"], values["unit"], values["name"]


def repeated(lines: list[Line], places: dict[str, int]) -> list[CellFault]:
    """Return the rows that say what an earlier row said, or give a number a second time."""
    faults: list[CellFault] = []
    seen: dict[Any, int] = {}
    for line in lines:
        keys: list[tuple[str, Any]] = [("name", subject_of(line.values))]
        if line.values["number"]:
            keys.append(("number", line.values["number"]))
        for name, key in keys:
            if key in seen:
                words = _("Row %(row)d says the same already.") % {"row": seen[key]}
                faults.append(CellFault(line.row, get_column_letter(places[name]), words))
            seen.setdefault(key, line.row)
    return faults


def write_template() -> IO[bytes]:
    """Return the empty workbook with its columns, and a sheet that explains them."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, SHEET, [18] * len(COLUMNS))
    add_heading(sheet, [f"{name}*" if code in REQUIRED else name for code, name in COLUMNS.items()])
    words = add_sheet(book, "填表说明", [24, 80])
    add_heading(words, ["栏目", "说明"])
    for row in (
        ("称号", "与“荣誉称号”页的名称一致"),
        ("工号", "个人称号填写，荣誉随之记入本人记录；集体称号不填"),
        ("所在单位", "填单位全称、简称或编码；同名的填编码"),
        ("表彰日期", "写成2026-11-21"),
        ("证书编号", "已有证书的照填；不填的，确认后按年度自动编号"),
        ("性别、年龄、一线", "用于统计；性别填男或女，一线填是或否，不知道的不填"),
        ("照片文件名", "与压缩包中的文件名一致，例如 李建民.jpg；没有照片的不填"),
    ):
        add_row(words, row)
    return saved(book)
