"""Tell the publishing machinery who acts, and turn refusals into pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.archives.actors import act_as
from portal.publishing.refusals import Refusal


class PublishingMiddleware:
    """Mark everything written in a request as done by its account, through the web."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request as its account."""
        # The account is read lazily: a cached page must not cost a query for the session.
        user_id = None
        if request.method not in ("GET", "HEAD", "OPTIONS") or request.path.startswith("/admin/"):
            user_id = request.user.pk
        with act_as(user_id=user_id, in_request=True):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show a refusal with its status, its words and the ways on."""
        if not isinstance(exception, Refusal):
            return None
        return render(
            request, "publishing/refusal.html", {"refusal": exception}, status=exception.status
        )
