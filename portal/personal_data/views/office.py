"""The inventory, and exports with two people."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.personal_data.exports import (
    decide,
    export_of,
    exports_for,
    fetch,
    has_to_do_with_exports,
    request_export,
    requests_for,
)
from portal.personal_data.inventory import faults, inventory
from portal.personal_data.models import ExportState, RetentionRule
from portal.personal_data.office_forms import DecisionForm, ExportRequestForm
from portal.personal_data.permissions import (
    may_approve_exports,
    may_read_inventory,
)
from portal.spreadsheets import workbook_response

ROWS_PER_PAGE = 20


@require_safe
def data_inventory(request: HttpRequest) -> HttpResponse:
    """Show which personal data is kept, why, and for how long.

    Raises:
        Http404: the account neither audits nor keeps it in order.
    """
    if not may_read_inventory(request.user):
        raise Http404
    page = Paginator(inventory(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "personal_data/inventory.html",
        {"page_obj": page, "faults": faults(), "rules": RetentionRule.objects.all()},
    )


def _require_exports(request: HttpRequest) -> None:
    if not has_to_do_with_exports(request.user):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def data_exports(request: HttpRequest) -> HttpResponse:
    """List requests; ask for an export.

    Raises:
        Http404: the account neither asks for exports, nor approves or audits them.
    """
    _require_exports(request)
    offered = exports_for(request.user)
    form = None
    if request.method == "POST" or offered:
        form = ExportRequestForm(
            request.POST if request.method == "POST" else None, exports=offered
        )
    if form is not None and form.is_bound and form.is_valid():
        made = request_export(
            form.cleaned_data["kind"],
            request.user,
            form.cleaned_data["reason"],
            whole_numbers=form.cleaned_data["whole_numbers"],
        )
        messages.success(request, _("The request waits for the security administrator."))
        return redirect(made)
    page = Paginator(requests_for(request.user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        export = export_of(row.kind)
        row.title = export.title if export else row.kind
    return render(
        request,
        "personal_data/exports.html",
        {"page_obj": page, "form": form, "offered": offered},
        status=422 if form is not None and form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def data_export(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Show a request; approve or refuse it.

    Raises:
        Http404: the account does not see it.
        NotYourDecision: it is one's own, or the role does not approve.
        ExportRefused: somebody else was quicker.
    """
    _require_exports(request)
    asked = get_object_or_404(requests_for(request.user), pk=request_id)
    decides = may_approve_exports(request.user) and asked.state == ExportState.REQUESTED
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        approve = form.cleaned_data["decision"] == "approve"
        decide(asked.pk, request.user, approve=approve, note=form.cleaned_data["note"])
        messages.success(request, _("The decision is saved."))
        return redirect(asked)
    export = export_of(asked.kind)
    own = asked.requested_by_id == request.user.pk
    return render(
        request,
        "personal_data/export.html",
        {
            "asked": asked,
            "title": export.title if export else asked.kind,
            "form": form if decides and not own else None,
            "can_fetch": own and asked.state == ExportState.APPROVED,
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def data_export_fetch(request: HttpRequest, request_id: uuid.UUID) -> HttpResponseBase:
    """Hand out an approved export, once.

    Raises:
        Http404: the account does not see it.
        ExportRefused: it is not approved, too old, or fetched already.
    """
    _require_exports(request)
    asked = get_object_or_404(requests_for(request.user), pk=request_id)
    return workbook_response(fetch(asked.pk, request.user), f"{asked.kind}-{asked.number}.xlsx")
