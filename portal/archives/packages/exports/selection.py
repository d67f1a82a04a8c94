"""Which records are exported: by fonds, year, class and period."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.utils.translation import gettext as _

from portal.archives.inspection.metadata import PERIOD_NAMES
from portal.archives.models import ArchiveClass, Record, RecordState
from portal.archives.querysets import RecordQuerySet

ROWS_AT_ONCE = 200


@dataclass(frozen=True)
class Selection:
    """What was chosen; an empty field chooses all."""

    fonds: str = ""
    year: int | None = None
    class_code: str = ""
    period: str = ""

    @classmethod
    def of(cls, conditions: dict[str, Any]) -> Self:
        """Return the selection that an order keeps."""
        return cls(**{name: conditions[name] for name in cls.__dataclass_fields__})

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
        return found.select_related("unit").order_by("year", "period", "class_code", "archive_code")

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
        return "，".join(part for part in parts if part) or _("All accepted records")
