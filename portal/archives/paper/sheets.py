"""Paper copies as an Excel table: all rows or none, every problem by row and column."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.models import PaperCopy, Record
from portal.archives.paper.events import paper_event
from portal.archives.paper.services import (
    FIELDS,
    SAVED_TOGETHER,
    lock_papers,
    lock_records,
    records_by_code,
)
from portal.archives.refusals import AlreadyHandled
from portal.archives.spreadsheets import (
    Column,
    Problem,
    Row,
    Table,
    cell_number,
    cell_text,
    code_text,
    read_table,
)

MOST_ROWS = 20_000
COLUMNS = (
    Column("code", "档号", ("原档号",), width=28, example="Q001-WS·2025-Y-DQ02-0001",
           explanation="系统档号或原档号。没有对应电子档案的，登记为“有纸质无电子”。"),
    Column("record", "电子文件号", width=38,
           explanation="尚未编档号的电子档案填写；导出的表已带。"),
    Column("title", "题名", width=40, example="关于换届选举结果的批复",
           explanation="没有对应电子档案的必填。"),
    Column("year", "年度", width=8, example="2025"),
    Column("box", "盒号", required=True, width=14, example="2025-Y-01", explanation="必填。"),
    Column("shelf", "库位", ("架位", "存放位置"), width=14, example="3架2层"),
    Column("sheets", "张数", ("页数", "份数"), width=8, example="4", explanation="整数。"),
    Column("note", "备注", width=24),
    Column("checked_on", "最近清点日期", width=14, explanation="只导出，导入时不读。"),
)  # fmt: skip


@dataclass
class ReadPapers:
    """What a table holds: papers to be made or changed, and what is wrong.

    Attributes:
        seen: record and moment of the last change of each known paper, as they were read.
    """

    papers: list[PaperCopy] = field(default_factory=list)
    seen: dict[uuid.UUID, tuple[uuid.UUID | None, datetime.datetime]] = field(default_factory=dict)
    created: int = 0
    changed: int = 0
    alone: int = 0
    problems: list[Problem] = field(default_factory=list)


def exported_rows(papers: Any) -> Iterator[list[Any]]:
    """Yield the rows of the table that `read_papers` reads back."""
    for paper in papers:
        record = paper.record
        yield [
            (record.archive_code if record else "") or paper.code,
            str(record.pk) if record else "",
            record.title if record else paper.title,
            record.year if record else paper.year,
            paper.box,
            paper.shelf,
            paper.sheets,
            paper.note,
            paper.checked_on.isoformat() if paper.checked_on else "",
        ]


def electronic_rows(records: Iterable[Record]) -> Iterator[list[Any]]:
    """Yield rows of the table for records without paper, whose place is to be filled in."""
    for record in records:
        yield [record.archive_code or "", str(record.pk), record.title, record.year]


def read_papers(body: bytes, readable: Any) -> ReadPapers:
    """Read a table; nothing is written.

    Args:
        body: the workbook.
        readable: the records that the account may read; others do not exist for it.
    """
    table = read_table(body, COLUMNS, MOST_ROWS)
    result = ReadPapers(problems=table.problems)
    if result.problems:
        return result
    by_code = records_by_code({code_text(row.cells.get("code")) for row in table.rows} - {""})
    numbers = {row.number: _record_number(row) for row in table.rows}
    wanted = [number for number in numbers.values() if number is not None]
    wanted += [record.pk for record in by_code.values()]
    records: dict[uuid.UUID, Record] = {}
    papers: dict[uuid.UUID, PaperCopy] = {}
    for start in range(0, len(wanted), SAVED_TOGETHER):
        part = wanted[start : start + SAVED_TOGETHER]
        records |= {record.pk: record for record in readable.filter(pk__in=part)}
        papers |= {
            paper.record_id: paper
            for paper in PaperCopy.objects.filter(record__in=part)
            if paper.record_id
        }
    # Paper without a code is known by title and box.
    alone: dict[Any, PaperCopy] = {
        paper.code or (paper.title, paper.box): paper
        for paper in PaperCopy.objects.filter(record=None)
    }
    seen: dict[Any, int] = {}
    for row in table.rows:
        found = len(result.problems)
        code = code_text(row.cells.get("code"))
        if too_long := _too_long("code", code):
            result.problems.append(table.problem(row.number, "code", too_long))
        record = _record(table, row, numbers[row.number], by_code, records, result)
        values = _values(table, row, result)
        title = cell_text(row.cells.get("title"))
        if record is None and (too_long := _too_long("title", title)):
            result.problems.append(table.problem(row.number, "title", too_long))
        key = record.pk if record else code or (title, values["box"])
        if key in seen:
            message = _("The same item stands in row %(row)d already.") % {"row": seen[key]}
            result.problems.append(table.problem(row.number, "code", message))
        seen[key] = row.number
        if record is None and not title:
            message = _("Without an electronic item the title is needed.")
            result.problems.append(table.problem(row.number, "title", message))
        if len(result.problems) > found:
            continue
        paper = papers.get(record.pk) if record else None
        _place(
            result, paper or alone.get(code or (title, values["box"])), record, code, title, values
        )
    return result


def _record_number(row: Row) -> uuid.UUID | None:
    try:
        return uuid.UUID(code_text(row.cells.get("record")))
    except ValueError:
        return None


def _record(
    table: Table,
    row: Row,
    number: uuid.UUID | None,
    by_code: dict[str, Record],
    records: dict[uuid.UUID, Record],
    result: ReadPapers,
) -> Record | None:
    if "record" in row.cells:
        if number is None or number not in records:
            message = _("“%(value)s” is the number of no record.") % {
                "value": cell_text(row.cells["record"])[:60]
            }
            result.problems.append(table.problem(row.number, "record", message))
            return None
        return records[number]
    found = by_code.get(code_text(row.cells.get("code")))
    return records.get(found.pk) if found else None


def _too_long(key: str, text: str) -> str:
    """Return what is wrong with a text that its column cannot hold, empty when it can."""
    most = getattr(PaperCopy._meta.get_field(key), "max_length", None) or 255
    if len(text) <= most:
        return ""
    return _("It has %(length)s characters; at most %(most)s are possible.") % {
        "length": len(text),
        "most": most,
    }


def _values(table: Table, row: Row, result: ReadPapers) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key in ("box", "shelf", "note"):
        text = cell_text(row.cells.get(key))
        if too_long := _too_long(key, text):
            result.problems.append(table.problem(row.number, key, too_long))
        values[key] = text
    if not values["box"]:
        result.problems.append(table.problem(row.number, "box", _("The box is missing.")))
    for key in ("sheets", "year"):
        if key == "year" and key not in table.letters:
            continue  # a table without the column says nothing of years
        number = cell_number(row.cells[key]) if key in row.cells else None
        if key in row.cells and (number is None or (key == "year" and not 1840 <= number <= 2999)):
            message = _("“%(value)s” is no whole number.") % {
                "value": cell_text(row.cells[key])[:60]
            }
            result.problems.append(table.problem(row.number, key, message))
        values[key] = number
    return values


def _place(
    result: ReadPapers,
    paper: PaperCopy | None,
    record: Record | None,
    code: str,
    title: str,
    values: dict[str, Any],
) -> None:
    """Put one row into the result; rows that change nothing are left out."""
    wanted = {name: values[name] for name in FIELDS}
    # What belongs to a record follows it; only paper on its own is corrected by the table.
    if record is None:
        wanted["title"] = title
        if "year" in values:
            wanted["year"] = values["year"]
    if paper is None:
        paper = PaperCopy(code=code)
        result.created += 1
        result.alone += record is None
    elif paper.record_id == (record.pk if record else None) and all(
        getattr(paper, name) == value for name, value in wanted.items()
    ):
        return
    else:
        result.changed += 1
        result.seen[paper.pk] = (paper.record_id, paper.changed_at)
    for name, value in wanted.items():
        setattr(paper, name, value)
    paper.record = record
    if record is not None:
        paper.title, paper.year = record.title, record.year
    paper.changed_at = timezone.now()
    result.papers.append(paper)


@transaction.atomic
def write_papers(user: Any, result: ReadPapers) -> None:
    """Write everything that a table without problems holds, with its ledger entries.

    Raises:
        AlreadyHandled: somebody changed one of the papers since the table was read.
    """
    # Locked in one order, records before papers before the chain, as everybody does here.
    lock_records({paper.record_id for paper in result.papers if paper.record_id})
    new = [paper for paper in result.papers if paper._state.adding]
    known = [paper for paper in result.papers if not paper._state.adding]
    _refuse_changed(result, new)
    try:
        with transaction.atomic():
            PaperCopy.objects.bulk_create(new, batch_size=SAVED_TOGETHER)
            PaperCopy.objects.bulk_update(
                known, [*FIELDS, "record", "title", "year", "changed_at"], batch_size=SAVED_TOGETHER
            )
    except IntegrityError as error:
        # Paper without a record has nothing to be locked by; its code counts once.
        raise _changed_meanwhile() from error
    ledger.append([paper_event(paper, user) for paper in result.papers if paper.record_id])


def _refuse_changed(result: ReadPapers, new: list[PaperCopy]) -> None:
    """Compare with what was read, now that nobody else can change it.

    Raises:
        AlreadyHandled: something is not as it was.
    """
    if lock_papers(set(result.seen)) != result.seen:
        raise _changed_meanwhile()
    wanted = sorted({paper.record_id for paper in result.papers if paper.record_id})
    alone = [paper for paper in new if not paper.record_id]
    for start in range(0, len(wanted), SAVED_TOGETHER):
        taken = PaperCopy.objects.filter(record__in=wanted[start : start + SAVED_TOGETHER])
        if set(taken.values_list("pk", flat=True)) - set(result.seen):
            raise _changed_meanwhile()
    for start in range(0, len(alone), SAVED_TOGETHER):
        part = alone[start : start + SAVED_TOGETHER]
        written = PaperCopy.objects.filter(
            record=None, title__in={paper.title for paper in part}
        ).values_list("code", "title", "box")
        if set(written) & {(paper.code, paper.title, paper.box) for paper in part}:
            raise _changed_meanwhile()


def _changed_meanwhile() -> AlreadyHandled:
    return AlreadyHandled(
        _(
            "Somebody else changed paper of this table while it was read. Nothing of it was "
            "written. Please upload it again."
        ),
        [(_("Upload the table"), reverse("archive_paper_import"))],
    )
