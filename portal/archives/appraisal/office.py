"""What the appraisal registers: its doors, tasks, source and work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.appraisal import destruction, source
from portal.archives.appraisal.listing import waiting_count
from portal.archives.appraisal.tasks import destruction_tasks
from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_approve_destruction, may_read_office
from portal.minute_jobs import register_minute_job
from portal.workspace.tasks import register_tasks

#: Of each minute; what is left goes on in the next.
SECONDS = 20


def register() -> None:
    """Register once, when the application is ready."""
    source.register()
    register_minute_job("Carrying out destruction lists", lambda: destruction.work(seconds=SECONDS))
    register_tasks("archive-destruction", destruction_tasks)
    register_door(
        "appraisal",
        _("Appraisal"),
        _("What has expired: keep longer, open, or destroy with proof."),
        "archive_appraisal",
        may_read_office,
        group=DoorGroup.APPRAISING,
        position=76,
        waiting=waiting_count,
    )
    register_door(
        "holds",
        _("Legal holds"),
        _("What must not be destroyed, whatever its period."),
        "archive_holds",
        may_read_office,
        group=DoorGroup.APPRAISING,
        position=77,
    )
    register_door(
        "destruction-lists",
        _("Destruction lists"),
        _("Proposed, approved, witnessed, kept for ever."),
        "archive_destruction_lists",
        lambda user: may_read_office(user) or may_approve_destruction(user),
        group=DoorGroup.APPRAISING,
        position=78,
    )
