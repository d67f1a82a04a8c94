"""Safety work of branches for tests. All names are invented."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from branches.models import Hazard, SafetyPledge
from branches.safety import hazards, pledges
from portal.organizations.models import Unit
from portal.people.models import Person, User
from tests.factories.branches_members import make_members
from tests.factories.organizations import make_branch, make_unit
from tests.factories.people import make_person, make_user


@dataclass(frozen=True)
class SafetyWorld:
    """A branch of five with a secretary, another branch, and people who look on."""

    branch: Unit
    other: Unit
    team: Unit
    people: list[Person]
    secretary: User
    organizer: User
    outsider: User
    staff: User
    auditor: User

    @property
    def member(self) -> Person:
        """Somebody without a post."""
        return self.people[-1]


def make_safety_world() -> SafetyWorld:
    """Create two branches, the first with members and both keepers as members."""
    branch = make_branch("采煤队党支部", "DZ-CM")
    other = make_branch("机电队党支部", "DZ-JD")
    people = [row.member.person for row in make_members(branch, 5)]
    return SafetyWorld(
        branch=branch,
        other=other,
        team=make_unit(name="采煤队", code="CM"),
        people=people,
        secretary=make_user("branch_secretary", unit=branch, person=people[0]),
        organizer=make_user("organization_member", unit=branch, person=people[1]),
        outsider=make_user("branch_secretary", unit=other, person=make_person()),
        staff=make_user("party_staff"),
        auditor=make_user("discipline_auditor"),
    )


def make_hazard(world: SafetyWorld, **changes: Any) -> Hazard:
    """Create an open hazard that the last member found, due in a week."""
    today = datetime.date(2026, 11, 23)
    values: dict[str, Any] = {
        "kind": "roof",
        "grade": "ordinary",
        "place": "1203工作面",
        "description": "顶板离层仪读数超限",
        "found_by": world.member,
        "found_on": today,
        "responsible_unit": world.team,
        "measure": "补打锚索",
        "due_on": today + datetime.timedelta(days=7),
        "source_number": "",
        **changes,
    }
    return hazards.report(world.branch, values, world.secretary)


def issue_pledges(world: SafetyWorld, people: list[Person] | None = None) -> list[SafetyPledge]:
    """Issue the pledge of 2026 to people of the branch, everybody by default."""
    pledges.issue(
        world.branch,
        {
            "title": "2026年安全责任书",
            "level": "person",
            "demanded_by": "采煤队队长",
            "targets": "不违章\n不伤害自己",
            "valid_from": datetime.date(2026, 1, 1),
            "valid_to": datetime.date(2026, 12, 31),
            "people": people if people is not None else world.people,
        },
        world.secretary,
    )
    return list(SafetyPledge.objects.order_by("pk"))


def merit_values(**changes: Any) -> dict[str, Any]:
    """Return what a line of the ledger says."""
    return {
        "kind": "reward",
        "person": None,
        "day": datetime.date(2026, 11, 20),
        "points": Decimal("2.0"),
        "amount": Decimal(0),
        "reason": "及时发现顶板隐患",
        "document": "",
        **changes,
    }
