"""Keep an account's groups in line with the day."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.roles.services import synchronize_user

# Parts of the admin for everybody: signing in and out, and what its pages load.
OPEN_PREFIXES = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/", "/admin/sprite/")


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
            and not request.path.startswith(OPEN_PREFIXES)
            and user.is_authenticated
        ):
            if user.groups_current_on != timezone.localdate():
                synchronize_user(user)
            if not user.has_perm("wagtailadmin.access_admin"):
                # Wagtail would send the person to sign in, and the sign-in back again, for ever.
                raise PermissionDenied
        return self.get_response(request)
