"""What stands between a pool item and its acceptance, in words for the archivist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from portal.archives.inspection.services import latest_inspections
from portal.archives.models import Inspection, PoolItem, RenderStatus


def obstacles(item: PoolItem, inspection: Inspection | None) -> list[Any]:
    """Return every reason why an item cannot be accepted now; empty when it can.

    Args:
        inspection: the newest four-property check of the record; None when none ran.
    """
    found: list[Any] = []
    if item.archive_class_id is None:
        found.append(_("the class is missing"))
    if not item.period:
        found.append(_("the retention period is missing"))
    if item.unit_id is None:
        found.append(_("the responsible unit is missing"))
    if item.record.render.status != RenderStatus.DONE:
        found.append(_("the files are not made yet"))
    elif inspection is None:
        found.append(_("the four-property checks have not run yet"))
    if inspection is not None and not inspection.passed:
        found.append(
            _("checks not passed: %(codes)s") % {"codes": "、".join(inspection.failed_codes)}
        )
    return found


def obstacles_of(items: Iterable[PoolItem]) -> dict[Any, list[Any]]:
    """Return the obstacles of several items by their key, with one query for all checks."""
    items = list(items)
    inspections = latest_inspections(item.record for item in items)
    return {item.pk: obstacles(item, inspections.get(item.pk)) for item in items}
