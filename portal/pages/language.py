"""The language of the interface: Chinese, until the reader chooses English."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ChosenLanguageMiddleware:
    """Leaves the language to the reader's choice and not to the browser's.

    The browsers of managed computers often announce English, whoever sits before them; a portal
    whose texts are Chinese would then show half of each. The choice is kept in Django's language
    cookie. Stands before everything that looks at the language, the page cache included.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Forgets what the browser announced."""
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        return self.get_response(request)
