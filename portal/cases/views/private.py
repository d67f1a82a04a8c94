"""Answers that nobody between keeps, and that tell no other site anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse


def made_private(response: HttpResponse) -> HttpResponse:
    """Mark an answer: not stored anywhere, nothing told to other hosts, no search engine.

    The own host is told: without that the browser sends no origin either, and every form of the
    page would be taken for a forgery.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def private_answer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark every answer of a view."""

    @wraps(view)
    def marked(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponse:
        return made_private(view(request, *arguments, **keywords))

    return marked
