"""What the sign-in page shows in demo mode."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from portal.demo.logins import shown_logins
from portal.demo.texts import DEMO_PASSWORD


def demo_logins(request: HttpRequest) -> dict[str, Any]:
    """Return one login a role and their password, on the sign-in page in demo mode only.

    Accounts that do not exist are left out, so a portal without the demo shows none.
    """
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    return {"demo_logins": shown_logins(), "demo_password": DEMO_PASSWORD}
