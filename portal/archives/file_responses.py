"""Hand out one file of a record as a stream, or the part of it that a player asks for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal.archives import file_access, store
from portal.archives.models import RecordFile

# What a browser may show inside the portal's own origin; everything else is downloaded.
SHOWN_IN_BROWSER = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
#: One range of RFC 9110 14.1.2; several at once, which the RFC lets a server ignore, get all.
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class _Stream:
    """Chunks with the file behind them, which is closed when the connection ends early."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        # The first piece at once: what is missing or cannot be opened becomes a page.
        self._first = next(chunks, b"")

    def __iter__(self) -> Iterator[bytes]:
        return itertools.chain([self._first], self._chunks)

    def close(self) -> None:
        self._chunks.close()  # type: ignore[attr-defined]


def _wanted(header: str, size: int) -> tuple[int, int] | None:
    """Return the first byte and the one after the last that a Range header asks for.

    None for all of it, and an empty span for one beyond the end.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[0] == "bytes=-":
        return None
    if not found[1]:
        return max(size - int(found[2]), 0), size
    first = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    return (first, min(last + 1, size)) if first < size else (size, size)


def file_response(request: HttpRequest, file: RecordFile) -> HttpResponse:
    """Return a stored file under its own name; memory stays flat however long it is.

    Raises:
        Http404: the store has no bytes of it.
        SealedUnreadable: the bytes are sealed and cannot be opened.
    """
    try:
        size = file_access.stored_size(file)
        span = _wanted(request.headers.get("Range", ""), size)
        if span is not None and span[0] >= span[1]:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        first, end = span or (0, size)
        stream = _Stream(file_access.open_chunks(file, first, end if span else None))
    except store.MissingFile as error:
        raise Http404(_("The stored file is missing. Please tell the archivist.")) from error
    response: Any = StreamingHttpResponse(
        stream, content_type=file.media_type, status=206 if span else 200
    )
    response["Content-Length"] = str(end - first)
    if span:
        response["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    response["Accept-Ranges"] = "bytes"
    shown = file.media_type in SHOWN_IN_BROWSER
    response["Content-Disposition"] = content_disposition_header(not shown, file.name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
