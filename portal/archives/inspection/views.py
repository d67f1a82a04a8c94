"""The checks that were not passed, the report of a record, and the button that checks again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.archives.access.refusals import LevelChanged
from portal.archives.inspection import listing, reports, services
from portal.archives.inspection.package import NotReady
from portal.archives.models import Inspection, InspectionStage, Record
from portal.archives.permissions import may_receive, require_office, require_receive

ROWS_PER_PAGE = 20


def _record(request: HttpRequest, record_id: uuid.UUID) -> Record:
    found: Record = get_object_or_404(
        Record.objects.visible_to(request.user).select_related("unit", "render"), pk=record_id
    )
    return found


def _wanted(request: HttpRequest, record: Record) -> Inspection | None:
    """Return the inspection that the address names, else the newest; None when there is none.

    Raises:
        Http404: the record has no such inspection.
    """
    inspections = record.inspections.select_related("inspected_by__person")
    number = request.GET.get("run", "")
    if not number:
        return inspections.first()
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    found: Inspection = get_object_or_404(inspections, pk=int(number))
    return found


@require_GET
def inspections(request: HttpRequest) -> HttpResponse:
    """List the records that did not pass their last check, and say how far the checks are."""
    require_office(request.user)
    stage = request.GET.get("stage", "")
    found = listing.not_passed(stage)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    readable = Record.objects.visible_to(request.user).filter(
        pk__in=[row.record_id for row in shown]
    )
    return render(
        request,
        "archives/inspections.html",
        {
            "page_obj": page,
            "rows": shown,
            "readable": set(readable.values_list("pk", flat=True)),
            "progress": listing.progress(),
            "stages": InspectionStage.choices,
            "stage": stage,
        },
    )


@require_http_methods(["GET", "POST"])
def inspection(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Show the report of a record; posting runs the checks again."""
    record = _record(request, record_id)
    if request.method == "POST":
        require_receive(request.user)
        try:
            found = services.inspect(record, InspectionStage.FILING, request.user)
        except (NotReady, LevelChanged):
            messages.error(
                request, _("The files of this record are not made yet. Try again in a minute.")
            )
        else:
            messages.success(
                request,
                _("The checks ran: %(verdict)s.") % {"verdict": found.get_verdict_display()},
            )
        return redirect("archive_inspection", record.pk)
    shown = _wanted(request, record)
    context = reports.report(shown) if shown else {}
    return render(
        request,
        "archives/inspection.html",
        {
            **context,
            "record": record,
            "earlier": reports.earlier(record),
            "may_receive": may_receive(request.user),
        },
    )


@require_GET
def inspection_pdf(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Hand out the report as PDF."""
    record = _record(request, record_id)
    shown = _wanted(request, record)
    if shown is None:
        raise Http404(_("This record has not been checked yet."))
    response = HttpResponse(reports.report_pdf(shown), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="inspection-{shown.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
