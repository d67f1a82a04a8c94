"""The calendar of a year as an Excel sheet: written, and read with each fault by its cell."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from portal.spreadsheets import (
    NotAWorkbook,
    TooMuchContent,
    add_heading,
    add_row,
    add_sheet,
    read_grids,
)
from portal.workdays.calendar import SATURDAY
from portal.workdays.models import DayKind
from portal.workdays.published import PublishedDay

# The words of the sheet are the words of the State Council's notice, in every language.
HEADER = ("日期", "类型", "名称")
KIND_WORDS = {"休": DayKind.HOLIDAY, "班": DayKind.WORKING}
LARGEST_FILE = 1024 * 1024
LARGEST_CONTENT = 20 * 1024 * 1024
MOST_ROWS = 400
NAME_LENGTH = 60
# New Year, Spring Festival, Qingming, Labour Day, Dragon Boat, Mid-Autumn, National Day.
# Source: the regulations on public holidays of 2024, article 2.
STATUTORY_DAYS = 13


@dataclass(frozen=True)
class SheetFault:
    """What is wrong in one cell, and what to do."""

    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        return _("Row %(row)d, column %(column)s: %(problem)s") % {
            "row": self.row,
            "column": self.column,
            "problem": self.problem,
        }


@dataclass
class ReadSheet:
    """What a sheet holds: days without a fault, and the faults of the others."""

    days: list[PublishedDay] = field(default_factory=list)
    faults: list[SheetFault | str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def write_sheet(days: Iterable[PublishedDay]) -> Workbook:
    """Return the days as an Excel workbook that `read_sheet` reads back."""
    words = {kind.value: word for word, kind in KIND_WORDS.items()}
    workbook = Workbook(write_only=True)
    sheet = add_sheet(workbook, "节假日", (14, 8, 24))
    add_heading(sheet, HEADER)
    for day in days:
        add_row(sheet, (day.date, words[day.kind], day.name))
    return workbook


def read_sheet(content: bytes, year: int) -> ReadSheet:
    """Read the first sheet of an Excel file; no fault stops the reading of other rows."""
    result = ReadSheet()
    try:
        rows = _rows(content)
    except (NotAWorkbook, TooMuchContent):
        result.faults.append(
            _("This is not an Excel workbook (.xlsx). Please save it as .xlsx and try again.")
        )
        return result
    (_first, header), *others = rows
    for position, expected in enumerate(HEADER):
        found = str(header[position] or "").strip()
        if found != expected:
            result.faults.append(
                SheetFault(
                    1,
                    "ABC"[position],
                    _("Expected “%(expected)s”, found “%(found)s”.")
                    % {"expected": expected, "found": found},
                )
            )
    if result.faults:
        return result
    _read_days(others, year, result)
    return result


def _rows(content: bytes) -> list[tuple[int, tuple[Any, ...]]]:
    """Return the rows with a value and their numbers, the header first even when it is empty."""
    grids = read_grids(content, MOST_ROWS + 2, LARGEST_CONTENT)
    if not grids:
        raise NotAWorkbook("no sheet")
    numbers = sorted({1, *grids[0].rows})
    places = range(1, len(HEADER) + 1)
    return [
        (number, tuple(grids[0].value(number, place) for place in places)) for number in numbers
    ]


def _read_days(rows: list[tuple[int, tuple[Any, ...]]], year: int, result: ReadSheet) -> None:
    seen: dict[datetime.date, int] = {}
    for count, (number, (date_cell, kind_cell, name_cell)) in enumerate(rows, start=1):
        if all(cell is None or not str(cell).strip() for cell in (date_cell, kind_cell, name_cell)):
            continue
        if count > MOST_ROWS:
            result.faults.append(
                _("The sheet has more than %(count)d rows.") % {"count": MOST_ROWS}
            )
            return
        faults: list[SheetFault] = []
        day = _date(date_cell)
        kind = KIND_WORDS.get(str(kind_cell or "").strip())
        name = str(name_cell or "").strip()
        if day is None:
            problem = _("“%(text)s” is not a date; write it as 2027-01-01.")
            faults.append(SheetFault(number, "A", problem % {"text": date_cell or ""}))
        elif day.year != year:
            problem = _("%(date)s is not in %(year)d.")
            faults.append(SheetFault(number, "A", problem % {"date": day, "year": year}))
        elif day in seen:
            problem = _("%(date)s stands in row %(row)d already.")
            faults.append(SheetFault(number, "A", problem % {"date": day, "row": seen[day]}))
        if kind is None:
            problem = _("“%(text)s” is neither 休 (day off) nor 班 (worked in exchange).")
            faults.append(SheetFault(number, "B", problem % {"text": kind_cell or ""}))
        elif kind == DayKind.WORKING and day is not None and day.weekday() < SATURDAY:
            problem = _("%(date)s is no Saturday or Sunday, so it is worked anyway.")
            faults.append(SheetFault(number, "B", problem % {"date": day}))
        if not name:
            faults.append(SheetFault(number, "C", _("The name of the holiday is missing.")))
        elif len(name) > NAME_LENGTH:
            problem = _("The name is longer than %(count)d characters.")
            faults.append(SheetFault(number, "C", problem % {"count": NAME_LENGTH}))
        if day is not None:
            seen.setdefault(day, number)
        result.faults.extend(faults)
        if not faults and day is not None and kind is not None:
            result.days.append(PublishedDay(day, kind.value, name))
    _judge(result)


def _judge(result: ReadSheet) -> None:
    if result.faults:
        return
    if not result.days:
        result.faults.append(_("The sheet holds no day."))
        return
    result.days.sort()
    holidays = sum(day.kind == DayKind.HOLIDAY for day in result.days)
    if holidays < STATUTORY_DAYS:
        result.warnings.append(
            _(
                "The sheet has %(count)d days off, fewer than the %(least)d of the regulations."
                " Please compare it with the notice."
            )
            % {"count": holidays, "least": STATUTORY_DAYS}
        )


def _date(cell: Any) -> datetime.date | None:
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    text = str(cell or "").strip().replace("/", "-").replace(".", "-")
    text = text.replace("年", "-").replace("月", "-").removesuffix("日")
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return datetime.date(year, month, day)
    except ValueError:
        return None
