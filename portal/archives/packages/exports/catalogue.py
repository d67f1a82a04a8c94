"""The catalogue of filed items (归档文件目录) and the sheets of boxes, as PDF and as Excel.

The columns are those of DA/T 22-2015. An electronic box is what lies together: one year, one
period, one class; its sheet of notes (备考表) says who arranged and who checked it. PDF is drawn
some rows at a time and put together, so that memory does not grow with the catalogue.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pikepdf
from django.template.loader import render_to_string
from openpyxl import Workbook

from portal.archives.inspection.metadata import PERIOD_NAMES
from portal.archives.models import ArchiveClass, Fonds, Record
from portal.archives.packages.exports.selection import in_batches
from portal.archives.pdf import pdf_from_html
from portal.archives.retrieval.exports import remark, with_pages
from portal.spreadsheets import add_heading, add_row, add_sheet, saved

COLUMNS = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")
WIDTHS = (8, 34, 24, 26, 60, 12, 10, 8, 24)
BOX_COLUMNS = (
    *("盒", "全宗号", "年度", "保管期限", "机构或问题"),
    *("起件档号", "止件档号", "件数", "页数"),
)
BOX_WIDTHS = (8, 10, 8, 10, 30, 34, 34, 8, 8)
#: So many rows are drawn at once.
ROWS_OF_A_PART = 300
#: What headings and notes of a box weigh, in rows.
ROWS_OF_A_BOX = 10
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Row:
    """One line of the catalogue."""

    number: int
    code: str
    reference: str
    responsible: str
    title: str
    date: str
    secrecy: str
    pages: int | None
    remark: str

    def cells(self) -> tuple[Any, ...]:
        """Return the cells in the order of the columns."""
        return (
            *(self.number, self.code, self.reference, self.responsible, self.title),
            *(self.date, self.secrecy, self.pages, self.remark),
        )


def _row(number: int, record: Record, pages: int | None) -> Row:
    return Row(
        number=number,
        code=record.archive_code or "",
        reference=record.reference,
        responsible=record.unit.name if record.unit else "",
        title=record.title,
        date=f"{record.business_date:%Y%m%d}",
        secrecy=record.get_access_level_display(),
        pages=pages,
        remark=remark(record),
    )


def _pairs(records: Any) -> Iterator[tuple[Record, int | None]]:
    return with_pages(in_batches(records))


def catalogue_sheet(target: IO[bytes], records: Any, progress: Progress) -> int:
    """Write the catalogue as an Excel workbook; return how many records it has."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, "归档文件目录", WIDTHS)
    add_heading(sheet, COLUMNS)
    count = 0
    for count, (record, pages) in enumerate(_pairs(records), 1):
        add_row(sheet, _row(count, record, pages).cells())
        progress(count)
    _copy(saved(book), target)
    return count


def _copy(made: IO[bytes], target: IO[bytes]) -> None:
    with made:
        for chunk in iter(lambda: made.read(1024 * 1024), b""):
            target.write(chunk)


@dataclass(frozen=True)
class Box:
    """What lies together: one year, one period, one class."""

    number: int
    fonds: str
    fonds_name: str
    year: int
    period: str
    class_name: str


def _boxes(records: Any) -> Iterator[tuple[Box, Iterator[tuple[Record, int | None]]]]:
    fonds = {one.code: one for one in Fonds.objects.all()}
    classes = {one.pk: str(one) for one in ArchiveClass.objects.all()}

    def key(pair: tuple[Record, int | None]) -> tuple[int, str, str, str]:
        record = pair[0]
        code = (record.archive_code or "").partition("-")[0]
        return record.year, record.period, record.class_code, code

    for number, ((year, period, class_code, code), pairs) in enumerate(
        groupby(_pairs(records), key), 1
    ):
        box = Box(
            number=number,
            fonds=code,
            fonds_name=fonds[code].name if code in fonds else "",
            year=year,
            period=PERIOD_NAMES.get(period, period),
            class_name=classes.get(class_code, class_code),
        )
        yield box, pairs


def boxes_sheet(target: IO[bytes], records: Any, progress: Progress) -> int:
    """Write boxes and what lies in them as an Excel workbook; return how many records."""
    book = Workbook(write_only=True)
    summary = add_sheet(book, "盒目录", BOX_WIDTHS)
    add_heading(summary, BOX_COLUMNS)
    items = add_sheet(book, "盒内文件目录", (8, *WIDTHS))
    add_heading(items, ("盒", *COLUMNS))
    count = 0
    for box, pairs in _boxes(records):
        first = last = ""
        inside = total = 0
        for inside, (record, pages) in enumerate(pairs, 1):
            count += 1
            last = record.archive_code or ""
            first, total = first or last, total + (pages or 0)
            add_row(items, (box.number, *_row(inside, record, pages).cells()))
            progress(count)
        about = (box.number, box.fonds, box.year, box.period, box.class_name)
        add_row(summary, (*about, first, last, inside, total))
    _copy(saved(book), target)
    return count


class _Sheets:
    """Parts of a PDF that are drawn one after the other and lie on the disk until the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[Path] = []
        self.pages = 0

    def draw(self, template: str, context: dict[str, Any]) -> None:
        html = render_to_string(template, {**context, "first_page": self.pages + 1})
        body = pdf_from_html(html)
        with pikepdf.open(io.BytesIO(body)) as part:
            self.pages += len(part.pages)
        path = self._folder / f"{len(self._parts):05d}.pdf"
        path.write_bytes(body)
        self._parts.append(path)

    def put_together(self, target: IO[bytes]) -> None:
        with ExitStack() as opened, pikepdf.new() as whole:
            for path in self._parts:
                part = opened.enter_context(pikepdf.open(path))
                whole.pages.extend(part.pages)
            whole.save(cast(BinaryIO, target))


def _parts(pairs: Iterator[tuple[Record, int | None]]) -> Iterator[list[tuple[Record, int | None]]]:
    while some := list(islice(pairs, ROWS_OF_A_PART)):
        yield some


def catalogue_print(target: IO[bytes], records: Any, progress: Progress) -> int:
    """Write the catalogue as a PDF; return how many records it has."""
    count = 0
    with tempfile.TemporaryDirectory(prefix="catalogue-") as folder:
        sheets = _Sheets(Path(folder))
        for part in _parts(_pairs(records)):
            rows = [_row(count + place, *pair) for place, pair in enumerate(part, 1)]
            count += len(rows)
            context = {"columns": COLUMNS, "rows": rows}
            sheets.draw("archives/packages/catalogue_pdf.html", context)
            progress(count)
        sheets.put_together(target)
    return count


@dataclass(frozen=True)
class Block:
    """Rows of one box that are drawn together.

    Attributes:
        ends: whether the sheet of notes follows, because these are the last rows of the box.
    """

    box: Box
    rows: list[Row]
    ends: bool = False
    first: str = ""
    last: str = ""
    count: int = 0
    total: int = 0


def _blocks(records: Any) -> Iterator[Block]:
    for box, pairs in _boxes(records):
        inside = total = 0
        first = last = ""
        rows: list[Row] = []
        for part in _parts(pairs):
            if rows:
                yield Block(box, rows)
            rows = [_row(inside + place, *pair) for place, pair in enumerate(part, 1)]
            inside += len(rows)
            total += sum(row.pages or 0 for row in rows)
            first, last = first or rows[0].code, rows[-1].code
        yield Block(box, rows, True, first, last, inside, total)


def boxes_print(target: IO[bytes], records: Any, progress: Progress) -> int:
    """Write catalogue and sheet of notes of every box as one PDF; return how many records."""
    count = 0
    with tempfile.TemporaryDirectory(prefix="boxes-") as folder:
        sheets, waiting = _Sheets(Path(folder)), list[Block]()

        def draw() -> None:
            sheets.draw("archives/packages/boxes_pdf.html", {"columns": COLUMNS, "blocks": waiting})
            waiting.clear()
            progress(count)

        for block in _blocks(records):
            waiting.append(block)
            count += len(block.rows)
            # Fonts weigh more than rows: small boxes are drawn together.
            if sum(len(one.rows) + ROWS_OF_A_BOX for one in waiting) >= ROWS_OF_A_PART:
                draw()
        if waiting:
            draw()
        sheets.put_together(target)
    return count
