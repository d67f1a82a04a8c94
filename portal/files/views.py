"""Hand out a private file to those who may read it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.files import services
from portal.files.models import StoredFile
from portal.files.owners import may_read_file, note_reading
from portal.personal_data.retention import refuse_frozen


@require_safe
def stored_file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponseBase:
    """Stream a file: as a download, or a picture or recording in the page with ?show=1.

    Raises:
        Http404: there is none, or the account may not read it; nobody learns which.
        DataFrozen: what it belongs to is only stored any more.
        FileUnreadable: its bytes cannot be opened.
    """
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None or not may_read_file(request.user, file):
        raise Http404(_("There is no such file."))
    if file.owner_kind:
        refuse_frozen(file.owner_kind, file.owner_id)
    shown = (file.is_picture or file.is_recording) and request.GET.get("show") == "1"
    if request.method == "GET":
        note_reading(request.user, file)
    chunks = services.read(file)
    response: Any = StreamingHttpResponse(_begun(chunks), content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = content_disposition_header(not shown, file.original_name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Read the first piece at once, so that what cannot be opened becomes a page."""
    return itertools.chain([next(chunks, b"")], chunks)
