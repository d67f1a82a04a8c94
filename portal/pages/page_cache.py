"""Whole pages kept for visitors who are not signed in.

Most requests of an intranet portal are the same few public pages. A kept page costs one
query: the number of the newest ledger entry, which changes with everything that is
published, changed or withdrawn, on every process and every node at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language_from_request

from portal.anonymous_requests import is_anonymous_path
from portal.archives.ledger import newest_sequence
from portal.pages import display_mode

# What no ledger entry announces, such as a renamed unit, shows after this many seconds.
SECONDS = 60
KEPT_PARAMETERS = frozenset({"page", "kind", "unit", "year"})
# Only pages of the page tree; everything under these paths answers for itself.
NEVER_KEPT = (
    *("/admin/", "/account/", "/archives/", "/workspace/", "/search/", "/documents/"),
    *("/media/", "/static/", "/display-mode/", "/language/", "/objections/"),
    *("/cases/", "/track/"),
)


def _may_be_kept(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and not request.path.startswith(NEVER_KEPT)
        # Each visitor gets a challenge of his own there.
        and not is_anonymous_path(request.path)
        and KEPT_PARAMETERS.issuperset(request.GET)
    )


def _key(request: HttpRequest) -> str:
    mode = display_mode.current(request)
    parts = (
        request.get_host(),
        request.get_full_path(),
        mode.text,
        mode.contrast,
        get_language_from_request(request),
        timezone.localdate().isoformat(),
        str(newest_sequence()),
    )
    return f"page:{hashlib.sha256('|'.join(parts).encode()).hexdigest()}"


class AnonymousPageCacheMiddleware:
    """Answer visitors from the kept pages; signed-in people always get their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look, answer or pass on, and keep what may be kept."""
        if not _may_be_kept(request):
            return self.get_response(request)
        key = _key(request)
        kept = cache.get(key)
        if kept is not None:
            body, content_type = kept
            return HttpResponse(body, content_type=content_type)
        response = self.get_response(request)
        if (
            response.status_code == HTTPStatus.OK
            and isinstance(response, HttpResponse)
            and not response.cookies
            and "private" not in response.get("Cache-Control", "")
        ):
            if hasattr(response, "render") and callable(response.render):
                response.render()
            cache.set(key, (response.content, response["Content-Type"]), SECONDS)
        return response
