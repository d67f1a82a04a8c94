"""Checks of the rows behind roles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, Warning
from django.db import DatabaseError

from portal.roles.table import ROLES


def officers(
    app_configs: Any, databases: Sequence[str] | None = None, **keywords: Any
) -> list[CheckMessage]:
    """Nobody holds two roles that exclude each other at the same time, however they got there.

    Source: separation of the three officers (三员分立).
    """
    from portal.roles.models import RoleAssignment

    if "default" not in (databases or []):
        return []
    watched = [row.code for row in ROLES.values() if row.exclusive_with]
    try:
        rows = list(
            RoleAssignment.objects.filter(role_code__in=watched)
            .order_by("person_id", "pk")
            .only("person_id", "role_code", "valid_from", "valid_to")
        )
    except DatabaseError:
        return []  # before the first migrate there is no table, and nobody in it
    found: list[CheckMessage] = []
    for person_id, group in groupby(rows, key=lambda row: row.person_id):
        own = list(group)
        for position, first in enumerate(own):
            for second in own[position + 1 :]:
                if second.role_code in ROLES[first.role_code].exclusive_with and first.overlaps(
                    second
                ):
                    found.append(
                        Warning(
                            f"Person {person_id} is {first.role_code} and {second.role_code}"
                            " at the same time.",
                            hint="End one of the two assignments.",
                            id="roles.W001",
                        )
                    )
    return found


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(officers, Tags.database)
