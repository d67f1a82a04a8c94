"""What stands between a pool item and its acceptance, in words for the archivist."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.archives.models import PoolItem, RenderStatus


def obstacles(item: PoolItem) -> list[Any]:
    """Return every reason why an item cannot be accepted now; empty when it can."""
    found: list[Any] = []
    if item.archive_class_id is None:
        found.append(_("the class is missing"))
    if not item.period:
        found.append(_("the retention period is missing"))
    if item.unit_id is None:
        found.append(_("the responsible unit is missing"))
    if item.record.render.status != RenderStatus.DONE:
        found.append(_("the files are not made yet"))
    return found
