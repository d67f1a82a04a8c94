"""The door of the checks in the archive office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.inspection.listing import waiting_count
from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office


def register() -> None:
    """Register once, when the application is ready."""
    register_door(
        "inspections",
        _("Four-property checks"),
        _("Records that did not pass their last check, and how far the yearly checks are."),
        "archive_inspections",
        may_read_office,
        group=DoorGroup.KEEPING,
        position=72,
        waiting=waiting_count,
    )
