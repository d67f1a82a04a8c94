"""The door of the attachments in the archive office."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office


def _unconverted(user: Any) -> int:
    from portal.archives.models import Conversion, RenderStatus
    from portal.archives.querysets import readable

    dead = Conversion.objects.filter(status=RenderStatus.DEAD)
    return dead.filter(readable(user, "file__record__")).count()


def register() -> None:
    """Add the door."""
    register_door(
        "attachments",
        _("Attachments"),
        _("Office attachments that are not kept as PDF/A yet, with the reason"),
        "archive_attachments",
        may_read_office,
        group=DoorGroup.FILING,
        position=60,
        waiting=_unconverted,
    )
