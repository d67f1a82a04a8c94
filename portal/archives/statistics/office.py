"""The doors of dashboard, statistics and calendar in the archive office, and the daily sums."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office
from portal.archives.statistics.figures import daily
from portal.archives.statistics.reach import may_see_statistics
from portal.roles.daily_jobs import register_daily_job


def register() -> None:
    """Register once, when the application is ready."""
    register_door(
        "office",
        _("Life cycle"),
        _("Where all records stand, and what is overdue."),
        "archive_office",
        may_see_statistics,
        group=DoorGroup.FINDING,
        position=10,
    )
    register_door(
        "statistics",
        _("Statistics"),
        _("Filed against expected, time taken, returns, formats, annual report."),
        "archive_statistics",
        may_see_statistics,
        group=DoorGroup.FINDING,
        position=15,
    )
    register_door(
        "workdays",
        _("Working days"),
        _("The days that deadlines are counted by."),
        "workdays",
        may_read_office,
        group=DoorGroup.RULES,
        position=90,
    )
    register_daily_job("archive-figures", daily)
