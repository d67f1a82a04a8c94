"""Files, bytes and pages of a year: summed up live when it is small, else by the daily job.

Summing up the files of 100,000 records takes a second or more, so the daily job writes the
sums of such years down, and readers are told of when they are. Small years are summed up for
each reader and are always of this moment.
"""

from __future__ import annotations

import datetime
import io
import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

import pikepdf
from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone

from portal.archives import file_access
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.models import (
    FiguresOfYear,
    FileFigure,
    FileRole,
    PageCount,
    Record,
    RecordFile,
    RecordTally,
)
from portal.archives.querysets import RecordQuerySet
from portal.archives.statistics.reach import Reach

logger = logging.getLogger(__name__)

# A year of more records is summed up by the daily job and not for each reader.
LIVE_RECORDS = 5_000
# How many texts one run counts the pages of, so that a great import does not fill a night.
TEXTS_PER_RUN = 5_000
ROWS_AT_A_TIME = 2_000
PDF = "application/pdf"
PAGED_ROLES = (FileRole.DOCUMENT_COPY, FileRole.SCAN)
ALIKE = ("unit_id", "access_level", "state", "class_code", "period")


class Figure(NamedTuple):
    """Sums over the files of alike records; the order is that of the columns of `FileFigure`."""

    unit_id: int | None
    access_level: str
    state: str
    class_code: str
    period: str
    media_type: str
    files: int
    bytes: int
    pages: int


_COUNTED = [role for role in FileRole.values if role != FileRole.SEALED_PACKAGE]


class Figures(NamedTuple):
    """The figures of a year, and when the daily job made them; None for this moment."""

    rows: list[Figure]
    made_at: datetime.datetime | None


def summed_up(records: RecordQuerySet) -> list[Figure]:
    """Sum up the files of these records now, by two queries."""
    sums: dict[tuple[Any, ...], list[int]] = {}
    files = (
        # A sealed package holds files that are counted already.
        records.filter(files__isnull=False, files__role__in=_COUNTED)
        .order_by()
        .values_list(*ALIKE, "files__media_type")
        .annotate(number=Count("files__pk"), size=Sum("files__size"))
    )
    for *alike, number, size in files:
        sums[tuple(alike)] = [number, size or 0, 0]
    pages = (
        records.filter(page_count__isnull=False)
        .order_by()
        .values_list(*ALIKE)
        .annotate(number=Sum("page_count__pages"))
    )
    for *alike, number in pages:
        sums.setdefault((*alike, PDF), [0, 0, 0])[2] = number or 0
    return [Figure(*alike, *numbers) for alike, numbers in sums.items()]


def figures(reach: Reach) -> Figures:
    """Return the figures of what a reader's statistics are about."""
    total = RecordTally.objects.filter(year=reach.year).aggregate(sum=Sum("number"))["sum"] or 0
    made = FiguresOfYear.objects.filter(year=reach.year).first()
    if total <= LIVE_RECORDS or made is None:
        return Figures(summed_up(reach.records_of_year()), None)
    stored: Any = FileFigure.objects
    rows = (
        stored.visible_to(reach.user)
        .filter(reach.in_units(), year=reach.year)
        .values_list(*Figure._fields)
    )
    return Figures([Figure(*row) for row in rows], made.made_at)


def count_pages(limit: int = TEXTS_PER_RUN) -> int:
    """Count the pages of texts that were stored since the last run; return how many."""
    waiting = (
        RecordFile.objects.filter(
            role__in=PAGED_ROLES,
            media_type=PDF,
            stored_at__isnull=False,
            record__page_count__isnull=True,
        )
        .select_related("record")
        .order_by("record_id")[:limit]
    )
    pages: dict[Any, int] = {}
    for file in waiting:
        pages[file.record_id] = pages.get(file.record_id, 0) + _pages(file)
    PageCount.objects.bulk_create(
        [PageCount(record_id=key, pages=number) for key, number in pages.items()],
        batch_size=ROWS_AT_A_TIME,
        ignore_conflicts=True,
    )
    return len(pages)


def _pages(file: RecordFile) -> int:
    """Return the pages of a PDF; 0 when it cannot be read, which the checks tell."""
    try:
        with pikepdf.open(io.BytesIO(file_access.read(file))) as document:
            return len(document.pages)
    except (OSError, pikepdf.PdfError, SealedUnreadable):
        logger.warning(
            "The pages of file %s of record %s cannot be counted.", file.pk, file.record_id
        )
        return 0


def refresh_year(year: int) -> int:
    """Sum up the files of a year and put the sums in the place of those before."""
    rows = summed_up(Record.objects.filter(year=year))
    _write(year, rows, timezone.now())
    return len(rows)


@transaction.atomic
def _write(year: int, rows: Iterable[Figure], moment: datetime.datetime) -> None:
    # Two runs at once: the second waits here and replaces what the first wrote.
    FiguresOfYear.objects.update_or_create(year=year, defaults={"made_at": moment})
    FileFigure.objects.filter(year=year).delete()
    FileFigure.objects.bulk_create(
        [FileFigure(year=year, **row._asdict()) for row in rows], batch_size=ROWS_AT_A_TIME
    )


def large_years() -> list[int]:
    """Return the years that are not summed up for each reader."""
    return list(
        RecordTally.objects.order_by()
        .values_list("year")
        .annotate(total=Sum("number"))
        .filter(total__gt=LIVE_RECORDS)
        .order_by("year")
        .values_list(F("year"), flat=True)
    )


def daily() -> str:
    """Count new pages and sum up the large years; return a line for the log."""
    pages = count_pages()
    years = large_years()
    for year in years:
        refresh_year(year)
    return f"pages of {pages} records counted, figures of {len(years)} years summed up"
