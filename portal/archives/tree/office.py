"""The door of the ledger in the archive office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office


def register() -> None:
    """Add the door."""
    register_door(
        "ledger",
        _("Ledger"),
        _("Signed heads day by day, and the proof of each entry"),
        "archive_ledger",
        may_read_office,
        group=DoorGroup.KEEPING,
        position=80,
    )
