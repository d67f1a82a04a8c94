"""Reads over records, their sums, the scope table and the pool."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from portal.archives.models import (  # noqa: F401  named in strings
        PoolItem,
        Record,
        RecordTally,
        ScopeRule,
        ScopeTable,
    )


def readable(user: Any, record: str = "") -> models.Q:
    """Return the rule which records an account may read, over the columns of records.

    Open records are read by every account that reads records at all, internal ones where a
    role of the account covers the unit, controlled ones by the roles that read them.

    Args:
        user: the account.
        record: the way to the record from another table, such as ``record__``. A subquery over
            records would be all of them for whoever reads everything.
    """
    from portal.archives.models import AccessLevel
    from portal.archives.permissions import may_read_controlled
    from portal.organizations.models import Unit
    from portal.roles.permissions import record_units

    level = f"{record}access_level"
    units = record_units(user)
    covered = [AccessLevel.INTERNAL]
    if may_read_controlled(user):
        covered.append(AccessLevel.CONTROLLED)
    if units is None:
        if AccessLevel.CONTROLLED in covered:
            return models.Q()
        return models.Q(**{f"{level}__in": [AccessLevel.OPEN, *covered]})
    if not units:
        return models.Q(pk__in=[])
    trees = models.Q()
    for unit in units:
        trees |= models.Q(path__startswith=unit.path)
    # The units first, once for the statement: a join would be made for every record.
    own = Unit.objects.filter(trees).values("pk")
    return models.Q(**{level: AccessLevel.OPEN}) | models.Q(
        **{f"{level}__in": covered, f"{record}unit__in": own}
    )


class RecordQuerySet(models.QuerySet["Record"]):
    """Sets of records."""

    def of_source(self, source_kind: str, source_id: str) -> RecordQuerySet:
        """All versions of one source, newest first."""
        return self.filter(source_kind=source_kind, source_id=source_id).order_by("-version")

    def current(self) -> RecordQuerySet:
        """Newest versions of sources that are still published."""
        return self.filter(next__isnull=True, ended_at__isnull=True)

    def visible_to(self, user: Any) -> RecordQuerySet:
        """Records this account may read: the one rule behind lists, search, pages and files."""
        return self.filter(readable(user))


class RecordTallyQuerySet(models.QuerySet["RecordTally"]):
    """Sums over alike records."""

    def visible_to(self, user: Any) -> RecordTallyQuerySet:
        """The sums of records this account may read: the same rule, over columns of one name."""
        return self.filter(readable(user))


class ScopeTableQuerySet(models.QuerySet["ScopeTable"]):
    """Versions of the scope and retention table."""

    def in_force(self) -> ScopeTable | None:
        """The version that rules now; None before the first one was put in force."""
        return self.filter(state="in-force").first()


class ScopeRuleQuerySet(models.QuerySet["ScopeRule"]):
    """Rules of scope tables."""

    def in_order(self) -> ScopeRuleQuerySet:
        """In the order in which they are tried, with their class."""
        return self.select_related("archive_class").order_by("position")


class PoolItemQuerySet(models.QuerySet["PoolItem"]):
    """Sets of pool items."""

    def open(self) -> PoolItemQuerySet:
        """Items that wait for somebody: for the archivist or, returned, for the unit."""
        return self.filter(record__state__in=["pool", "returned"])

    def overdue(self, today: datetime.date) -> PoolItemQuerySet:
        """Open items whose day of decision has passed."""
        return self.open().filter(due_on__lt=today)

    def of_units(self, units: Any) -> PoolItemQuerySet:
        """Items of these units and all below them; None stands for every unit."""
        if units is None:
            return self
        condition = models.Q(pk__in=[])
        for unit in units:
            condition |= models.Q(unit__path__startswith=unit.path)
        return self.filter(condition)
