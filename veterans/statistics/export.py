"""The statistics as a workbook: the same numbers as on the page, and none that it hides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from portal.spreadsheets import add_heading, add_row, add_sheet
from veterans.statistics.reading import Report, Row

WIDTHS = (28, 12, 12, 14, 16, 14, 14, 16, 16, 12, 14)


def headings(first: Any) -> list[Any]:
    """Return the names of the columns."""
    return [
        *(first, _("Handed in"), _("Decided"), _("On time, percent"), _("Median (days)")),
        *(_("Put right, percent"), _("Refused, percent"), _("Approved (yuan)"), _("Paid (yuan)")),
        *(_("Ratings"), _("Satisfied, percent")),
    ]


def values(row: Row) -> list[Any]:
    """Return the values of a line in the order of the columns."""
    return [
        *(str(row.name), row.received, row.decided, row.on_time, row.median_days),
        *(row.corrected, row.refused, row.granted, row.paid, row.ratings, row.satisfied),
    ]


def _sheet(book: Workbook, title: str, first: Any, rows: Iterable[Row]) -> None:
    sheet = add_sheet(book, title, WIDTHS)
    add_heading(sheet, headings(first))
    words = _("fewer than 5")
    for row in rows:
        found = values(row)
        add_row(sheet, [found[0], words] if row.hidden else found)


def workbook(report: Report) -> Workbook:
    """Return the whole report as a workbook."""
    book = Workbook(write_only=True)
    _sheet(book, _("By item"), _("Matter"), [*report.by_item, _named_total(report)])
    _sheet(book, _("By unit"), _("Unit"), report.by_unit)
    _sheet(book, _("By month"), _("Month"), report.by_month)
    sheet = add_sheet(book, _("Refusals by reason"), (36, 12))
    add_heading(sheet, (_("Reason"), _("Items")))
    for reason in report.reasons:
        add_row(sheet, (reason.name, _("fewer than 5") if reason.count is None else reason.count))
    sheet = add_sheet(book, _("Budgets"), (28, 16, 16, 12))
    add_heading(sheet, (_("Matter"), _("Budget"), _("Used"), "%"))
    for row in report.budgets:
        add_row(sheet, (row.item.name, row.budget, row.used, row.percent))
    return book


def _named_total(report: Report) -> Row:
    return Row(_("Total"), report.total.figure)
