"""Whose records a reader's statistics are about: year, unit, and what the roles allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.address_values import NotUnderstood, plain_text, read_year
from portal.archives.models import Record, RecordTally
from portal.archives.permissions import may_read_office
from portal.archives.querysets import RecordQuerySet
from portal.organizations.models import Unit
from portal.refusals import Refusal
from portal.roles.permissions import Account, record_units

EARLIEST_YEAR = 1921


def may_see_statistics(user: Account) -> bool:
    """Whether the account reads the records of any unit, and so their statistics."""
    units = record_units(user)
    return units is None or bool(units)


class NotStatistics(Refusal):
    """The account reads no records, so it sees no statistics of them."""

    title = gettext_lazy("You have no statistics to see")

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(
            gettext_lazy(
                "Statistics of the archive are for those who read records: the archive office, "
                "the departments, and the officers of a unit. If you need a number, ask the "
                "archivist."
            )
        )


def require_statistics(user: Account) -> None:
    """Refuse whoever reads no records.

    Raises:
        NotStatistics: the account reads no records.
    """
    if not may_see_statistics(user):
        raise NotStatistics.standard()


def _tree(units: list[Unit]) -> Q:
    condition = Q(pk__in=[])
    for unit in units:
        condition |= Q(path__startswith=unit.path)
    return condition


@dataclass
class Reach:
    """Year, unit and reader of one page of statistics.

    Attributes:
        units: the units that the roles of the reader cover; None for all.
        chosen: the unit that was picked, inside those.
        problems: a sentence for each value of the address that was not understood.
    """

    user: Any
    year: int
    units: list[Unit] | None
    chosen: Unit | None = None
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest) -> Reach:
        """Read year and unit from the address; what is not understood is said, never an error."""
        reach = cls(request.user, timezone.localdate().year, record_units(request.user))
        try:
            year = read_year(request.GET.get("year", ""))
            if year is not None and not EARLIEST_YEAR <= year <= reach.year + 1:
                raise NotUnderstood(_("“%(year)s” is not a year.") % {"year": year})
            reach.year = year or reach.year
        except NotUnderstood as problem:
            reach.problems.append(str(problem))
        code = plain_text(request.GET.get("unit", ""))
        if code:
            reach.chosen = reach.all_units().filter(code=code).first()
            if reach.chosen is None:
                reach.problems.append(
                    _("There is no unit with the code “%(code)s”.") % {"code": code}
                )
        return reach

    @property
    def sees_all(self) -> bool:
        """Whether the reader's roles cover every unit and none was picked."""
        return self.units is None and self.chosen is None

    @property
    def sees_office(self) -> bool:
        """Whether the reader sees what the whole office sees."""
        return may_read_office(self.user)

    def all_units(self) -> Any:
        """Return the units that can be picked."""
        units = Unit.objects.all()
        return units if self.units is None else units.filter(_tree(self.units))

    def chosen_units(self) -> Any:
        """Return the units that are counted."""
        if self.chosen is not None:
            return Unit.objects.filter(_tree([self.chosen]))
        return self.all_units()

    def in_units(self) -> Q:
        """Return the condition on the unit of a record or figure."""
        return Q() if self.sees_all else Q(unit__in=self.chosen_units().order_by().values("pk"))

    def records(self) -> RecordQuerySet:
        """Return the records of all years that are counted."""
        return Record.objects.visible_to(self.user).filter(self.in_units())

    def records_of_year(self) -> RecordQuerySet:
        """Return the records of the year that are counted."""
        return self.records().filter(year=self.year)

    def tallies(self) -> Any:
        """Return the counts of the records that are counted."""
        counts: Any = RecordTally.objects
        return counts.visible_to(self.user).filter(self.in_units())
