"""The list of attachments without a copy that lasts, and small pictures for record pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from portal.archives import store
from portal.archives.attachments import conversion, services
from portal.archives.attachments.previews import WIDTHS, NoPreview, PreviewBusy, small_picture
from portal.archives.models import (
    Conversion,
    ConversionReason,
    Record,
    RecordFile,
    RenderStatus,
)
from portal.archives.permissions import may_receive, require_office, require_receive
from portal.archives.querysets import readable

FILES_PER_PAGE = 20
# What the archivist chooses from, by the words in the address.
STATES = {
    "unconverted": (RenderStatus.DEAD,),
    "waiting": (RenderStatus.WAITING, RenderStatus.LEASED),
    "converted": (RenderStatus.DONE,),
}


def _visible(user: Any) -> QuerySet[Conversion]:
    return Conversion.objects.filter(readable(user, "file__record__"))


@require_GET
def attachments(request: HttpRequest) -> HttpResponse:
    """List office attachments by whether they have a PDF/A, those without first."""
    require_office(request.user)
    visible = _visible(request.user)
    counted = {
        row["status"]: row["count"]
        for row in visible.order_by().values("status").annotate(count=Count("pk"))
    }
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in STATES else "unconverted"
    reason = request.GET.get("reason", "")
    reason = reason if reason in ConversionReason.values and chosen == "unconverted" else ""
    found = visible.filter(status__in=STATES[chosen])
    if reason:
        found = found.filter(reason=reason)
    paginator = Paginator(
        found.select_related("file__record__unit", "file__converted").order_by(
            "-file__record__captured_at", "file__position", "pk"
        ),
        FILES_PER_PAGE,
    )
    program = conversion.program()
    return render(
        request,
        "archives/attachments/list.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "total": paginator.count,
            "chosen": chosen,
            "reason": reason,
            "reasons": ConversionReason.choices,
            "counts": [
                (code, name, sum(counted.get(status, 0) for status in STATES[code]))
                for code, name in (
                    ("unconverted", _("Not converted")),
                    ("waiting", pgettext("conversion", "Waiting")),
                    ("converted", _("Kept as PDF/A")),
                )
            ],
            "program": conversion.program_version(program) if program else "",
            "may_retry": may_receive(request.user),
        },
    )


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect("archive_attachments")


@require_POST
def retry(request: HttpRequest, file_id: int) -> HttpResponse:
    """Try the conversion of one attachment again."""
    require_receive(request.user)
    work = get_object_or_404(_visible(request.user).select_related("file"), pk=file_id)
    if services.retry(work.pk):
        messages.success(
            request, _("“%(name)s” will be tried again within a minute.") % {"name": work.file.name}
        )
    else:
        messages.info(
            request, _("“%(name)s” is waiting or converted already.") % {"name": work.file.name}
        )
    return _back(request)


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try everything again that was put aside, or what was put aside for one reason."""
    require_receive(request.user)
    reason = request.POST.get("reason", "")
    count = services.retry_all(reason if reason in ConversionReason.values else "")
    messages.success(
        request,
        ngettext(
            "%(count)d attachment will be tried again.",
            "%(count)d attachments will be tried again.",
            count,
        )
        % {"count": count},
    )
    return redirect("archive_attachments")


@require_GET
def preview(request: HttpRequest, record_id: uuid.UUID, file_id: int, width: int) -> HttpResponse:
    """Show a picture file of a record small."""
    if width not in WIDTHS:
        raise Http404
    record = get_object_or_404(Record.objects.visible_to(request.user), pk=record_id)
    file: RecordFile = get_object_or_404(record.files.filter(stored_at__isnull=False), pk=file_id)
    try:
        body, media_type = small_picture(file, width)
    except (NoPreview, store.MissingFile) as error:
        raise Http404(_("There is no preview of this file.")) from error
    except PreviewBusy:
        return HttpResponse(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    response = HttpResponse(body, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
