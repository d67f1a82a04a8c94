"""Requests of people who must stay unknown: nothing that tells who they are gets further.

A subject names the path prefixes (`register_anonymous_prefix`) and decorates its views with
`anonymous_view`. The middleware stands before everything else and takes out of such a request
what could tell the person: cookies but those of the display, the address, the browser, the page
before. So no middleware, template or view behind it can read a session or an account, whatever it
tries. The answer sets no cookie. Nothing of it is logged; errors are counted by their kind alone.

Source: the list of what must not be stored or logged, section 2.2 of the facts on feedback.
"""

from __future__ import annotations

import collections
import hashlib
import hmac
import logging
import secrets
import threading
import time
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from portal.files.upload_handlers import UnnamedUploadHandler
from portal.pages.display_mode import CONTRAST_COOKIE, TEXT_COOKIE
from portal.refusals import Refusal

logger = logging.getLogger(__name__)

HOUR = 3600
# Headers that say what is asked and how, not by whom.
KEPT_HEADERS = frozenset(
    {"HTTP_HOST", "HTTP_ACCEPT", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"}
    | {"HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE"}
)
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104  no address to listen on: that of nobody
# Of everything that writes about requests.
LOGGERS = ("django.request", "django.server", "django.security.csrf")

_prefixes: list[str] = []
_failures: collections.Counter[str] = collections.Counter()
_failures_lock = threading.Lock()
_failed_at = 0.0


def register_anonymous_prefix(prefix: str) -> None:
    """Name a path below which nobody is known, once, when the application is ready."""
    if prefix not in _prefixes:
        _prefixes.append(prefix)


def anonymous_prefixes() -> tuple[str, ...]:
    """Return the paths below which nobody is known."""
    return tuple(_prefixes)


def is_anonymous_path(path: str) -> bool:
    """Whether nobody is known below this path."""
    return path.startswith(tuple(_prefixes))


# ---- Which computer, for an hour and for counting only


def _bucket_of(address: str) -> str:
    """Return under which name a computer is counted within this hour.

    The key is random, lives in memory (of the process, or of the shared cache) and is forgotten
    with the hour; without it nobody can go through all addresses of a network.
    """
    hour = int(time.time()) // HOUR
    key = cache.get_or_set(f"anonymous-bucket-key:{hour}", lambda: secrets.token_bytes(32), HOUR)
    return hmac.new(bytes(key or b""), address.encode(), hashlib.sha256).hexdigest()[:32]


def _address(request: HttpRequest) -> str:
    trusted = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if trusted and len(forwarded) >= trusted:
        return str(forwarded[-trusted])
    return str(request.META.get("REMOTE_ADDR", ""))


def bucket(request: HttpRequest) -> str:
    """Return the name under which the request's computer is counted; good for an hour."""
    return str(getattr(request, "anonymous_bucket", ""))


def _strip(request: HttpRequest) -> None:
    kept = {TEXT_COOKIE, CONTRAST_COOKIE, settings.LANGUAGE_COOKIE_NAME}
    cookies = {name: value for name, value in request.COOKIES.items() if name in kept}
    for name in list(request.META):
        if name.startswith("HTTP_") and name not in KEPT_HEADERS:
            del request.META[name]
    for name in ("REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "AUTH_TYPE"):
        request.META.pop(name, None)
    request.META["REMOTE_ADDR"] = UNKNOWN_ADDRESS
    request.COOKIES = cookies
    request.__dict__.pop("headers", None)


class AnonymousRequestsMiddleware:
    """Let nothing that tells the person through. Stands before every other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Strip the request, go on, and send no cookie back."""
        if not is_anonymous_path(request.path_info):
            _tell_failures()
            return self.get_response(request)
        if request.method == "POST":
            request.anonymous_bucket = _bucket_of(_address(request))  # type: ignore[attr-defined]
        _strip(request)
        request.upload_handlers = [MemoryFileUploadHandler(request), UnnamedUploadHandler(request)]
        response = self.get_response(request)
        response.cookies.clear()
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response


# ---- No line of a log


class NoAnonymousPaths(logging.Filter):
    """Drops what would be logged about a request of somebody unknown."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record may be written."""
        path = getattr(getattr(record, "request", None), "path_info", "")
        if path and is_anonymous_path(str(path)):
            return False
        said = [str(argument) for argument in record.args] if record.args else []
        return not any(prefix in words for prefix in _prefixes for words in said)


def quiet_logs() -> None:
    """Keep requests of people who are unknown out of the logs, once, when all is ready."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, NoAnonymousPaths) for one in logger.filters):
            logger.addFilter(NoAnonymousPaths())


def _count(error: BaseException) -> None:
    """Count an error by its kind and the place in the code, and keep nothing else of it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    global _failed_at
    with _failures_lock:
        _failures[f"{type(error).__name__} {place}"] += 1
        _failed_at = time.monotonic()


def take_failures() -> list[str]:
    """Return what went wrong since the last time in this process, and forget it."""
    with _failures_lock:
        lines = [f"{count} × {kind}" for kind, count in sorted(_failures.items())]
        _failures.clear()
    return lines


def _tell_failures() -> None:
    """Log what went wrong, at least an hour after it, so that no line tells when somebody came."""
    if _failures and time.monotonic() - _failed_at > HOUR:
        for line in take_failures():
            logger.error("Anonymous requests failed: %s.", line)


def anonymous_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view of people who must stay unknown.

    No sign-in is asked for, no token is wanted (it would be bound to a cookie, and a forged
    request has no account to abuse), and reports of errors hold neither fields nor variables. An
    error is counted, never reported: its page is the same for every cause.
    """

    @wraps(view)
    def quiet(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponse:
        try:
            response = view(request, *arguments, **keywords)
        except (Http404, Refusal):
            raise
        except Exception as error:
            # The text of an opinion stands in the frames; nobody may see them.
            _count(error)
            response = HttpResponse(render_to_string("500.html"), status=500)
        # Django writes a line for each answer from 400 on that was not written yet.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    marked = sensitive_variables()(sensitive_post_parameters()(quiet))
    marked.is_anonymous_view = True  # type: ignore[attr-defined]
    return csrf_exempt(login_not_required(marked))
