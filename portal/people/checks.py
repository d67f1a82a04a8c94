"""Checks of the settings: what must never be so where real people work.

`manage.py check --deploy` runs those of this module that speak of production; the others run
at every start. Rows of the database are checked by `check --database default`, and by migrate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, Warning
from django.db import DatabaseError

REQUIRED_MIDDLEWARE = (
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.people.middleware.TemporaryPasswordMiddleware",
    "portal.roles.middleware.RoleMiddleware",
    "portal.people.middleware.MultiFactorMiddleware",
)


def closed_network(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """Nothing of Wagtail asks a machine outside the company's network."""
    found: list[CheckMessage] = []
    if getattr(settings, "WAGTAIL_ENABLE_UPDATE_CHECK", True):
        found.append(
            Error(
                "The Wagtail dashboard would ask releases.wagtail.org.",
                hint="Set WAGTAIL_ENABLE_UPDATE_CHECK = False.",
                id="people.E001",
            )
        )
    if getattr(settings, "WAGTAIL_GRAVATAR_PROVIDER_URL", "default") is not None:
        found.append(
            Error(
                "Pictures of people would be fetched from www.gravatar.com.",
                hint="Set WAGTAIL_GRAVATAR_PROVIDER_URL = None.",
                id="people.E002",
            )
        )
    return found


def sign_in(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """Sign-in is the portal's own, and nothing gets around it."""
    found: list[CheckMessage] = []
    if apps.is_installed("allauth.socialaccount"):
        found.append(
            Warning(
                "Sign-in by outside providers is installed.",
                hint="Every provider decides who may enter; it needs a decision of its own.",
                id="people.W001",
            )
        )
    missing = [name for name in REQUIRED_MIDDLEWARE if name not in settings.MIDDLEWARE]
    if missing:
        found.append(
            Error(f"MIDDLEWARE lacks {', '.join(missing)}.", id="people.E003"),
        )
    return found


def production(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """Demo and debugging are off, staff has a second factor, limits count for all processes."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", id="people.E004"))
    if settings.DEMO:
        found.append(
            Error("DEMO is on: passwords would stand on the sign-in page.", id="people.E005")
        )
    if not settings.REQUIRE_MULTI_FACTOR:
        found.append(
            Warning(
                "Staff may work with a password alone.",
                hint="Set REQUIRE_MULTI_FACTOR=on (GB/T 22239-2019 8.1.4.1 d).",
                id="people.W002",
            )
        )
    cache = settings.CACHES["default"]["BACKEND"]
    if settings.WEB_PROCESSES > 1 and cache.endswith(".LocMemCache"):
        found.append(
            Warning(
                "Each web process counts failed sign-ins for itself.",
                hint="Set CACHE_URL to a cache that all processes share, or WEB_CONCURRENCY=1.",
                id="people.W004",
            )
        )
    return found


def no_superuser(
    app_configs: Any, databases: Sequence[str] | None = None, **keywords: Any
) -> list[CheckMessage]:
    """Nobody stands above the three officers where real people work."""
    from portal.people.models import User

    if settings.DEBUG or "default" not in (databases or []):
        return []
    try:
        names = list(User.objects.filter(is_superuser=True).values_list("username", flat=True))
    except DatabaseError:
        return []  # before the first migrate there is no table, and nobody in it
    if not names:
        return []
    return [
        Warning(
            f"Superusers exist: {', '.join(names)}.",
            hint="Give the person a role instead (create_first_administrators).",
            id="people.W003",
        )
    ]


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(closed_network, Tags.security)
    checks.register(sign_in, Tags.security)
    checks.register(production, Tags.security, deploy=True)
    checks.register(no_superuser, Tags.database)
