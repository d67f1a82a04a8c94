"""The page of drills: when the archive was last proven to come back, and how fast."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.archives.permissions import require_office
from portal.archives.recovery import reports
from portal.archives.recovery.drill import DrillReport

ROWS_PER_PAGE = 20


@dataclass(frozen=True)
class Line:
    """One report as the page shows it; without a report when its file is none."""

    name: str
    report: DrillReport | None
    began_at: datetime.datetime | None = None
    made_at: datetime.datetime | None = None


@require_safe
def drills(request: HttpRequest) -> HttpResponse:
    """List the signed reports, the newest first."""
    require_office(request.user)
    lines = [_line(name, found) for name, found in reports.kept()]
    page = Paginator(lines, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "archives/recovery/drills.html", {"page_obj": page})


def _line(name: str, found: DrillReport | reports.NoReport) -> Line:
    if isinstance(found, reports.NoReport):
        return Line(name, None)
    moment = datetime.datetime.fromisoformat
    return Line(name, found, moment(found.began_at), moment(found.made_at))
