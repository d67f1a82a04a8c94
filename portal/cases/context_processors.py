"""Where people find their cases: one entry of the main navigation, by who they are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.permissions import reads_cases


def _entry(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        title, url = pgettext_lazy("navigation", "Track an application"), reverse("track")
    elif reads_cases(user):
        title, url = _("Case desk"), reverse("case_desk")
    else:
        title, url = _("My applications"), reverse("my_cases")
    return {"title": title, "url": url, "current": request.path.startswith(url)}


def case_navigation(request: HttpRequest) -> dict[str, Any]:
    """Return the entry: tracking for visitors, the desk for staff, else the own applications."""
    return {"case_entry": SimpleLazyObject(lambda: _entry(request))}
