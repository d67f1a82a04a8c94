"""The door of the readings in the archive office, the daily job and the check of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext_lazy as _

from portal.archives.fixity import faults, services
from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office
from portal.roles.daily_jobs import register_daily_job


def second_store_apart(
    app_configs: Any, databases: Sequence[str] | None = None, **keywords: Any
) -> list[CheckMessage]:
    """The second store lies outside the first, and the first outside the second."""
    if not settings.ARCHIVE_MIRROR_ROOT:
        return []
    first = Path(settings.ARCHIVE_ROOT).resolve()
    second = Path(settings.ARCHIVE_MIRROR_ROOT).resolve()
    if first == second or first in second.parents or second in first.parents:
        return [
            Error(
                "ARCHIVE_MIRROR_ROOT and the archive store overlap.",
                hint="Choose a folder on another disk.",
                id="archives.E003",
            )
        ]
    return []


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(second_store_apart)
    register_daily_job("fixity", services.daily)
    register_door(
        "fixity",
        _("Stored files"),
        _("Damaged files, and when every file was last read."),
        "archive_fixity",
        may_read_office,
        group=DoorGroup.KEEPING,
        position=75,
        waiting=lambda user: faults.open_faults(),
    )
