"""The found records as a catalogue of filed items (归档文件目录) in an Excel workbook.

The columns are those of DA/T 22-2015. Rows are written as they are read, so memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from portal.archives.models import PageCount, Record
from portal.archives.refusals import TooManyToExport
from portal.archives.retrieval.finding import FoundRecords
from portal.spreadsheets import add_heading, add_row, add_sheet, saved

#: Larger sets are refused: a workbook is for reading, a package for handing over everything.
MOST_ROWS = 20_000
_AT_ONCE = 500
_WIDTHS = (8, 34, 24, 26, 60, 12, 14, 8, 24)


def remark(record: Record) -> str:
    """Return what the catalogue remarks on a record."""
    remarks = []
    if record.late:
        remarks.append(_("Recorded late"))
    if record.ended_at is not None:
        remarks.append(_("Withdrawn"))
    if record.version > 1:
        remarks.append(_("Version %(number)d") % {"number": record.version})
    return "，".join(remarks)


def with_pages(records: Iterator[Record]) -> Iterator[tuple[Record, int | None]]:
    """Yield records with the pages of their text, None where nobody counted them yet."""
    while some := list(islice(records, _AT_ONCE)):
        counted = PageCount.objects.filter(record__in=[record.pk for record in some])
        pages = dict(counted.values_list("record_id", "pages"))
        for record in some:
            yield record, pages.get(record.pk)


def catalogue(found: FoundRecords) -> IO[bytes]:
    """Write the found records into a workbook and return the open temporary file.

    Raises:
        TooManyToExport: more were found than `MOST_ROWS`.
    """
    if found.total.more or found.total.value > MOST_ROWS:
        raise TooManyToExport.of(
            min(found.total.value, MOST_ROWS) if found.total.more else MOST_ROWS
        )
    workbook = Workbook(write_only=True)
    sheet = add_sheet(workbook, _("Catalogue of filed items"), _WIDTHS)
    add_heading(
        sheet,
        (
            *(_("No."), _("Archive code"), _("Document number"), _("Responsible")),
            *(_("Title of item"), _("Date"), _("Secrecy / access"), _("Pages of item")),
            pgettext("catalogue", "Remarks"),
        ),
    )
    for number, (record, pages) in enumerate(with_pages(found.every(MOST_ROWS)), 1):
        row = (
            number,
            record.archive_code or "",
            record.reference,
            record.unit.name if record.unit else "",
            record.title,
            f"{record.business_date:%Y%m%d}",
            record.get_access_level_display(),
            pages,
            remark(record),
        )
        add_row(sheet, row)
    return saved(workbook)
