"""The office of standards: versions are read, proposed, published, copied, compared here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.spreadsheets import workbook_response
from portal.spreadsheets.faults import SheetRefused
from veterans.models import ItemVersion
from veterans.standards import services
from veterans.standards.coverage import gap_warnings
from veterans.standards.difference import changes, version_before
from veterans.standards.office_forms import CopyForm, ReturnForm, SheetForm
from veterans.standards.pages import page_of, write_page_draft
from veterans.standards.permissions import (
    may_publish,
    may_publish_standards,
    may_see_drafts,
    may_write_standards,
)
from veterans.standards.refusals import StandardRefused
from veterans.standards.sheets import read_sheets, write_sheets
from veterans.standards.showing import standard_context

PAGE_SIZE = 20
View = Callable[..., HttpResponseBase]


def office(view: View) -> View:
    """Let in who writes or publishes standards; others are refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_drafts(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _version(pk: int) -> ItemVersion:
    return get_object_or_404(
        ItemVersion.objects.select_related("item", "proposed_by__person", "published_by__person"),
        pk=pk,
    )


@require_safe
@office
def versions(request: HttpRequest) -> HttpResponse:
    """List all versions, those that wait first."""
    rows = ItemVersion.objects.select_related("item").order_by(
        "item__order", "item_id", "region", "-effective_from", "-number"
    )
    waiting = rows.filter(status="proposed")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "veterans/standards/versions.html",
        {
            "page_obj": page,
            "waiting": list(waiting[:PAGE_SIZE]),
            "may_write": may_write_standards(request.user),
        },
    )


def _show(
    request: HttpRequest, version: ItemVersion, status: int = 200, **more: Any
) -> HttpResponse:
    user = request.user
    before = version_before(version)
    context = {
        **standard_context(version),
        "seen_sha256": version.standard.sha256(),
        "editors": list(version.editors.select_related("person")),
        "may_write": may_write_standards(user),
        "may_publish": version.status == "proposed" and may_publish(user, version),
        "own_work": version.status == "proposed"
        and may_publish_standards(user)
        and not may_publish(user, version),
        "before": before,
        "gaps": gap_warnings(version) if version.status != "published" else [],
        "page_of_item": page_of(version),
        "copy_form": CopyForm(initial={"effective_from": timezone.localdate()}),
        "return_form": ReturnForm(),
        "sheet_form": SheetForm(),
        **more,
    }
    return render(request, "veterans/standards/version.html", context, status=status)


@require_safe
@office
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version as its readers will see it, with what can be done with it."""
    return _show(request, _version(pk))


@require_safe
@office
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a version changes against the one before it."""
    found = _version(pk)
    before = version_before(found)
    return render(
        request,
        "veterans/standards/difference.html",
        {
            "version": found,
            "before": before,
            "changes": changes(before.standard, found.standard) if before else [],
        },
    )


@require_POST
@office
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft to those who publish; what is missing is said on its page."""
    found = _version(pk)
    try:
        services.propose(found.pk, request.user)  # type: ignore[arg-type]
    except StandardRefused as refusal:
        return _show(request, _version(pk), refusal.status, refusal=refusal)
    messages.success(request, _("The version waits for publication by a second person."))
    return redirect("support_standard", pk)


@require_POST
@office
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a version in force as it was seen."""
    try:
        services.publish_version(
            _version(pk).pk,
            request.user,  # type: ignore[arg-type]
            seen_sha256=request.POST.get("seen", ""),
        )
    except StandardRefused as refusal:
        return _show(request, _version(pk), refusal.status, refusal=refusal)
    messages.success(
        request, _("The version is published. It does not change any more; its page follows.")
    )
    return redirect("support_standard", pk)


@require_POST
@office
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a proposed version back with a reason."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _show(request, _version(pk), 422, return_form=form, form=form)
    try:
        services.return_version(_version(pk).pk, request.user, form.cleaned_data["reason"])  # type: ignore[arg-type]
    except StandardRefused as refusal:
        return _show(request, _version(pk), refusal.status, refusal=refusal, return_form=form)
    messages.success(request, _("The version went back to its writer."))
    return redirect("support_standard", pk)


@require_POST
@office
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new draft with the content of a version."""
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _show(request, _version(pk), 422, copy_form=form, form=form)
    made = services.copy_version(
        _version(pk).pk,
        request.user,  # type: ignore[arg-type]
        form.cleaned_data["effective_from"],
        form.cleaned_data["item"],
    )
    messages.success(
        request, _("This is the new draft. Change what is different, then propose it.")
    )
    return redirect("support_standard", made.pk)


@require_safe
@office
def sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the parts of a version as a workbook."""
    found = _version(pk)
    name = f"{found.item.code}-{found.effective_from:%Y%m%d}-{found.number}.xlsx"
    return workbook_response(write_sheets(found), name)


@require_http_methods(["POST"])
@office
def take_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the rows of a draft by those of a workbook; all or nothing."""
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, _version(pk), 422, sheet_form=form, form=form)
    try:
        with transaction.atomic():
            services.edited(_version(pk), request.user)  # type: ignore[arg-type]
            read_sheets(form.cleaned_data["sheet"].read(), _version(pk))
    except SheetRefused as refused:
        return _show(request, _version(pk), 422, faults=refused.faults)
    except StandardRefused as refusal:
        return _show(request, _version(pk), refusal.status, refusal=refusal)
    messages.success(request, _("The rows of the workbook were taken over. Please compare."))
    return redirect("support_standard_difference", pk)


@require_POST
@office
def page_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the page of a published version as a draft, to be submitted for review."""
    try:
        page = write_page_draft(_version(pk), request.user)  # type: ignore[arg-type]
    except StandardRefused as refusal:
        return _show(request, _version(pk), refusal.status, refusal=refusal)
    messages.success(
        request, _("This is the draft of the page. Submit it for review when it is right.")
    )
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
