"""Charts and workbook of the dashboards: the same numbers as the tables, and none they hide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from portal.charts import BarChart, Chart, LineChart, RowChart, Series
from portal.spreadsheets import add_heading, add_row, add_sheet
from union.opinions.figures import Report, Row

WIDTHS = (30, 12, 12, 20, 14, 16)


def charts(report: Report) -> list[Chart]:
    """Return the drawings of a report that have something to draw."""
    quarters = [str(row.name) for row in report.by_quarter]
    shown = [row for row in report.by_category if row.received]
    found: Sequence[Chart] = (
        BarChart(
            _("Received and answered by quarter"),
            _("By the quarter in which they came in."),
            _("Quarter"),
            quarters,
            [
                # Nothing and hidden look alike.
                Series(_("Received"), [row.received or None for row in report.by_quarter]),
                Series(_("Answered"), [row.answered or None for row in report.by_quarter]),
            ],
            pgettext("opinions", "items"),
            "received",
        ),
        LineChart(
            _("Time to reply by quarter"),
            _("The middle of the working days until the first reply."),
            _("Quarter"),
            quarters,
            [Series(_("Median"), [row.median for row in report.by_quarter])],
            _("working days"),
            "median",
        ),
        RowChart(
            _("Opinions by category"),
            _("Categories below five opinions are not shown."),
            _("Category"),
            [row.name for row in shown],
            [Series(_("Received"), [row.received for row in shown])],
            pgettext("opinions", "items"),
            "categories",
        ),
        LineChart(
            _("Satisfied by quarter"),
            _("Percent of those who rated the answer."),
            _("Quarter"),
            quarters,
            [Series(_("Satisfied"), [row.satisfied for row in report.by_quarter])],
            "%",
            "satisfied",
        ),
    )
    return [chart for chart in found if chart.categories and not chart.is_empty]


def headings(first: Any) -> list[Any]:
    """Return the names of the columns."""
    return [
        *(first, _("Received"), _("Answered"), _("Median (working days)")),
        *(_("Late, percent"), _("Satisfied, percent")),
    ]


def tables(report: Report) -> list[tuple[str, Any, Any, list[Row]]]:
    """Return code, title, heading and lines of each table."""
    return [
        ("by-category", _("By category"), _("Category"), [*report.by_category, report.total]),
        ("by-unit", _("By unit"), _("Unit"), report.by_unit),
        ("by-quarter", _("By quarter"), _("Quarter"), report.by_quarter),
    ]


def workbook(report: Report) -> Workbook:
    """Return a report as a workbook; texts in it are never computed."""
    book = Workbook(write_only=True)
    for _code, title, heading, rows in tables(report):
        sheet = add_sheet(book, str(title), WIDTHS)
        add_heading(sheet, headings(heading))
        for row in rows:
            if row.hidden:
                add_row(sheet, (row.name, _("not shown")))
            else:
                add_row(
                    sheet,
                    (
                        *(str(row.name), row.received or _("not shown"), row.answered),
                        *(row.median, row.late, row.satisfied),
                    ),
                )
    return book
