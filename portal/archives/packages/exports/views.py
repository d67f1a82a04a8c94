"""Order exports, see how far they are, fetch them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.archives.models import ExportKind, PackageExport
from portal.archives.packages.exports import services
from portal.archives.packages.exports.forms import SelectionForm
from portal.archives.packages.exports.selection import MOST_FOUND
from portal.archives.permissions import may_receive, require_office, require_receive
from portal.files import services as files
from portal.leases import WorkStatus
from portal.refusals import Refusal

ROWS_PER_PAGE = 20
#: After so many seconds the page of an unfinished export looks again, without scripts too.
LOOKS_AGAIN_SECONDS = "5"


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Show what would be exported and what was ordered; order what is chosen."""
    require_office(request.user)
    if request.method != "POST":
        return _page(request, SelectionForm(request.GET))
    require_receive(request.user)
    form = SelectionForm(request.POST)
    kind = request.POST.get("kind", "")
    if not form.is_valid() or kind not in ExportKind.values:
        return _page(request, form, 422)
    user: Any = request.user
    try:
        made = services.order(kind, form.selection(), user)
    except Refusal as refusal:
        return _page(request, form, refusal.status, refusal)
    messages.success(request, _("The export was ordered. The worker makes it now."))
    return redirect("archive_package_export", made.pk)


def _page(
    request: HttpRequest, form: SelectionForm, status: int = 200, refusal: Refusal | None = None
) -> HttpResponse:
    selection, may_order = form.selection(), may_receive(request.user)
    count = selection.records(request.user).count()
    ordered = PackageExport.objects.select_related("requested_by__person")
    return render(
        request,
        "archives/packages/exports.html",
        {
            "form": form,
            "chosen": selection.words(),
            "conditions": {name: value for name, value in selection.conditions().items() if value},
            "count": count,
            "unsealed": services.unsealed(selection, request.user),
            "unchecked": services.unchecked(selection, request.user)
            if may_order and count <= MOST_FOUND
            else 0,
            "kinds": ExportKind.choices,
            "may_order": may_order,
            "page_obj": Paginator(ordered, ROWS_PER_PAGE).get_page(request.GET.get("page")),
            "refusal": refusal,
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far an export is; one that was put aside can be tried again."""
    require_office(request.user)
    found = get_object_or_404(
        PackageExport.objects.select_related("requested_by__person", "file"), pk=pk
    )
    if request.method == "POST":
        require_receive(request.user)
        if services.try_again(found):
            messages.success(request, _("The worker tries again within a minute."))
        return redirect("archive_package_export", pk)
    response = render(
        request,
        "archives/packages/export.html",
        {
            "export": found,
            "hands_over": found.kind in services.PACKAGES,
            "may_fetch": _may_fetch(request, found),
            "may_retry": may_receive(request.user),
            "days": services.DAYS_KEPT,
        },
    )
    if found.status in (WorkStatus.WAITING, WorkStatus.LEASED):
        response["Refresh"] = LOOKS_AGAIN_SECONDS
    return response


def _may_fetch(request: HttpRequest, found: PackageExport) -> bool:
    """Whether the account may take it: what is inside is what its orderer may read."""
    return found.requested_by_id == request.user.pk and may_receive(request.user)


@require_GET
def export_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Hand out a finished export to who ordered it; memory stays flat.

    Raises:
        Http404: it is not finished, somebody else's, or was forgotten.
    """
    require_receive(request.user)
    found = get_object_or_404(PackageExport.objects.select_related("file"), pk=pk)
    if found.file is None or not _may_fetch(request, found):
        raise Http404(_("There is no such file any more. It can be ordered again at any time."))
    response: Any = StreamingHttpResponse(
        files.read(found.file), content_type=services.media_type_of(found)
    )
    response["Content-Length"] = str(found.file.size)
    name = content_disposition_header(True, found.file.original_name)
    response["Content-Disposition"] = name or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
