"""The door of the drills in the archive office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office


def register() -> None:
    """Register once, when the application is ready."""
    register_door(
        "drills",
        _("Restore drills"),
        _("Proof that backups can be restored."),
        "archive_drills",
        may_read_office,
        group=DoorGroup.KEEPING,
        position=88,
    )
