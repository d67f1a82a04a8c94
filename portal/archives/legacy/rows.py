"""Read one row of a catalogue; every cell that is not right is named with the remedy."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives.legacy.columns import PERIODS, SECRECY
from portal.archives.models import ArchiveClass, LegacyItem, RetentionPeriod
from portal.archives.spreadsheets import (
    Problem,
    Row,
    Table,
    cell_date,
    cell_number,
    cell_text,
    code_text,
)
from portal.organizations.models import Unit

EARLIEST = datetime.date(1840, 1, 1)
MOST_FILES_PER_ROW = 200
_SEPARATORS = re.compile(r"[;；\n]+")
_TEXTS = (
    *("reference", "author", "title", "remark", "box"),
    *("physical_form", "resolution", "color_model", "compression"),
)


@dataclass
class Places:
    """Units and classes by everything a catalogue may call them."""

    units: dict[str, Unit]
    classes: dict[str, ArchiveClass]

    @classmethod
    def read(cls) -> Places:
        """Read units, ended ones included, and classes. A name that two units bear is none."""
        units: dict[str, Unit] = {}
        shared: set[str] = set()
        for unit in Unit.objects.order_by("path"):
            for name in {code_text(unit.name), code_text(unit.short_name)} - {""}:
                if name in units:
                    shared.add(name)
                units[name] = unit
        units = {name: unit for name, unit in units.items() if name not in shared}
        units |= {code_text(unit.code).upper(): unit for unit in Unit.objects.all()}
        classes: dict[str, ArchiveClass] = {}
        for found in ArchiveClass.objects.all():
            classes |= {code_text(found.name): found, found.code: found}
        return cls(units, classes)


@dataclass
class ReadItem:
    """One row: what becomes the item, the names of its files, and what is wrong."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_item(table: Table, row: Row, places: Places) -> ReadItem:
    """Return the item of a row with the problems of its cells."""
    item = ReadItem(row)
    reader = _Reader(table, row, item)
    for key in _TEXTS:
        reader.text(key)
    reader.required("title")
    item.values["old_code"] = reader.limited("old_code", code_text(row.cells.get("old_code")))
    _date_and_year(reader)
    reader.choice("secrecy", SECRECY, _secrecy_remedy())
    reader.choice(
        "period",
        PERIODS,
        _("Possible are: %(names)s.") % {"names": "、".join(map(str, RetentionPeriod.labels))},
    )
    reader.known("class", "archive_class", places.classes, _("It is no class of the scheme."))
    reader.known("unit", "unit", places.units, _("There is no unit with this code or name."))
    if "pages" in row.cells:
        pages = cell_number(row.cells["pages"])
        if pages is None:
            reader.problem("pages", _("“%(value)s” is no whole number."))
        item.values["page_count"] = pages
    names = _SEPARATORS.split(str(row.cells.get("files", "")))
    item.files = [name for part in names if (name := cell_text(part))]
    if not item.files:
        reader.problem("files", _("The name of the scan is missing."))
    elif len(item.files) > MOST_FILES_PER_ROW:
        reader.problem("files", _("More than 200 files belong to this row."))
    elif len({name.lower() for name in item.files}) < len(item.files):
        reader.problem("files", _("A file name appears twice in this row."))
    return item


def _secrecy_remedy() -> str:
    return _(
        "Only open and internal documents may be taken over. Classified documents must not "
        "enter this network: take the row and its scan out and tell the secrecy office."
    )


def _date_and_year(reader: _Reader) -> None:
    values, row = reader.item.values, reader.row
    day = cell_date(row.cells["date"]) if "date" in row.cells else None
    if "date" not in row.cells:
        reader.problem("date", _("The date is missing."))
    elif day is None:
        reader.problem(
            "date",
            _("“%(value)s” is no day of the calendar. Write it as 20190305 or 2019-3-5."),
        )
    elif not EARLIEST <= day <= timezone.localdate():
        reader.problem("date", _("“%(value)s” lies before 1840 or in the future."))
        day = None
    year = cell_number(str(row.cells.get("year", "")).rstrip("年 "))
    if "year" not in row.cells:
        reader.problem("year", _("The year is missing."))
    elif year is None or not EARLIEST.year <= year <= timezone.localdate().year:
        reader.problem("year", _("“%(value)s” is no year of four digits up to this one."))
    elif day is not None and day.year != year:
        reader.problem(
            "year", _("“%(value)s” is not the year of the date in this row."), date=day.isoformat()
        )
    values["document_date"], values["year"] = day, year


class _Reader:
    """Reads the cells of one row into an item."""

    def __init__(self, table: Table, row: Row, item: ReadItem) -> None:
        self.table, self.row, self.item = table, row, item

    def problem(self, key: str, message: str, **words: str) -> None:
        value = cell_text(self.row.cells.get(key))[:60]
        if "%(" in message:
            message = message % {"value": value, **words}
        self.item.problems.append(self.table.problem(self.row.number, key, message))

    def limited(self, key: str, text: str) -> str:
        most = getattr(LegacyItem._meta.get_field(key), "max_length", None) or 255
        if len(text) > most:
            self.problem(
                key,
                _("It has %(length)s characters; at most %(most)s are possible."),
                length=str(len(text)),
                most=str(most),
            )
        return text[:most]

    def text(self, key: str) -> None:
        self.item.values[key] = self.limited(key, cell_text(self.row.cells.get(key)))

    def required(self, key: str) -> None:
        if not self.item.values[key]:
            self.problem(key, _("The title is missing."))

    def choice(self, key: str, choices: dict[str, str], remedy: str) -> None:
        text = code_text(self.row.cells.get(key)).upper()
        if text in choices:
            self.item.values[key] = choices[text]
        elif not text:
            self.problem(key, _("The retention period is missing.") + " " + remedy)
        else:
            shown = cell_text(self.row.cells.get(key))[:60]
            self.problem(
                key, _("“%(value)s” is not possible here.") % {"value": shown} + " " + remedy
            )

    def known(self, key: str, column: str, known: dict[str, Any], otherwise: str) -> None:
        text = code_text(self.row.cells.get(key))
        found = known.get(text) or known.get(text.upper())
        if found is None:
            shown = cell_text(self.row.cells.get(key))[:60]
            self.problem(
                key,
                _("The cell is empty.")
                if not shown
                else _("“%(value)s” is unknown.") % {"value": shown} + " " + otherwise,
            )
        self.item.values[column] = found
