"""Check that the database itself keeps the ledger append-only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from portal.archives import triggers
from portal.archives.access.checks import record_keys
from portal.archives.tree import keys


def ledger_triggers(
    app_configs: Any, databases: Sequence[str] | None = None, **keywords: Any
) -> list[CheckMessage]:
    """Every trigger is in place.

    A warning and no error, because migrate, which installs them again, stops at errors;
    `check --database default --fail-level WARNING` stops at it too.
    """
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            names = triggers.missing(connections[alias])
        except DatabaseError:
            continue  # whoever needs this database will say so
        if names:
            found.append(
                Warning(
                    f"The ledger is not protected: {', '.join(names)} missing in {alias}.",
                    hint="Run manage.py migrate, then archive_verify.",
                    id="archives.W001",
                )
            )
    return found


def ledger_key(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """The key behind the heads can be read, and in production does not lie beside the database."""
    found: list[CheckMessage] = []
    try:
        # Without a key nothing is asked for, because asking makes one.
        if settings.LEDGER_KEY or keys.key_file().exists():
            keys.trusted_keys()
    except ImproperlyConfigured as error:
        found.append(Error(str(error), hint="openssl rand -base64 32", id="archives.E001"))
    if not settings.LEDGER_KEY:
        found.append(
            Warning(
                "The key that signs the heads of the ledger lies beside the database.",
                hint="Set LEDGER_KEY, so that whoever owns the database cannot sign.",
                id="archives.W002",
            )
        )
    return found


def ledger_origin(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """The ledger's name can stand in a signed head (C2SP signed-note: no blank, no plus)."""
    name = settings.LEDGER_ORIGIN
    if name and "+" not in name and not any(character.isspace() for character in name):
        return []
    return [Error("LEDGER_ORIGIN is empty or has a blank or a plus sign.", id="archives.E002")]


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(ledger_triggers, Tags.database)
    checks.register(record_keys, Tags.database)
    checks.register(ledger_key, Tags.security, deploy=True)
    checks.register(ledger_origin, Tags.security)
