"""Records of honors: everything a person, or a unit with all below it, was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from honors.awards.permissions import may_see_office
from honors.models import Award, AwardState
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.roles.permissions import assignments, is_external

BRANCH_ROLES = ("branch_secretary", "organization_member")


def may_see_person(user: Any, person: Person) -> bool:
    """Whether an account sees the record of a person: its own, its branch's, or the office's."""
    if getattr(user, "person_id", None) == person.pk or may_see_office(user):
        return True
    held = [row for row in assignments(user) if row.role_code in BRANCH_ROLES]
    units = [award.unit for award in Award.objects.of_person(person).select_related("unit")]
    units += [person.unit] if person.unit is not None else []
    return any(row.covers(unit) for row in held for unit in units)


def may_see_units(user: Any) -> bool:
    """Whether an account sees the records of units: everybody who works here."""
    return bool(user.is_authenticated) and not is_external(user)


@dataclass(frozen=True)
class UnitFigures:
    """How much a unit was given.

    Attributes:
        by_title: name of the title with its number, the most first.
    """

    counting: int
    revoked: int
    by_title: list[tuple[str, int]]


def figures_of(unit: Unit) -> UnitFigures:
    """Return how many awards a unit and all below it hold, by one query."""
    rows = (
        Award.objects.confirmed()
        .of_unit(unit)
        .order_by()
        .values_list("title_name")
        .annotate(
            counting=Count("pk", filter=~Q(state=AwardState.REVOKED)),
            revoked=Count("pk", filter=Q(state=AwardState.REVOKED)),
        )
    )
    found = list(rows)
    return UnitFigures(
        counting=sum(counting for _name, counting, _revoked in found),
        revoked=sum(revoked for _name, _counting, revoked in found),
        by_title=sorted(
            ((name, counting) for name, counting, _revoked in found if counting),
            key=lambda row: (-row[1], row[0]),
        ),
    )
