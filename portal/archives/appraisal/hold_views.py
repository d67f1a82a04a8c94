"""Pages of legal holds: all of them, one of them, a new one."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.archives.appraisal.forms import HoldForm, ReasonForm
from portal.archives.appraisal.holds import lift_hold, place_hold
from portal.archives.models import LegalHold, Record
from portal.archives.permissions import may_receive, require_office, require_receive

PER_PAGE = 20


@require_GET
def holds(request: HttpRequest) -> HttpResponse:
    """List all holds, those in force first."""
    require_office(request.user)
    found = LegalHold.objects.select_related("record", "archive_class", "unit", "placed_by__person")
    in_force = request.GET.get("list") != "ended"
    today = timezone.localdate()
    current = LegalHold.objects.in_force(today).values("pk")
    shown = found.filter(pk__in=current) if in_force else found.exclude(pk__in=current)
    return render(
        request,
        "archives/appraisal/holds.html",
        {
            "page_obj": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
            "in_force": in_force,
            "may_decide": may_receive(request.user),
        },
    )


def _wanted_record(request: HttpRequest) -> Record | None:
    value = request.GET.get("record", "")
    if not value:
        return None
    try:
        number = uuid.UUID(value)
    except ValueError:
        number = uuid.uuid4()
    found: Record = get_object_or_404(Record.objects.visible_to(request.user), pk=number)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def add_hold(request: HttpRequest) -> HttpResponse:
    """Place a hold on one record, named in the address, or on what has a class, unit or year."""
    require_receive(request.user)
    record = _wanted_record(request)
    form = HoldForm(request.POST if request.method == "POST" else None, record=record)
    if request.method == "POST" and form.is_valid():
        hold = place_hold(
            request.user,
            form.scope(),
            form.cleaned_data["reason"],
            form.cleaned_data["until"],
        )
        messages.success(request, _("The legal hold is in force from now on."))
        return redirect(hold)
    return render(
        request,
        "archives/appraisal/hold_form.html",
        {
            "form": form,
            "record": record,
            "facts": [(_("Record"), record.title), (_("Archive code"), record.archive_code or "—")]
            if record
            else [],
            "cancel_url": record.get_absolute_url() if record else reverse("archive_holds"),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, hold_id: uuid.UUID) -> HttpResponse:
    """Show a hold, or lift it with a reason."""
    require_office(request.user)
    found = get_object_or_404(
        LegalHold.objects.select_related(
            "record", "archive_class", "unit", "placed_by__person", "lifted_by__person"
        ),
        pk=hold_id,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_receive(request.user)
        if form.is_valid():
            lift_hold(found.pk, request.user, form.cleaned_data["reason"])
            messages.success(request, _("The legal hold was lifted."))
            return redirect(found)
    visible = Record.objects.visible_to(request.user).filter(holds=found)
    return render(
        request,
        "archives/appraisal/hold.html",
        {
            "hold": found,
            "record": visible.first(),
            "in_force": LegalHold.objects.in_force(timezone.localdate())
            .filter(pk=found.pk)
            .exists(),
            "form": form,
            "may_decide": may_receive(request.user),
        },
        status=422 if request.method == "POST" else 200,
    )
