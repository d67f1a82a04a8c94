"""The record pages: one record and its files."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from portal.archives.details import record_details
from portal.archives.file_responses import file_response
from portal.archives.models import Record, RecordFile


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
    return render(request, "archives/record.html", record_details(found, request.user))


@require_GET
def record_file(request: HttpRequest, record_id: uuid.UUID, file_id: int) -> HttpResponse:
    """Hand out one file of a record under its own name."""
    found = _record(request, record_id)
    file: RecordFile = get_object_or_404(found.files.filter(stored_at__isnull=False), pk=file_id)
    return file_response(request, file)
