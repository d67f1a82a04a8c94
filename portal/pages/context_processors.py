"""What every template knows: the site's name, the navigation, the display mode."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.pages.display_mode import current
from portal.pages.formats import chinese_date_with_weekday

NAVIGATION = (
    (_("Home"), "/"),
    (_("Party building"), "/branches/"),
    (_("Honors"), "/honors/"),
    (_("Union"), "/union/"),
    (_("Veterans support"), "/veterans/"),
    (_("Public notices"), "/public-notices/"),
    (_("Archives"), "/archives/"),
    (_("My workspace"), "/workspace/"),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Return name, navigation with the current part marked, today's date and demo mode."""
    path = request.path
    today = timezone.localdate()
    return {
        "site_name": settings.SITE_NAME,
        "navigation": [
            {
                "title": title,
                "url": url,
                "current": path == url if url == "/" else path.startswith(url),
            }
            for title, url in NAVIGATION
        ],
        "today": today,
        "today_text": chinese_date_with_weekday(today),
        "demo": settings.DEMO,
    }


def display_mode(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's display mode from the cookies."""
    return {"display_mode": current(request)}
