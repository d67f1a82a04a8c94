"""Damaged and stray files, and how far the reading of the store is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.archives.fixity import faults, mirror, repairs, services
from portal.archives.models import FixityFault, Record, RecordFile, RepairOrder
from portal.archives.permissions import may_receive, require_office, require_receive

FAULTS_PER_PAGE = 20


def _oldest_reading() -> Any:
    """Return when the file that was not read for the longest time was last found right."""
    return (
        RecordFile.objects.filter(stored_at__isnull=False)
        .annotate(last_read=Coalesce("checked_at", "stored_at"))
        .order_by("last_read")
        .values_list("last_read", flat=True)
        .first()
    )


@require_GET
def fixity(request: HttpRequest) -> HttpResponse:
    """List damaged and stray files, open ones first, and say how far the reading is."""
    require_office(request.user)
    found = FixityFault.objects.select_related("file__record").order_by(
        F("closed_at").desc(nulls_first=True), "-found_at", "-pk"
    )
    page = Paginator(found, FAULTS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    readable = set(
        Record.objects.visible_to(request.user)
        .filter(pk__in=[fault.file.record_id for fault in shown if fault.file])
        .values_list("pk", flat=True)
    )
    return render(
        request,
        "archives/fixity.html",
        {
            "page_obj": page,
            "rows": [
                (fault, bool(fault.file and fault.file.record_id in readable)) for fault in shown
            ],
            "open_faults": faults.open_faults(),
            "oldest_reading": _oldest_reading(),
            "overdue": services.overdue(),
            "days": services.days(),
            "second_store": mirror.root() is not None,
            "not_copied": RecordFile.objects.filter(mirror.waiting()).count()
            if mirror.root() is not None
            else 0,
            "last_repair": RepairOrder.objects.first(),
            "may_receive": may_receive(request.user),
        },
    )


@require_POST
def repair(request: HttpRequest) -> HttpResponse:
    """Ask the worker to put every damaged file right; reading them takes longer than a request."""
    require_receive(request.user)
    if not faults.open_faults():
        messages.info(request, _("Nothing is damaged."))
    elif repairs.order(request.user):
        messages.success(
            request,
            _(
                "The worker begins to repair within a minute. What came of it will be shown on "
                "this page."
            ),
        )
    else:
        messages.info(request, _("A repair is under way already."))
    return redirect("archive_fixity")
