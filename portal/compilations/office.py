"""The door of compilations in the archive office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.office import DoorGroup, register_door
from portal.compilations.permissions import may_compile


def register() -> None:
    """Register once, when the application is ready."""
    register_door(
        "compilations",
        _("Topical compilations"),
        _("Put records together by topic and publish them with notes."),
        "archive_compilations",
        may_compile,
        group=DoorGroup.FINDING,
        position=80,
    )
