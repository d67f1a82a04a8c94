"""Which electronic items have no paper, and the reverse."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from portal.archives.models import PaperCopy, Record, RecordState
from portal.archives.querysets import RecordQuerySet

#: What belongs to the holdings, or is about to.
KEPT = (RecordState.CAPTURED, RecordState.POOL, RecordState.RETURNED, RecordState.ACCEPTED)
MOST_COUNTED = 10_000


class CappedPaginator(Paginator[Any]):
    """Counts no further than anybody turns pages."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `MOST_COUNTED`."""
        rows: Any = self.object_list
        return len(rows.order_by().values("pk")[:MOST_COUNTED])


def without_paper(user: Any) -> RecordQuerySet:
    """Electronic items whose paper nobody has written down."""
    return Record.objects.visible_to(user).filter(
        state__in=KEPT, ended_at__isnull=True, paper__isnull=True
    )


def paper_alone() -> QuerySet[PaperCopy]:
    """Paper that has no electronic item."""
    return PaperCopy.objects.filter(record__isnull=True)


def paper_of(user: Any) -> QuerySet[PaperCopy]:
    """All paper whose record the account may read, or that has none."""
    return PaperCopy.objects.filter(record__in=Record.objects.visible_to(user).values("pk")) | (
        paper_alone()
    )
