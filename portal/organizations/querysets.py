"""Reads over the tree of units."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.organizations.models import Unit


class UnitQuerySet(MP_NodeQuerySet):
    """Sets of units."""

    def valid_on(self, day: datetime.date | None = None) -> UnitQuerySet:
        """Units that exist on a day, today in Shanghai by default."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).filter(
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day)
        )

    def party(self) -> UnitQuerySet:
        """Units of the Party organization."""
        from portal.organizations.models import PARTY_KINDS

        return self.filter(kind__in=PARTY_KINDS)

    def within(self, units: Iterable[Unit]) -> UnitQuerySet:
        """The given units and all below them; none given, none found."""
        condition = models.Q(pk__in=[])
        for unit in units:
            condition |= models.Q(path__startswith=unit.path)
        return self.filter(condition)


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """Units in tree order."""

    def get_queryset(self) -> Any:
        """Return units in tree order."""
        return UnitQuerySet(self.model, using=self._db).order_by("path")
