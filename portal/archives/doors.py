"""The doors of pool, scope table and archive codes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.office import register_door
from portal.archives.permissions import may_read_office, sees_pool
from portal.archives.pool.listing import waiting_count


def register() -> None:
    """Register once, when the application is ready."""
    register_door(
        "pool",
        _("Pool"),
        _("Accept, correct or return what was published."),
        "archive_pool",
        sees_pool,
        position=20,
        waiting=waiting_count,
    )
    register_door(
        "stalled",
        _("Stalled items"),
        _("Overdue items by unit, with supervision sheets."),
        "archive_stalled",
        may_read_office,
        position=25,
    )
    register_door(
        "codes",
        _("Archive codes"),
        _("Form, issued numbers, gaps and duplicates."),
        "archive_codes",
        may_read_office,
        position=30,
    )
    register_door(
        "scope",
        _("Scope and retention"),
        _("What is filed, and for how long."),
        "archive_scope",
        sees_pool,
        position=35,
    )
