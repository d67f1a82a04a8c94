"""The monitoring page of support, its workbook and its bulletin (军服简报)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from portal.archives.pdf import pdf_from_html
from portal.effect_surveys import effect_surveys, survey_office_url
from portal.organizations.models import Unit
from portal.spreadsheets import workbook_response
from veterans.models import SupportItem
from veterans.statistics import drawings
from veterans.statistics.counting import count_year
from veterans.statistics.export import workbook
from veterans.statistics.reading import Report, chosen, may_read_statistics, report

#: Under this name the service officer runs surveys of what support achieved.
SURVEY_OFFICE = "veterans"


def _report(request: HttpRequest) -> Report:
    """Return the chosen figures.

    Raises:
        PermissionDenied: the account does not read them.
    """
    if not may_read_statistics(request.user):
        raise PermissionDenied
    return report(*chosen(request))


@require_safe
def support_statistics(request: HttpRequest) -> HttpResponse:
    """Show the figures of a year.

    Raises:
        PermissionDenied: the account does not read them.
    """
    found = _report(request)
    return render(
        request,
        "veterans/statistics/statistics.html",
        {
            "report": found,
            "tables": _tables(found),
            "charts": drawings.charts(found),
            "surveys": effect_surveys(SURVEY_OFFICE),
            "surveys_url": survey_office_url(request.user, SURVEY_OFFICE),
            "items": SupportItem.objects.order_by("order", "pk"),
            "units": Unit.objects.filter(people__isnull=False).distinct().order_by("path"),
        },
    )


def _tables(found: Report) -> list[tuple[str, Any, Any, Any]]:
    return [
        ("by-item", _("By item"), _("Matter"), found.by_item),
        ("by-unit", _("By unit"), _("Unit"), found.by_unit),
        ("by-month", _("By month"), _("Month"), [row for row in found.by_month if row.figure]),
    ]


@require_safe
def support_statistics_sheet(request: HttpRequest) -> FileResponse:
    """Hand out the figures as Excel.

    Raises:
        PermissionDenied: the account does not read them.
    """
    found = _report(request)
    return workbook_response(workbook(found), f"support-statistics-{found.year}.xlsx")


@require_safe
def support_bulletin(request: HttpRequest) -> HttpResponse:
    """Hand out the bulletin of a year as PDF, for meetings and notice boards.

    Raises:
        PermissionDenied: the account does not read the figures.
    """
    found = _report(request)
    with override("zh-hans"):
        html = render_to_string(
            "veterans/statistics/bulletin.html",
            {
                "report": found,
                "tables": _tables(found),
                "surveys": [
                    row for row in effect_surveys(SURVEY_OFFICE) if row.closed_on.year == found.year
                ],
                "today": timezone.localdate(),
            },
        )
    response = HttpResponse(pdf_from_html(html), content_type="application/pdf")
    name = f"军服简报（{found.year}年）.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
def support_statistics_count(request: HttpRequest) -> HttpResponse:
    """Count the figures of a year anew, now instead of at night.

    Raises:
        PermissionDenied: the account does not read them.
    """
    if not may_read_statistics(request.user):
        raise PermissionDenied
    text = request.POST.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    if not 2000 <= year <= timezone.localdate().year:
        year = timezone.localdate().year
    seen = count_year(year)
    messages.success(request, _("%(count)d cases were counted.") % {"count": seen})
    return redirect("support_statistics")
