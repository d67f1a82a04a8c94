"""The register of awards: what is chosen from the address, and what is found by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from honors.models import Award, AwardState, Title
from honors.models.awards import AwardQuerySet
from portal.address_values import NotUnderstood, plain_text, read_year
from portal.organizations.models import Unit

WAITING = "waiting"


@dataclass(frozen=True)
class Choice:
    """What the address of a list of awards chooses; what is not understood chooses nothing.

    Attributes:
        problems: a sentence for each value that was not understood.
    """

    title: Title | None = None
    unit: Unit | None = None
    year: int | None = None
    state: str = ""
    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: QueryDict) -> Choice:
        """Read title, unit, year and state."""
        problems: list[str] = []
        year = None
        try:
            year = read_year(query.get("year", ""))
        except NotUnderstood as problem:
            problems.append(str(problem))
        code = plain_text(query.get("title", ""))
        place = plain_text(query.get("unit", ""))
        state = plain_text(query.get("state", ""))
        return cls(
            title=Title.objects.filter(code=code).first() if code else None,
            unit=Unit.objects.filter(code=place).first() if place else None,
            year=year,
            state=state if state in {*AwardState.values, WAITING} else "",
            problems=tuple(problems),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.title or self.unit or self.year or self.state)

    def words(self) -> str:
        """Return what is chosen in words, for the order of a batch."""
        state = dict(AwardState.choices).get(self.state, "")
        parts = (self.year, self.title, self.unit, state)
        return " ".join(str(part) for part in parts if part)

    def rows(self) -> AwardQuerySet:
        """Return the chosen awards, the newest first."""
        found: Any = Award.objects.all()
        if self.title is not None:
            found = found.filter(title=self.title)
        if self.unit is not None:
            found = found.of_unit(self.unit)
        if self.year is not None:
            found = found.filter(year=self.year)
        if self.state == WAITING:
            found = found.waiting()
        elif self.state:
            found = found.confirmed().filter(state=self.state)
        rows: AwardQuerySet = found.select_related("title", "unit", "page").in_order()
        return rows


def found_by(words: str) -> AwardQuerySet:
    """Return the awards with a name or number like the words, the newest first."""
    plain = plain_text(words)
    condition = Q(subject_name__icontains=plain) | Q(number__icontains=plain)
    rows: AwardQuerySet = (
        Award.objects.filter(condition).select_related("title", "unit", "page").in_order()
    )
    return rows
