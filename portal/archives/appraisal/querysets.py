"""Reads over holds and destruction lists."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import StrIndex

from portal.organizations.models import Unit

STEP = Unit.steplen

if TYPE_CHECKING:
    from portal.archives.models import (  # noqa: F401  named in strings
        DestructionEntry,
        DestructionList,
        LegalHold,
        Record,
    )


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Sets of legal holds."""

    def in_force(self, today: datetime.date) -> LegalHoldQuerySet:
        """Holds that nobody lifted and whose last day has not passed."""
        return self.filter(lifted_at__isnull=True).filter(
            Q(until__isnull=True) | Q(until__gte=today)
        )

    def covering(self, record: Record) -> LegalHoldQuerySet:
        """Holds whose scope has this record in it."""
        path = record.unit.path if record.unit else ""
        above = [path[:end] for end in range(STEP, len(path) + 1, STEP)]
        return self.filter(
            Q(record=record)
            | Q(record__isnull=True)
            & (Q(archive_class__isnull=True) | Q(archive_class=record.class_code))
            & (Q(unit__isnull=True) | Q(unit__path__in=above))
            & (Q(year__isnull=True) | Q(year=record.year))
        )


def under_hold(today: datetime.date) -> Exists:
    """Return the condition that a record of the outer query is held, for lists."""
    from portal.archives.models import LegalHold

    holds = LegalHold.objects.in_force(today).annotate(
        begins=StrIndex(OuterRef("unit__path"), F("unit__path"))
    )
    return Exists(
        holds.filter(
            Q(record=OuterRef("pk"))
            | Q(record__isnull=True)
            & (Q(archive_class__isnull=True) | Q(archive_class=OuterRef("class_code")))
            & (Q(unit__isnull=True) | Q(begins=1))
            & (Q(year__isnull=True) | Q(year=OuterRef("year")))
        )
    )


class DestructionListQuerySet(models.QuerySet["DestructionList"]):
    """Sets of destruction lists."""

    def to_be_signed_by(self, user: Any) -> DestructionListQuerySet:
        """Approved lists that this account is to witness and has not signed."""
        return self.filter(
            state="approved", witnesses__account=user, witnesses__signed_at__isnull=True
        )


class DestructionEntryQuerySet(models.QuerySet["DestructionEntry"]):
    """Sets of entries."""

    def with_files_to_remove(self) -> DestructionEntryQuerySet:
        """Entries whose record is destroyed and whose files may still lie in the store."""
        return self.filter(destroyed_at__isnull=False, files_removed_at__isnull=True)
