"""Party members, posts and terms for tests. All names are invented."""

from __future__ import annotations

import datetime
from typing import Any

from branches.models import (
    BarKind,
    Membership,
    PartyMember,
    PartyPost,
    PartyTerm,
    Start,
    VotingBar,
)
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person
from tests.factories.organizations import make_unit
from tests.factories.people import make_person

JOINED = datetime.date(2015, 7, 1)
BELONGS_SINCE = datetime.date(2020, 1, 1)
CONFIRMED: Any = object()


def make_member(
    branch: Unit,
    name: str = "",
    *,
    person: Person | None = None,
    group: Unit | None = None,
    joined_on: datetime.date = JOINED,
    confirmed_on: datetime.date | None = CONFIRMED,
    valid_from: datetime.date = BELONGS_SINCE,
    valid_to: datetime.date | None = None,
    end: str = "",
) -> Membership:
    """Create a member of a branch; a full one unless `confirmed_on` is None."""
    if confirmed_on is CONFIRMED:
        confirmed_on = joined_on.replace(year=joined_on.year + 1)
    member, _created = PartyMember.objects.get_or_create(
        person=person or make_person(name),
        defaults={"joined_on": joined_on, "confirmed_on": confirmed_on},
    )
    return Membership.objects.create(
        member=member,
        branch=branch,
        group=group,
        valid_from=valid_from,
        valid_to=valid_to,
        start=Start.REGISTERED,
        end=end or ("left" if valid_to else ""),
    )


def make_members(branch: Unit, count: int, **values: Any) -> list[Membership]:
    """Create several members."""
    return [make_member(branch, **values) for _number in range(count)]


def make_group(branch: Unit, name: str = "") -> Unit:
    """Create a Party group of a branch."""
    return make_unit(UnitKind.PARTY_GROUP, branch, name)


def make_post(
    unit: Unit,
    person: Person,
    kind: str = "secretary",
    *,
    valid_from: datetime.date = BELONGS_SINCE,
    valid_to: datetime.date | None = None,
) -> PartyPost:
    """Create a post."""
    return PartyPost.objects.create(
        unit=unit, person=person, kind=kind, valid_from=valid_from, valid_to=valid_to
    )


def make_bar(
    member: PartyMember,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    kind: str = BarKind.PROBATION_WITHIN,
) -> VotingBar:
    """Take a member's vote away for a time."""
    return VotingBar.objects.create(
        member=member, kind=kind, valid_from=valid_from, valid_to=valid_to
    )


def make_term(
    unit: Unit, first_day: datetime.date, last_day: datetime.date, **values: Any
) -> PartyTerm:
    """Create a term."""
    return PartyTerm.objects.create(
        unit=unit,
        elected_on=values.pop("elected_on", first_day),
        first_day=first_day,
        last_day=last_day,
        **values,
    )
