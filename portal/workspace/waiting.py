"""How much waits for whoever looks at a page, for the header of every page.

A visitor costs nothing. For a signed-in reader the numbers are counted once in a while, and at
once after the reader has done something or a message has come.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from portal.notifications.services import kept_unread_count
from portal.workspace.tasks import task_lists_of

# Seconds for which the number of tasks is good, as long as the reader only reads.
KEPT_SECONDS = 30
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def _key(request: HttpRequest) -> str:
    return f"waiting-tasks:{request.user.pk}"


class Waiting:
    """Two numbers that are read when a template asks for them, once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return user is not None and user.is_authenticated

    @cached_property
    def messages(self) -> int:
        """How many messages are unread."""
        return kept_unread_count(self._request.user) if self._signed_in else 0

    @cached_property
    def tasks(self) -> int:
        """How many tasks wait, of all sources together."""
        if not self._signed_in:
            return 0
        key = _key(self._request)
        count: int | None = cache.get(key)
        # Who has just read the lists knows better than the cache.
        if count is None or hasattr(self._request, "_task_lists"):
            count = sum(found.count for found in task_lists_of(self._request))
            cache.set(key, count, KEPT_SECONDS)
        return count


class FreshCountMiddleware:
    """After somebody did something, count the tasks of this account anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then forget the count where the request may have changed it."""
        response = self.get_response(request)
        if request.method not in SAFE_METHODS and request.user.is_authenticated:
            cache.delete(_key(request))
        return response
