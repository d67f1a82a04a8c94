"""The doors of pool, scope table and archive codes, their tasks and their daily job."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office, reads_records, sees_pool
from portal.archives.pool import reminders
from portal.archives.pool.listing import waiting_count
from portal.archives.pool.tasks import pool_tasks
from portal.roles.daily_jobs import register_daily_job
from portal.workspace.tasks import register_tasks


def register() -> None:
    """Register once, when the application is ready."""
    register_door(
        "records",
        _("Archive search"),
        _("Every record you may read."),
        "archive_records",
        reads_records,
        group=DoorGroup.FINDING,
        position=5,
    )
    register_door(
        "pool",
        _("Pool"),
        _("Accept, correct or return what was published."),
        "archive_pool",
        sees_pool,
        group=DoorGroup.FILING,
        position=20,
        waiting=waiting_count,
    )
    register_tasks("archive-pool", pool_tasks)
    register_daily_job("archive-reminders", reminders.daily)
    register_door(
        "stalled",
        _("Stalled items"),
        _("Overdue items by unit, with supervision sheets."),
        "archive_stalled",
        may_read_office,
        group=DoorGroup.FILING,
        position=25,
    )
    register_door(
        "codes",
        _("Archive codes"),
        _("Form, issued numbers, gaps and duplicates."),
        "archive_codes",
        may_read_office,
        group=DoorGroup.RULES,
        position=30,
    )
    register_door(
        "scope",
        _("Scope and retention"),
        _("What is filed, and for how long."),
        "archive_scope",
        sees_pool,
        group=DoorGroup.RULES,
        position=35,
    )
