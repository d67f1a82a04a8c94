"""Error pages in Chinese, with the status that fits and a way on."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

# Seconds after which a browser or a proxy may ask again.
RETRY_AFTER = 60


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain an expired form; what was typed is still in the browser's previous page."""
    return render(request, "csrf_failure.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Explain that there is no such page."""
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Explain that the account may not see this."""
    return render(request, "403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong, or, when the database does not answer, when to come back.

    Needs no database, no session and no context processor; the error is in the log.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(
            render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)}
        )
    return HttpResponse(render_to_string("500.html"), status=500)
