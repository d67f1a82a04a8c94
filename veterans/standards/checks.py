"""Check that the database itself keeps published standards as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, Warning
from django.db import DatabaseError, connections

from veterans.standards import guards


def standard_triggers(
    app_configs: Any, databases: Sequence[str] | None = None, **keywords: Any
) -> list[CheckMessage]:
    """Every trigger is in place; a warning, because migrate brings them back."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            names = guards.missing(connections[alias])
        except DatabaseError:
            continue  # whoever needs this database will say so
        if names:
            listed = ", ".join(names)
            found.append(
                Warning(
                    f"Published standards are not protected: {listed} missing in {alias}.",
                    hint="Run manage.py migrate.",
                    id="veterans.W001",
                )
            )
    return found


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(standard_triggers, Tags.database)
