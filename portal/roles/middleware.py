"""Keep an account's groups in line with the day."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.roles.services import synchronize_user


class RoleMiddleware:
    """Bring the groups of an account up to date on its first admin request of a day.

    The worker does the same for everybody at midnight; this covers a worker that is down,
    so that a role that ended yesterday opens nothing today.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the day, then go on."""
        user = request.user
        if (
            request.path.startswith("/admin/")
            and user.is_authenticated
            and user.groups_current_on != timezone.localdate()
        ):
            synchronize_user(user)
        return self.get_response(request)
