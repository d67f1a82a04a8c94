"""The door of deliveries in the archive office, and their source."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.deliveries import source
from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office


def register() -> None:
    """Register once, when the application is ready."""
    source.register()
    register_door(
        "deliveries",
        _("Deliveries of other systems"),
        _("Finished flows that an OA system hands over."),
        "archive_deliveries",
        may_read_office,
        group=DoorGroup.FILING,
        position=64,
    )
