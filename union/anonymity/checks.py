"""Checks of what anonymous opinions need around the portal."""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, Warning
from django.db import connection

from union.anonymity.receipts import KEY_BYTES

# Caches that write to disk, where backups find what should be forgotten within the hour.
ON_DISK = ("filebased.FileBasedCache", "db.DatabaseCache")
FIRST = "portal.anonymous_requests.AnonymousRequestsMiddleware"


def pepper(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """The key of receipts has 32 bytes and is no other key's."""
    try:
        key = base64.b64decode(settings.RECEIPT_PEPPER, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        return [
            Error(
                "RECEIPT_PEPPER must be a base64 key of 32 bytes.",
                hint="Make one with: openssl rand -base64 32. It never changes afterwards.",
                id="union.E001",
            )
        ]
    if settings.RECEIPT_PEPPER in {settings.BLIND_INDEX_KEY, *settings.FIELD_ENCRYPTION_KEYS}:
        return [Error("RECEIPT_PEPPER must be a key of its own.", id="union.E002")]
    return []


def middleware_first(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """What strips anonymous requests stands before everything that could look at them."""
    if settings.MIDDLEWARE and settings.MIDDLEWARE[0] == FIRST:
        return []
    return [Error(f"{FIRST} must be the first middleware.", id="union.E003")]


def csrf_apart_from_sessions(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """No setting ties forms or every request to a session."""
    wrong = [
        name
        for name in ("CSRF_USE_SESSIONS", "SESSION_SAVE_EVERY_REQUEST")
        if getattr(settings, name)
    ]
    return [Error(f"{name} must stay off.", id="union.E004") for name in wrong]


def proxy_keeps_no_log(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """Somebody has confirmed that the reverse proxy keeps the box out of its log."""
    if settings.ANONYMOUS_PATHS_UNLOGGED:
        return []
    return [
        Warning(
            "Nobody has confirmed that the reverse proxy keeps the anonymous opinion box out of"
            " its access log.",
            hint="Put the snippet of docs/union-opinions.md into the proxy, then set"
            " ANONYMOUS_PATHS_UNLOGGED=on.",
            id="union.W001",
        )
    ]


def counts_stay_in_memory(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """How often a computer sends is counted where nothing of it is written to disk."""
    if not settings.CACHES["default"]["BACKEND"].endswith(ON_DISK):
        return []
    return [
        Warning(
            "The cache writes to disk: the key by which computers are counted within an hour, and"
            " the counts, would lie there side by side.",
            hint="Set CACHE_URL to a cache in memory that does not save, such as redis without"
            " persistence.",
            id="union.W003",
        )
    ]


def no_commit_times(app_configs: Any, databases: Any = None, **keywords: Any) -> list[CheckMessage]:
    """PostgreSQL does not write down when each row was committed."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW track_commit_timestamp")
        (value,) = cursor.fetchone()
    if value == "off":
        return []
    return [
        Warning(
            "track_commit_timestamp is on: the database keeps the moment of every row.",
            hint="Switch it off in postgresql.conf.",
            id="union.W002",
        )
    ]


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(pepper, Tags.security)
    checks.register(middleware_first, Tags.security)
    checks.register(csrf_apart_from_sessions, Tags.security)
    checks.register(counts_stay_in_memory, Tags.security)
    checks.register(proxy_keeps_no_log, Tags.security, deploy=True)
    checks.register(no_commit_times, Tags.database)
