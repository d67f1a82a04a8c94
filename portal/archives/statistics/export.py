"""The statistics of a year as an Excel workbook, one sheet for each table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from portal.archives.statistics.annual import AnnualReport, FormatRow, ReturnRow
from portal.archives.statistics.figures import Figures
from portal.archives.statistics.filings import Filings
from portal.archives.statistics.lags import GROUP_NAMES, Lag
from portal.archives.statistics.reach import Reach
from portal.spreadsheets import add_heading, add_row, add_sheet

Row = Sequence[Any]


def _sheet(workbook: Workbook, title: str, header: Row, rows: Iterator[Row]) -> None:
    sheet = add_sheet(workbook, title)
    add_heading(sheet, header)
    for row in rows:
        add_row(sheet, row)


def _unit_rows(filings: Filings) -> Iterator[Row]:
    for result in filings.units:
        yield (
            result.unit.code,
            result.unit.name,
            *(part.percent for part in (*result.quarters, result.year)),
            result.year.counted,
            result.year.expected,
            result.year.missing_words,
        )


def _period_rows(filings: Filings) -> Iterator[Row]:
    for result in filings.units:
        for period in result.periods:
            yield (
                result.unit.code,
                result.unit.name,
                period.duty.name,
                period.months[0],
                period.months[-1],
                period.filed,
                period.expected,
                period.missing,
                period.duty.clause,
            )


def _lag_rows(lags: list[tuple[str, Lag]]) -> Iterator[Row]:
    for name, lag in lags:
        yield (name, lag.records, lag.median, lag.ninety, *lag.groups)


def _annual_rows(report: AnnualReport) -> Iterator[Row]:
    for row in report.rows:
        yield (
            *(row.class_code, row.class_name, row.period_name),
            *(row.items, row.files, row.bytes, row.pages),
        )
    total = report.total
    yield (_("Total"), "", "", total.items, total.files, total.bytes, total.pages)


def _custody_rows(report: AnnualReport) -> Iterator[Row]:
    custody = report.custody
    yield (_("Captured"), custody.captured)
    yield (_("Waiting for the decision"), custody.waiting)
    yield (_("Returned"), custody.returned)
    yield (_("Overdue"), custody.overdue)
    yield (_("Accepted"), custody.accepted)
    yield (_("Kept apart"), custody.apart)
    yield (_("Replaced before acceptance"), custody.superseded)


def workbook(
    reach: Reach,
    *,
    filings: Filings,
    lags: list[tuple[str, Lag]],
    returns: list[ReturnRow],
    figures: Figures,
    formats: list[FormatRow],
    report: AnnualReport,
) -> Workbook:
    """Return the workbook; memory stays flat because rows are written as they come."""
    made = Workbook(write_only=True)
    moment = date_format(localtime(figures.made_at or now()), "DATETIME_FORMAT")
    _sheet(
        made,
        _("About"),
        (_("Year"), reach.year),
        iter(
            [
                (_("Unit"), reach.chosen.name if reach.chosen else _("All units you may see")),
                (_("Files as of"), moment),
            ]
        ),
    )
    quarters = [_("Quarter %(number)d (%%)") % {"number": number} for number in range(1, 5)]
    _sheet(
        made,
        _("Completeness"),
        (
            *(_("Code"), _("Unit"), *quarters, _("Year (%)")),
            *(_("Filed"), _("Expected"), _("Missing")),
        ),
        _unit_rows(filings),
    )
    _sheet(
        made,
        _("Filed and expected"),
        (
            *(_("Code"), _("Unit"), _("Kind"), _("First month"), _("Last month")),
            *(_("Filed"), _("Expected"), _("Missing"), _("Clause")),
        ),
        _period_rows(filings),
    )
    _sheet(
        made,
        _("Time taken"),
        (_("Step"), _("Records"), _("Median (days)"), _("Nine of ten (days)"), *GROUP_NAMES),
        _lag_rows(lags),
    )
    _sheet(
        made,
        _("Returns"),
        (_("Reason"), _("Items"), _("Returns")),
        ((row.name, row.items, row.returns) for row in returns),
    )
    _sheet(
        made,
        _("Formats"),
        (_("Format"), _("Media type"), _("Files"), _("Bytes")),
        ((row.name, row.media_type, row.files, row.bytes) for row in formats),
    )
    _sheet(
        made,
        _("Annual report"),
        (
            *(_("Class"), _("Name"), _("Retention period"), _("Items")),
            *(_("Files"), _("Bytes"), pgettext("of paper", "Pages")),
        ),
        _annual_rows(report),
    )
    _sheet(made, _("Custody"), (_("State"), _("Records")), _custody_rows(report))
    return made
