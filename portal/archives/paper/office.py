"""The doors of paper and stock-taking in the archive office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office


def register() -> None:
    """Register once, when the application is ready."""
    register_door(
        "paper",
        _("Paper"),
        _("Where the paper lies; what has no twin."),
        "archive_paper",
        may_read_office,
        group=DoorGroup.KEEPING,
        position=70,
    )
    register_door(
        "stock-taking",
        _("Stock-taking"),
        _("Go through the boxes and print the result."),
        "archive_stock_takings",
        may_read_office,
        group=DoorGroup.KEEPING,
        position=75,
    )
