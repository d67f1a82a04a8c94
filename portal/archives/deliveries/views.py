"""Pages of the archive office: which systems deliver, and what they delivered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from portal.archives.deliveries import services
from portal.archives.deliveries.forms import SystemForm
from portal.archives.models import DeliveringSystem, Delivery, Record
from portal.archives.permissions import may_receive, require_office, require_receive
from portal.refusals import NotPossible

ROWS_PER_PAGE = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def deliveries(request: HttpRequest) -> HttpResponse:
    """List systems and deliveries; admit a system and show its token this once."""
    require_office(request.user)
    form, token, status = SystemForm(), "", 200
    if request.method == "POST":
        require_receive(request.user)
        form, status = SystemForm(request.POST), 422
        if form.is_valid():
            try:
                _made, token = services.admit(form.cleaned_data["name"], request.user)
                form, status = SystemForm(), 200
            except NotPossible as refusal:
                form.add_error("name", str(refusal.message))
    systems = DeliveringSystem.objects.annotate(delivered=Count("deliveries"))
    rows = Delivery.objects.select_related("system", "unit")
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    _with_records(page.object_list)
    return render(
        request,
        "archives/deliveries/list.html",
        {
            "form": form,
            "token": token,
            "systems": systems.order_by("ended_at", "name"),
            "may_admit": may_receive(request.user),
            "page_obj": page,
            "interface_url": request.build_absolute_uri(reverse("archive_delivery_interface")),
        },
        status=status,
    )


def _with_records(rows: Any) -> None:
    """Give each delivery its newest record, with one query for all."""
    found = Record.objects.filter(
        source_kind=services.SOURCE, source_id__in=[str(row.pk) for row in rows]
    )
    records = {record.source_id: record for record in found.order_by("version")}
    for row in rows:
        row.record = records.get(str(row.pk))


@require_safe
def delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Show one delivery: its steps, its files, where its record stands."""
    require_office(request.user)
    found = get_object_or_404(Delivery.objects.select_related("system", "unit"), pk=delivery_id)
    return render(
        request,
        "archives/deliveries/delivery.html",
        {
            "delivery": found,
            "steps": [(step, parse_datetime(step["at"])) for step in found.steps],
            "files": found.files.order_by("position"),
            "record": services.record_of(found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, system_id: int) -> HttpResponse:
    """Ask, then take nothing more from a system."""
    require_receive(request.user)
    system = get_object_or_404(DeliveringSystem, pk=system_id)
    if request.method == "POST":
        services.end(system.pk, request.user)
        messages.success(request, _("Nothing more is taken from “%(name)s”.") % {"name": system})
        return redirect("archive_deliveries")
    return render(request, "archives/deliveries/end.html", {"system": system})


@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """Show how a system delivers, for the people who keep it."""
    require_office(request.user)
    return render(
        request,
        "archives/deliveries/guide.html",
        {"interface_url": request.build_absolute_uri(reverse("archive_delivery_interface"))},
    )
