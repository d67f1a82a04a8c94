"""Hand out pictures, sound, film and documents to those who may read a page that shows them.

The files of a page are as public as the page. Beyond that, editors see the files of their own
library before any page shows them, and reviewers of the whole enterprise those of drafts.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import IO, Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_safe
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.permissions import permission_policy as image_policy
from wagtailmedia.permissions import permission_policy as media_policy

from portal.pages.file_protection import current_citations
from portal.pages.models import (
    PortalDocument,
    PortalImage,
    PortalMedia,
    PortalRendition,
    Publication,
)
from portal.publishing.queue import PAGE_SOURCE
from portal.roles.permissions import reviews_everywhere

# Shown inside the portal's own origin; anything else would be downloaded, and none is stored.
SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "audio/", "video/")
SECONDS_KEPT_BY_BROWSER = 600
LIBRARY_ACTIONS = {"add", "change", "delete", "choose"}
CHUNK_BYTES = 64 * 1024
RANGE = re.compile(r"^bytes=(\d+)-(\d*)$")


def _may_choose(row: Any, user: Any) -> bool:
    """Whether an editor finds the file in the own library, or a reviewer must see all drafts."""
    policies = {
        PortalImage: image_policy,
        PortalDocument: document_policy,
        PortalMedia: media_policy,
    }
    return user.is_authenticated and (
        reviews_everywhere(user)
        or policies[type(row)].user_has_any_permission_for_instance(user, LIBRARY_ACTIONS, row)
    )


_showing: dict[str, Callable[[Any, Any], bool]] = {}


def register_showing(code: str, shows: Callable[[Any, Any], bool]) -> None:
    """Add what shows library files beside pages, once, when its application is ready.

    Args:
        shows: whether a file is shown to an account; asked when no page shows it.
    """
    _showing[code] = shows


def file_visible_to(row: Any, user: Any) -> bool:
    """Whether an account may read a file.

    It is shown on a live page the account may read or in a published list, or lies in a library
    the account works with, or the account reviews drafts of the whole enterprise.
    """
    return (
        _shown_to(row, user)
        or any(shows(row, user) for shows in _showing.values())
        or _may_choose(row, user)
    )


def _shown_to(row: Any, user: Any) -> bool:
    page_ids = [
        int(source_id)
        for source_id in current_citations(row)
        .filter(record__source_kind=PAGE_SOURCE)
        .values_list("record__source_id", flat=True)
    ]
    return (
        bool(page_ids)
        and Publication.objects.visible_to(user).filter(page_id__in=page_ids).exists()
    )


def refuse_file(request: HttpRequest) -> HttpResponse:
    """Ask strangers to sign in.

    Raises:
        PermissionDenied: the account is signed in and may not read the file.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise PermissionDenied


def _library_row(path: str) -> Any:
    """Return the library row a stored path belongs to.

    Raises:
        Http404: no picture, sound or film has the path; documents have their own address.
    """
    if rendition := PortalRendition.objects.filter(file=path).select_related("image").first():
        return rendition.image
    found = (
        PortalImage.objects.filter(file=path).first()
        or PortalMedia.objects.filter(file=path).first()
    )
    if found is None:
        raise Http404
    return found


def _part(file: IO[bytes], length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (chunk := file.read(min(CHUNK_BYTES, length))):
            length -= len(chunk)
            yield chunk


def _partial(file: IO[bytes], header: str, size: int, media_type: str) -> HttpResponseBase | None:
    """Answer a request for part of a file, without which players cannot jump; else None."""
    match = RANGE.match(header)
    if match is None:
        return None
    first = int(match[1])
    last = min(int(match[2]) if match[2] else size - 1, size - 1)
    if first > last:
        file.close()
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Content-Range": f"bytes */{size}"},
        )
    file.seek(first)
    length = last - first + 1
    return StreamingHttpResponse(
        _part(file, length),
        status=HTTPStatus.PARTIAL_CONTENT,
        content_type=media_type,
        headers={"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(length)},
    )


@login_not_required
@require_safe
def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a picture, sound or film, whole or in part."""
    if not file_visible_to(_library_row(path), request.user):
        return refuse_file(request)
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if not media_type.startswith(SHOWN):
        raise Http404
    try:
        file: Any = default_storage.open(path, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = _partial(
        file, request.headers.get("Range", ""), default_storage.size(path), media_type
    ) or FileResponse(file, content_type=media_type)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"private, max-age={SECONDS_KEPT_BY_BROWSER}"
    return response
