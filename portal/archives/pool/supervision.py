"""Stalled items: the list by unit and the supervision sheet (督办单) for one unit."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from portal.archives.models import PoolItem
from portal.archives.pdf import pdf_from_html
from portal.archives.permissions import pool_units, require_office
from portal.archives.pool.listing import visible_items
from portal.archives.refusals import NotYourUnit
from portal.organizations.models import Unit


def stalled_items(user: Any, today: datetime.date) -> list[tuple[Unit | None, list[PoolItem]]]:
    """Return overdue items by the unit that answers for them, units in the order of the tree."""
    items = (
        visible_items(user)
        .overdue(today)
        .select_related("record", "unit", "archive_class")
        .order_by("unit__path", "due_on", "pk")
    )
    return [(unit, list(group)) for unit, group in groupby(items, key=lambda item: item.unit)]


@require_GET
def stalled(request: HttpRequest) -> HttpResponse:
    """List what stands still, by unit, each unit with its supervision sheet."""
    require_office(request.user)
    today = timezone.localdate()
    groups = stalled_items(request.user, today)
    return render(
        request,
        "archives/pool/stalled.html",
        {
            "groups": groups,
            "total": sum(len(items) for _unit, items in groups),
            "today": today,
        },
    )


@require_GET
def sheet(request: HttpRequest, unit_code: str) -> HttpResponse:
    """Hand out the supervision sheet of a unit as PDF."""
    today = timezone.localdate()
    units = pool_units(request.user)
    unit = Unit.objects.filter(code=unit_code).first()
    if unit is None:
        raise Http404(_("There is no such unit."))
    if units is not None and not any(own.contains(unit) for own in units):
        raise NotYourUnit.standard()
    items = list(
        visible_items(request.user)
        .overdue(today)
        .filter(unit=unit)
        .select_related("record", "archive_class")
        .order_by("due_on", "pk")
    )
    if not items:
        raise Http404(_("Nothing of this unit is overdue."))
    with override("zh-hans"):
        html = render_to_string(
            "archives/rendition/supervision_sheet.html",
            {"unit": unit, "items": items, "today": today, "title": "归档督办单"},
        )
    response = HttpResponse(pdf_from_html(html), content_type="application/pdf")
    name = f"归档督办单_{unit.name}_{today:%Y%m%d}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response
