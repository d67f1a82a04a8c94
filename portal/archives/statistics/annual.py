"""The annual report (档案工作年报): by class and period, and what became of the records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Sum
from django.utils import timezone

from portal.archives.models import ArchiveClass, RecordState, RetentionPeriod, ReturnReason
from portal.archives.statistics.figures import Figure
from portal.archives.statistics.reach import Reach

PERIOD_ORDER = list(RetentionPeriod.values)


@dataclass
class AnnualRow:
    """The accepted records of one class and period, with their files, bytes and pages."""

    class_code: str
    class_name: str
    period: str
    items: int = 0
    files: int = 0
    bytes: int = 0
    pages: int = 0

    @property
    def period_name(self) -> str:
        """The period as people write it."""
        return str(RetentionPeriod(self.period).label) if self.period else ""


@dataclass(frozen=True)
class Custody:
    """What became of the records of a year."""

    captured: int
    waiting: int
    returned: int
    overdue: int
    accepted: int
    apart: int
    superseded: int


@dataclass(frozen=True)
class ReturnRow:
    """How often items were returned for a reason, and how many items; by their last return."""

    reason: str
    items: int
    returns: int

    @property
    def name(self) -> str:
        """The reason as people write it."""
        return str(ReturnReason(self.reason).label)


@dataclass(frozen=True)
class FormatRow:
    """How many files of a format, and their bytes."""

    media_type: str
    files: int
    bytes: int

    @property
    def name(self) -> str:
        """The short name of the format: PDF, JPEG."""
        name = self.media_type.partition("/")[2] or self.media_type
        return _SHORT_NAMES.get(self.media_type, name.removeprefix("x-").upper())


_OFFICE = "application/vnd.openxmlformats-officedocument."
_SHORT_NAMES = {
    f"{_OFFICE}wordprocessingml.document": "DOCX",
    f"{_OFFICE}spreadsheetml.sheet": "XLSX",
    f"{_OFFICE}presentationml.presentation": "PPTX",
    "application/msword": "DOC",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.ms-powerpoint": "PPT",
    "application/octet-stream": "?",
    "audio/mpeg": "MP3",
    "text/plain": "TXT",
}


@dataclass
class AnnualReport:
    """The rows of the report in order, their sums, and the custody of all records."""

    rows: list[AnnualRow] = field(default_factory=list)
    custody: Custody = field(default_factory=lambda: Custody(0, 0, 0, 0, 0, 0, 0))

    @property
    def total(self) -> AnnualRow:
        """The sums of all rows."""
        return AnnualRow(
            *("", "", ""),
            sum(row.items for row in self.rows),
            sum(row.files for row in self.rows),
            sum(row.bytes for row in self.rows),
            sum(row.pages for row in self.rows),
        )


def annual_report(reach: Reach, figures: list[Figure]) -> AnnualReport:
    """Return the report of the year, by three queries; files come from the figures given."""
    by_state: dict[str, int] = defaultdict(int)
    rows: dict[tuple[str, str], AnnualRow] = {}
    names = dict(ArchiveClass.objects.values_list("code", "name"))
    order = {code: place for place, code in enumerate(names)}

    def row(class_code: str, period: str) -> AnnualRow:
        name = names.get(class_code, "")
        return rows.setdefault((class_code, period), AnnualRow(class_code, name, period))

    counts = (
        reach.tallies()
        .filter(year=reach.year)
        .order_by()
        .values_list("state", "class_code", "period")
        .annotate(total=Sum("number"))
    )
    for state, class_code, period, number in counts:
        by_state[state] += number
        if state == RecordState.ACCEPTED and number:
            row(class_code, period).items += number
    for figure in figures:
        if figure.state == RecordState.ACCEPTED:
            found = row(figure.class_code, figure.period)
            found.files += figure.files
            found.bytes += figure.bytes
            found.pages += figure.pages
    overdue = (
        reach.records_of_year()
        .filter(
            state__in=[RecordState.POOL, RecordState.RETURNED],
            pool_item__due_on__lt=timezone.localdate(),
        )
        .count()
    )
    return AnnualReport(
        sorted(
            rows.values(),
            key=lambda found: (
                order.get(found.class_code, len(order)),
                found.class_code,
                PERIOD_ORDER.index(found.period) if found.period in PERIOD_ORDER else 9,
            ),
        ),
        Custody(
            captured=sum(by_state.values()),
            waiting=by_state[RecordState.CAPTURED] + by_state[RecordState.POOL],
            returned=by_state[RecordState.RETURNED],
            overdue=overdue,
            accepted=by_state[RecordState.ACCEPTED],
            apart=by_state[RecordState.APART],
            superseded=by_state[RecordState.SUPERSEDED],
        ),
    )


def returns_by_reason(reach: Reach) -> list[ReturnRow]:
    """Return how often items of the year were given back and why, most frequent first."""
    rows = (
        reach.records_of_year()
        .filter(pool_item__return_count__gt=0)
        .order_by()
        .values_list("pool_item__return_reason")
        .annotate(items=Count("pk"), returns=Sum("pool_item__return_count"))
    )
    return sorted(
        (ReturnRow(reason, items, returns) for reason, items, returns in rows if reason),
        key=lambda row: (-row.items, row.reason),
    )


def formats(figures: list[Figure]) -> list[FormatRow]:
    """Return the formats of all files, largest first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for figure in figures:
        sums[figure.media_type][0] += figure.files
        sums[figure.media_type][1] += figure.bytes
    rows = (FormatRow(name, files, size) for name, (files, size) in sums.items() if files)
    return sorted(rows, key=lambda row: (-row.bytes, row.media_type))
