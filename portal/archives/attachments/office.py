"""The door of the attachments in the archive office."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.archives.office import register_door
from portal.archives.permissions import may_read_office


def _unconverted(user: Any) -> int:
    from portal.archives.models import Conversion, Record, RenderStatus

    return Conversion.objects.filter(
        status=RenderStatus.DEAD, file__record__in=Record.objects.visible_to(user).values("pk")
    ).count()


def register() -> None:
    """Add the door."""
    register_door(
        "attachments",
        _("Attachments"),
        _("Office attachments that are not kept as PDF/A yet, with the reason"),
        "archive_attachments",
        may_read_office,
        position=60,
        waiting=_unconverted,
    )
