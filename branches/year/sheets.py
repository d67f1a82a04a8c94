"""The year of branches as Excel and as one page of PDF."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook

from branches.year.indicators import Panel
from branches.year.reading import YearView
from branches.year.services import period_name
from portal.archives.pdf import pdf_from_html
from portal.spreadsheets import add_heading, add_row, add_sheet


def workbook(views: Sequence[YearView]) -> Workbook:
    """Return a sheet for each requirement: branches down, periods across, the clause below."""
    book = Workbook(write_only=True)
    for view in views:
        name = str(view.requirement.get_kind_display())
        sheet = add_sheet(book, name, (34, *([10] * len(view.spans))))
        add_heading(sheet, (_("Branch"), *(period_name(span) for span in view.spans)))
        for row in view.rows:
            add_row(sheet, (row.branch.name, *(str(cell.standing.words) for cell in row.cells)))
        add_row(sheet, ("",))
        add_row(sheet, (view.requirement.clause,))
    return book


def indicators_workbook(panel: Panel) -> Workbook:
    """Return branches down, indicators across, and a second sheet with the clauses."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, _("Indicators"), (34, *([20] * len(panel.indicators))))
    add_heading(sheet, (_("Branch"), *(str(one.name) for one in panel.indicators)))
    for row in panel.rows:
        cells = (f"{one.light.words} {one.note or one.words}".strip() for one in row.readings)
        add_row(sheet, (row.branch.name, *cells))
    clauses = add_sheet(book, _("The rules"), (24, 90))
    for one in panel.indicators:
        add_row(clauses, (str(one.name), one.clause))
    return book


def one_page(view: YearView) -> bytes:
    """Return one requirement as PDF on A4, lying."""
    with override("zh-hans"):
        html = render_to_string(
            "branches/year/year_pdf.html",
            {
                "view": view,
                "names": [period_name(span) for span in view.spans],
                "today": timezone.localdate(),
            },
        )
    return pdf_from_html(html)
