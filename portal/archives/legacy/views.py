"""Pages of the catalogues: upload, preview with every problem, confirmation, progress."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.archives.legacy import services
from portal.archives.legacy.columns import COLUMNS, NOTES
from portal.archives.legacy.forms import CatalogueForm, UploadForm
from portal.archives.legacy.reasons import reason_words
from portal.archives.models import LegacyBatch, LegacyState, Record, RenderStatus
from portal.archives.permissions import may_receive, require_office, require_receive
from portal.archives.spreadsheets import Column, write_table, write_template
from portal.spreadsheets import workbook_response

ROWS_PER_PAGE = 20
_PROBLEM_COLUMNS = (
    Column("row", "行", width=8),
    Column("column", "列", width=16),
    Column("cell", "单元格", width=10),
    Column("message", "问题", width=90),
)


@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """List the catalogues and take a new one."""
    require_office(request.user)
    form, status = UploadForm(), 200
    if request.method == "POST":
        require_receive(request.user)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            batch = services.upload(
                request.user, form.cleaned_data["catalogue"], form.cleaned_data["scans"]
            )
            return redirect(batch)
        status = 422
    paginator = Paginator(
        LegacyBatch.objects.exclude(state=LegacyState.DISCARDED)
        .select_related("uploaded_by__person")
        .defer("problems"),
        ROWS_PER_PAGE,
    )
    return render(
        request,
        "archives/legacy/list.html",
        {
            "form": form,
            "may_upload": may_receive(request.user),
            "page_obj": paginator.get_page(request.GET.get("page")),
        },
        status=status,
    )


@require_GET
def template(request: HttpRequest) -> FileResponse:
    """Hand out the empty catalogue with one explained row."""
    require_office(request.user)
    return workbook_response(
        write_template(COLUMNS, "归档文件目录", NOTES), "归档文件目录模板.xlsx"
    )


def _batch(batch_id: int) -> LegacyBatch:
    return get_object_or_404(
        LegacyBatch.objects.exclude(state=LegacyState.DISCARDED).select_related(
            "uploaded_by__person"
        ),
        pk=batch_id,
    )


@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show where a batch stands: its problems, or its items."""
    require_office(request.user)
    return _show(request, _batch(batch_id), CatalogueForm())


def _show(
    request: HttpRequest, found: LegacyBatch, form: CatalogueForm, status: int = 200
) -> HttpResponse:
    if found.state == LegacyState.REFUSED:
        listed: Any = found.problems
    else:
        listed = (
            found.items.select_related("archive_class", "unit")
            .annotate(scan_count=Count("scans"))
            .order_by("row_number")
        )
    page_obj = Paginator(listed, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    readable: set[Any] = set()
    if found.state in (LegacyState.IMPORTING, LegacyState.DONE):
        keys = [item.record_id for item in page_obj]
        visible = Record.objects.visible_to(request.user).filter(pk__in=keys)
        readable = set(visible.values_list("pk", flat=True))
    return render(
        request,
        "archives/legacy/batch.html",
        {
            "batch": found,
            "page_obj": page_obj,
            "readable": readable,
            "form": form,
            "may_decide": may_receive(request.user),
            "working": found.status in (RenderStatus.WAITING, RenderStatus.LEASED)
            and found.state in (LegacyState.CHECKING, LegacyState.IMPORTING),
            "stopped": found.status == RenderStatus.DEAD,
            "reason": reason_words(found.last_error),
        },
        status=status,
    )


@require_GET
def problems(request: HttpRequest, batch_id: int) -> FileResponse:
    """Hand out the problems as an Excel table."""
    require_office(request.user)
    found = _batch(batch_id)
    rows = [
        [problem["row"] or "", problem["column"], problem["cell"], problem["message"]]
        for problem in found.problems
    ]
    return workbook_response(write_table(_PROBLEM_COLUMNS, rows, "问题"), "目录问题清单.xlsx")


@require_POST
def replace(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Check a refused batch again with a corrected catalogue."""
    require_receive(request.user)
    found = _batch(batch_id)
    form = CatalogueForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    return redirect(
        services.replace_catalogue(found.pk, request.user, form.cleaned_data["catalogue"])
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take over a checked batch, after a second look."""
    require_receive(request.user)
    found = _batch(batch_id)
    if request.method == "POST":
        done = services.confirm(found.pk)
        if done.state == LegacyState.DONE:
            messages.success(
                request, _("%(count)d items were taken over.") % {"count": done.imported_rows}
            )
        else:
            messages.info(request, _("The items are being taken over; look again in a minute."))
        return redirect(found)
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("Take over %(count)d items?") % {"count": found.row_count},
            "question": _("Every item becomes a record and goes into the pool."),
            "consequences": [
                _("%(count)d files are stored with them.") % {"count": found.file_count},
                _("The records are marked as recorded late (补录)."),
                _("This cannot be taken back; what is wrong is corrected or returned in the pool."),
            ],
            "action_url": reverse("archive_legacy_confirm", args=[found.pk]),
            "confirm_label": _("Take over"),
            "cancel_url": found.get_absolute_url(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Remove a batch that was not taken over, after a second look."""
    require_receive(request.user)
    found = _batch(batch_id)
    if request.method == "POST":
        services.discard(found.pk)
        messages.success(request, _("The catalogue was discarded with its scans."))
        return redirect("archive_legacy")
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("Discard “%(name)s”?") % {"name": found.catalogue_name},
            "question": _("Catalogue and scans are removed from the server."),
            "consequences": [_("Nothing of it was taken over.")],
            "action_url": reverse("archive_legacy_discard", args=[found.pk]),
            "confirm_label": _("Discard"),
            "cancel_url": found.get_absolute_url(),
        },
    )


@require_POST
def retry(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Go on with a batch that was put aside after errors."""
    require_receive(request.user)
    found = _batch(batch_id)
    if services.revive(found.pk):
        messages.success(request, _("The work goes on within a minute."))
    return redirect(found)
