"""The record pages: one record and its files."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.archives import store
from portal.archives.details import record_details
from portal.archives.models import Record, RecordFile

# What a browser may show inside the portal's own origin; everything else is downloaded.
SHOWN_IN_BROWSER = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})


def _record(request: HttpRequest, record_id: uuid.UUID) -> Record:
    return get_object_or_404(
        Record.objects.visible_to(request.user).select_related(
            "unit", "captured_by__person", "render", "previous", "next"
        ),
        pk=record_id,
    )


@require_GET
def record(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Show one record: what it is, its files, what happened to it, its ledger entries."""
    found = _record(request, record_id)
    return render(request, "archives/record.html", record_details(found))


@require_GET
def record_file(request: HttpRequest, record_id: uuid.UUID, file_id: int) -> HttpResponse:
    """Hand out one file of a record under its own name."""
    found = _record(request, record_id)
    file: RecordFile = get_object_or_404(found.files.filter(stored_at__isnull=False), pk=file_id)
    path = store.path_of(file.sha256)
    if not path.is_file():
        raise Http404(_("The stored file is missing. Please tell the archivist."))
    response: Any = FileResponse(path.open("rb"), content_type=file.media_type)
    shown = file.media_type in SHOWN_IN_BROWSER
    response["Content-Disposition"] = content_disposition_header(not shown, file.name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
