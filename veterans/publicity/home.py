"""What the home page says to families beside the list of policies (军属服务)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from veterans.models import BriefingPage, ItemVersion

PHONE_KEY = "veterans-service-phone"
PHONE_SECONDS = 300


def home_beside(request: HttpRequest) -> dict[str, Any]:
    """Return the next briefing this reader may see and the number to call; two queries."""
    now = timezone.now()
    briefing = (
        BriefingPage.objects.visible_to(request.user)
        .filter(ends_at__gte=now)
        .order_by("starts_at")
        .first()
    )
    return {"briefing": briefing, "phone": settings.SERVICE_PHONE or phone_of_a_standard()}


def phone_of_a_standard() -> str:
    """Return the number of the newest standard in force, where the settings name none.

    Every page of support shows it, so it is asked for once in five minutes.
    """
    found: str = cache.get_or_set(PHONE_KEY, _phone_of_a_standard, PHONE_SECONDS) or ""
    return found


def _phone_of_a_standard() -> str:
    versions = ItemVersion.objects.in_force_on(timezone.localdate()).exclude(phone="")
    newest: str | None = (
        versions.order_by("-effective_from", "pk").values_list("phone", flat=True).first()
    )
    return newest or ""
