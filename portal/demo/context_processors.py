"""What the sign-in page shows in demo mode."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from portal.demo.organization import LOGINS
from portal.demo.texts import DEMO_PASSWORD


def demo_logins(request: HttpRequest) -> dict[str, Any]:
    """Return one login a role and their password, on the sign-in page in demo mode only.

    Accounts that do not exist are left out, so a portal without the demo shows none.
    """
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    from portal.people.models import User
    from portal.roles.table import role

    numbers = [login.number for login in LOGINS if login.shown]
    names = {
        user.username: user.get_full_name()
        for user in User.objects.filter(username__in=numbers, is_active=True)
    }
    return {
        "demo_logins": [
            {
                "username": login.number,
                "name": names[login.number],
                "role": role(login.role).name,
            }
            for login in LOGINS
            if login.shown and login.number in names
        ],
        "demo_password": DEMO_PASSWORD,
    }
