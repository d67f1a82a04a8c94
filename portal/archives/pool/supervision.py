"""Stalled items: the list by unit and the supervision sheet (督办单) for one unit."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from portal.address_values import plain_text
from portal.archives.models import PoolItem
from portal.archives.pdf import pdf_from_html
from portal.archives.permissions import pool_units, require_office
from portal.archives.pool.listing import visible_items
from portal.archives.refusals import NotYourUnit
from portal.organizations.models import Unit

UNITS_PER_PAGE = 20
OLDEST_SHOWN = 10


class Backlog(NamedTuple):
    """What is overdue in one unit: how many, and the oldest of them."""

    unit: Unit | None
    total: int
    oldest: list[PoolItem]


def stalled_units(user: Any, today: datetime.date) -> Any:
    """Return the units with overdue items and how many, in the order of the tree."""
    return (
        visible_items(user)
        .overdue(today)
        .order_by("unit__path")
        .values_list("unit", "unit__path")
        .annotate(count=Count("pk"))
    )


def backlogs(user: Any, today: datetime.date, units: list[Any]) -> list[Backlog]:
    """Return what is overdue in these units, the oldest few of each; two queries in all."""
    place = Window(RowNumber(), partition_by="unit", order_by=["due_on", "pk"])
    items = (
        visible_items(user)
        .overdue(today)
        .annotate(place=place)
        .filter(place__lte=OLDEST_SHOWN)
        .filter(Q(unit__in=[key for key, _path, _count in units if key]) | Q(unit__isnull=True))
        .select_related("record", "unit", "archive_class")
        .order_by("due_on", "pk")
    )
    by_unit: dict[int | None, list[PoolItem]] = defaultdict(list)
    for item in items:
        by_unit[item.unit_id].append(item)
    return [
        Backlog(by_unit[key][0].unit, count, by_unit[key])
        for key, _path, count in units
        if by_unit[key]
    ]


@require_GET
def stalled(request: HttpRequest) -> HttpResponse:
    """List what stands still, by unit, each unit with its supervision sheet."""
    require_office(request.user)
    today = timezone.localdate()
    paginator = Paginator(stalled_units(request.user, today), UNITS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "archives/pool/stalled.html",
        {"page_obj": page, "backlogs": backlogs(request.user, today, list(page)), "today": today},
    )


@require_GET
def sheet(request: HttpRequest, unit_code: str) -> HttpResponse:
    """Hand out the supervision sheet of a unit as PDF."""
    today = timezone.localdate()
    units = pool_units(request.user)
    unit = Unit.objects.filter(code=plain_text(unit_code)).first()
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
