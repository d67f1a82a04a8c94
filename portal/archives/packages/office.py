"""The doors of packages and exports in the archive office, their work and their daily jobs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.office import DoorGroup, register_door
from portal.archives.packages import checks
from portal.archives.permissions import may_read_office
from portal.roles.daily_jobs import register_daily_job
from portal.worker_jobs import register_worker_job
from portal.workspace.tasks import register_tasks


def _stuck(user: Any) -> int:
    from portal.archives.packages.listing import stuck_count

    return stuck_count(user)


def _seal(worker: str) -> bool:
    # What makes and signs PDF is loaded by the worker, not by every web process.
    from portal.archives.packages.services import work_once

    return work_once(worker)


def _export(worker: str) -> bool:
    from portal.archives.packages.exports.services import work_once

    return work_once(worker)


def _forget_exports() -> str:
    from portal.archives.packages.exports.services import forget_old

    return forget_old()


def _want_missing() -> str:
    from portal.archives.packages.services import want_missing

    return want_missing()


def register() -> None:
    """Register once, when the application is ready."""
    from portal.archives.packages.listing import package_tasks

    checks.register()
    register_worker_job("archive-packages", _seal)
    register_worker_job("archive-exports", _export)
    register_daily_job("archive-packages", _want_missing)
    register_daily_job("archive-exports", _forget_exports)
    register_tasks("archive-packages", package_tasks)
    register_door(
        "packages",
        _("Sealed packages"),
        _("Accepted records as signed packages, and what keeps others from it."),
        "archive_packages",
        may_read_office,
        group=DoorGroup.KEEPING,
        position=32,
        waiting=_stuck,
    )
    register_door(
        "exports",
        pgettext_lazy("archive", "Exports"),
        _("Transfer packages, catalogues and box sheets."),
        "archive_exports",
        may_read_office,
        group=DoorGroup.KEEPING,
        position=33,
    )
