"""Reads over records and renders."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from portal.archives.models import Record, Render  # noqa: F401  named in strings


class RecordQuerySet(models.QuerySet["Record"]):
    """Sets of records."""

    def of_source(self, source_kind: str, source_id: str) -> RecordQuerySet:
        """All versions of one source, newest first."""
        return self.filter(source_kind=source_kind, source_id=source_id).order_by("-version")

    def current(self) -> RecordQuerySet:
        """Newest versions of sources that are still published."""
        return self.filter(next__isnull=True, ended_at__isnull=True)

    def visible_to(self, user: Any) -> RecordQuerySet:
        """Records this account may read, by the roles that read records and their units."""
        from portal.roles.permissions import record_units

        units = record_units(user)
        if units is None:
            return self
        condition = models.Q(pk__in=[])
        for unit in units:
            condition |= models.Q(unit__path__startswith=unit.path)
        return self.filter(condition)


class RenderQuerySet(models.QuerySet["Render"]):
    """Sets of renders."""

    def takeable(self, moment: datetime.datetime) -> RenderQuerySet:
        """Renders a worker may take: waiting and due, or leased by a worker that went silent."""
        from portal.archives.models import RenderStatus

        return self.filter(
            models.Q(status=RenderStatus.WAITING, available_at__lte=moment)
            | models.Q(status=RenderStatus.LEASED, lease_ends_at__lt=moment)
        ).order_by("available_at", "record_id")
