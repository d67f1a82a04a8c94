"""Check that the database itself keeps the ledger append-only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, Warning
from django.db import DatabaseError, connections

from portal.archives import triggers


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


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(ledger_triggers, Tags.database)
