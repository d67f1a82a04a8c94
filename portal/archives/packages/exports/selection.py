"""Which records are exported: by fonds, year, class and period, or what a search found."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.archives.inspection.metadata import PERIOD_NAMES
from portal.archives.models import ArchiveClass, Record, RecordState
from portal.archives.querysets import RecordQuerySet
from portal.archives.retrieval.finding import find
from portal.archives.retrieval.forms import RetrievalForm

ROWS_AT_ONCE = 200
#: More than this a search is not asked for; whole years have no such bound.
MOST_FOUND = 10_000


def in_batches(records: RecordQuerySet) -> Iterator[Record]:
    """Yield records in their order with their units, some at a time; those gone meanwhile not.

    Between two batches no statement stays open. On SQLite one that does holds the state of the
    database as it was, and then whoever yields cannot write any more once another process has
    written: the worker says how far it is while it exports, and its heartbeat writes as well.
    """
    keys = list(records.values_list("pk", flat=True))
    for start in range(0, len(keys), ROWS_AT_ONCE):
        batch = keys[start : start + ROWS_AT_ONCE]
        found = Record.objects.select_related("unit").in_bulk(batch)
        yield from (found[key] for key in batch if key in found)


@dataclass(frozen=True)
class Selection:
    """What was chosen; an empty field chooses all.

    Attributes:
        search: conditions of an archive search as its address has them; what it finds when the
            export is made, at most `MOST_FOUND`.
    """

    fonds: str = ""
    year: int | None = None
    class_code: str = ""
    period: str = ""
    search: str = ""

    @classmethod
    def of(cls, conditions: dict[str, Any]) -> Self:
        """Return the selection that an order keeps."""
        fields = cls.__dataclass_fields__
        return cls(**{name: value for name, value in conditions.items() if name in fields})

    def conditions(self) -> dict[str, Any]:
        """Return what an order keeps."""
        return asdict(self)

    def records(self, user: Any) -> RecordQuerySet:
        """Return the accepted records that were chosen and that the account may read.

        In the order of the codes, which is the order of catalogue and boxes.
        """
        found = Record.objects.visible_to(user).filter(state=RecordState.ACCEPTED)
        if self.fonds:
            found = found.filter(archive_code__startswith=f"{self.fonds}-")
        if self.year:
            found = found.filter(year=self.year)
        if self.class_code:
            found = found.filter(class_code=self.class_code)
        if self.period:
            found = found.filter(period=self.period)
        if self.search:
            found = found.filter(pk__in=self._found(user))
        return found.select_related("unit").order_by("year", "period", "class_code", "archive_code")

    def _found(self, user: Any) -> list[uuid.UUID]:
        form = RetrievalForm(QueryDict(self.search))
        if not form.is_valid():
            return []
        return [record.pk for record in find(user, form.conditions).every(MOST_FOUND)]

    def finds_too_many(self, user: Any) -> bool:
        """Whether the search finds more than it lists, so that an export would be cut off."""
        form = RetrievalForm(QueryDict(self.search))
        if not self.search or not form.is_valid():
            return False
        total = find(user, form.conditions).total
        return total.more or total.value > MOST_FOUND

    def words(self) -> str:
        """Return what was chosen, in words."""
        parts = []
        if self.fonds:
            parts.append(self.fonds)
        if self.year:
            parts.append(_("Year %(year)s") % {"year": self.year})
        if self.class_code:
            parts.append(str(ArchiveClass.objects.filter(pk=self.class_code).first() or ""))
        if self.period:
            parts.append(PERIOD_NAMES.get(self.period, self.period))
        if self.search:
            form = RetrievalForm(QueryDict(self.search))
            chips = form.chips() if form.is_valid() else []
            said = "、".join(f"{chip['label']} {chip['value']}".strip() for chip in chips)
            parts.append(_("Found by search: %(words)s") % {"words": said})
        return "，".join(part for part in parts if part) or _("All accepted records")
