"""The dashboard of the archive office and the statistics of a year."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.archives.statistics import annual, drawings, filings, lifecycle
from portal.archives.statistics.export import workbook
from portal.archives.statistics.figures import figures
from portal.archives.statistics.lags import Lag, lags
from portal.archives.statistics.reach import Reach, require_statistics
from portal.organizations.models import Unit
from portal.spreadsheets import workbook_response

UNITS_PER_PAGE = 20


def _filter_context(reach: Reach) -> dict[str, Any]:
    years = {year for (year,) in reach.tallies().order_by().values_list("year").distinct()}
    units: list[Unit] = list(reach.all_units().order_by("path"))
    return {
        "reach": reach,
        "filters": {
            "year": str(reach.year),
            "unit": reach.chosen.code if reach.chosen else "",
        },
        "filter_years": sorted({*years, reach.year, timezone.localdate().year}, reverse=True),
        "filter_units": [(unit.code, unit.indented_name) for unit in units],
        "filter_problems": reach.problems,
    }


def _lags(reach: Reach) -> list[tuple[str, Lag]]:
    found = lags(reach)
    return [
        (_("From the event to the capture"), found.capture),
        (_("From the capture to the acceptance"), found.acceptance),
    ]


@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """Show where all records stand, what is overdue, and the year month by month.

    Raises:
        NotStatistics: the account reads no records.
    """
    require_statistics(request.user)
    reach = Reach.of(request)
    found = lifecycle.life_cycle(reach)
    return render(
        request,
        "archives/statistics/office.html",
        {
            **_filter_context(reach),
            "life_cycle": found,
            "overdue": lifecycle.overdue_items(reach),
            "charts": [
                drawings.life_cycle(found),
                drawings.flow(lifecycle.flow(reach), reach.year),
            ],
        },
    )


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the statistics of a year: filed against expected, time taken, returns, formats.

    Raises:
        NotStatistics: the account reads no records.
    """
    require_statistics(request.user)
    reach = Reach.of(request)
    filed = filings.filings(reach)
    taken = _lags(reach)
    returned = annual.returns_by_reason(reach)
    found = figures(reach)
    formats = annual.formats(found.rows)
    paginator = Paginator(filed.units, UNITS_PER_PAGE)
    return render(
        request,
        "archives/statistics/statistics.html",
        {
            **_filter_context(reach),
            "filings": filed,
            "page_obj": paginator.get_page(request.GET.get("page")),
            "lags": taken,
            "returns": returned,
            "figures": found,
            "formats": formats,
            "report": annual.annual_report(reach, found.rows),
            "filed_charts": [
                drawings.filed_by_month(filed, reach.year),
                drawings.completeness_by_quarter(filed),
            ],
            "lag_chart": drawings.time_taken(taken),
            "return_chart": drawings.returns(returned),
            "size_chart": drawings.sizes(formats),
        },
    )


@require_safe
def statistics_sheet(request: HttpRequest) -> FileResponse:
    """Hand out the statistics of a year as Excel.

    Raises:
        NotStatistics: the account reads no records.
    """
    require_statistics(request.user)
    reach = Reach.of(request)
    found = figures(reach)
    book = workbook(
        reach,
        filings=filings.filings(reach),
        lags=_lags(reach),
        returns=annual.returns_by_reason(reach),
        figures=found,
        formats=annual.formats(found.rows),
        report=annual.annual_report(reach, found.rows),
    )
    return workbook_response(book, f"archive-statistics-{reach.year}.xlsx")
