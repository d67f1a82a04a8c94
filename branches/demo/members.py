"""The rosters of the demo: members, committees, groups, terms, transfers, training hours.

People with a name of their own come first; the others have made-up names. The gaps are on
purpose: an election ahead, one overdue, a branch without a committee, hours that are missing.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from branches.demo.member_names import POSITIONS, name_of
from portal.demo.organization import BRANCHES, LOGINS, PEOPLE, DemoBranch
from portal.demo.registry import register_preparation

if TYPE_CHECKING:
    from branches.models import PartyMember
    from portal.demo.loading import DemoWorld
    from portal.organizations.models import Unit
    from portal.people.models import Person

YEAR = 2026
TODAY = datetime.date(2026, 11, 20)
SINCE = datetime.date(2018, 1, 1)
#: Employee numbers of people who have a name only: 300101 is the first of the first branch.
FIRST_NUMBER = 300_100
COMMITTEE_OF_FIVE = ("secretary", "deputy", "organization", "publicity", "discipline")
COMMITTEE_OF_THREE = ("secretary", "organization", "publicity")
ONE_DAY = datetime.timedelta(days=1)
# What everybody studied in the year: day, hours, kind, topic.
STUDIED = (
    ((1, 16), 4, "study", "年度党员教育计划和安全承诺"),
    ((3, 20), 4, "class", "书记党课：安全责任怎样落到班组"),
    ((4, 17), 4, "study", "党支部工作条例原文学习"),
    ((5, 22), 4, "study", "警示教育：两起顶板事故案例"),
    ((6, 26), 4, "class", "七一专题党课"),
    ((7, 24), 4, "online", "国有企业基层组织工作条例网上课程"),
    ((9, 18), 4, "study", "三季度集中学习"),
    ((10, 23), 4, "study", "全会精神集中学习"),
)
COMMITTEE_TRAINING = (
    ((8, 11), 8, "concentrated", "支部书记和委员集中培训第一天"),
    ((8, 12), 8, "concentrated", "支部书记和委员集中培训第二天"),
    ((8, 13), 8, "concentrated", "支部书记和委员集中培训第三天"),
)


@dataclass
class Place:
    """One member while the demo is loaded."""

    person: Person
    member: PartyMember
    group: Unit | None
    since: datetime.date


def register() -> None:
    """Register the rosters as something that is there before activities are."""
    register_preparation("党员名册", load_members)


def load_members(world: DemoWorld) -> None:
    """Write the roster of every branch that has none."""
    from branches.models import Membership, PartyTerm

    known = set(Membership.objects.values_list("branch", flat=True).distinct())
    for place, branch in enumerate(BRANCHES):
        unit = world.units[branch.unit]
        if unit.pk in known:
            continue
        members = _members(world, branch, place)
        committee = _committee(unit, branch, members)
        _terms(unit, branch)
        _hours(members, committee, place)
        world.written["member", "entered"] += len(members)
    PartyTerm.objects.get_or_create(
        unit=world.units["DW"],
        first_day=datetime.date(2024, 6, 18),
        defaults={
            "elected_on": datetime.date(2024, 6, 18),
            "last_day": datetime.date(2029, 6, 17),
        },
    )
    _transfers(world)


def _members(world: DemoWorld, branch: DemoBranch, place: int) -> list[Place]:
    from branches.models import Membership, PartyMember, Start, StatusChange

    unit = world.units[branch.unit]
    groups = [found for code, found in world.units.items() if code.startswith(f"{branch.unit}-")]
    people, probationary = _people(world, branch, place)
    found = []
    for number, person in enumerate(people):
        joined, confirmed = _days(person, person.pk in probationary)
        found.append(
            Place(
                person,
                PartyMember(person=person, joined_on=joined, confirmed_on=confirmed),
                groups[number % len(groups)] if groups else None,
                max(SINCE, joined),
            )
        )
    PartyMember.objects.bulk_create([one.member for one in found])
    Membership.objects.bulk_create(
        [
            Membership(
                member_id=one.person.pk,
                branch=unit,
                group=one.group,
                valid_from=one.since,
                start=Start.ADMITTED if one.since > SINCE else Start.REGISTERED,
            )
            for one in found
        ]
    )
    StatusChange.objects.bulk_create(
        [
            StatusChange(
                member_id=one.person.pk,
                kind="registered",
                branch=unit,
                day=one.since,
                words=f"{unit.name}，{'发展入党' if one.since > SINCE else '建册登记'}",
            )
            for one in found
        ]
    )
    return found


def _people(world: DemoWorld, branch: DemoBranch, place: int) -> tuple[list[Person], set[int]]:
    """Return the people of a branch, and the keys of those on probation."""
    from portal.people.models import Person

    named = [one for one in PEOPLE if one.branch == branch.unit]
    there = {
        person.employee_number: person
        for person in Person.objects.filter(employee_number__in=[one.number for one in named])
    }
    people = [there[one.number] for one in named if one.number in there]
    work = world.units[named[0].unit] if named else world.units["QL"]
    numbers = [
        str(FIRST_NUMBER + place * 100 + number)
        for number in range(1, branch.members - len(people) + 1)
    ]
    known = {
        person.employee_number: person
        for person in Person.objects.filter(employee_number__in=numbers)
    }
    fresh = [
        Person(
            name=name_of(int(number)),
            employee_number=number,
            unit=work,
            position=POSITIONS[int(number) % len(POSITIONS)],
        )
        for number in numbers
        if number not in known
    ]
    Person.objects.bulk_create(fresh)
    people += [*known.values(), *fresh]
    on_probation = {
        there[one.number].pk for one in named if one.probationary and one.number in there
    }
    for person in reversed(people):
        if len(on_probation) >= branch.probationary:
            break
        on_probation.add(person.pk)
    return people, on_probation


def _days(person: Person, probationary: bool) -> tuple[datetime.date, datetime.date | None]:
    """Return when somebody joined and was confirmed, always the same for the same person."""
    chance = random.Random(person.employee_number)  # noqa: S311  days of a demo, not secrets
    if probationary:
        return datetime.date(YEAR - 1, 12, 1) + chance.randrange(200) * ONE_DAY, None
    joined = datetime.date(chance.randrange(1992, 2024), chance.choice((6, 7, 12)), 28)
    return joined, joined.replace(year=joined.year + 1)


def _committee(unit: Unit, branch: DemoBranch, members: list[Place]) -> set[int]:
    """Give the posts of the term and the lead of the groups; return who is on the committee."""
    from branches.models import PartyPost

    by_number = {one.person.employee_number: one for one in members}
    keeper = next(
        (
            login.number
            for login in LOGINS
            if login.role == "organization_member" and login.unit == branch.unit
        ),
        "",
    )
    kinds: tuple[str, ...] = ("secretary",)
    if branch.committee:
        kinds = COMMITTEE_OF_FIVE if branch.committee == 5 else COMMITTEE_OF_THREE
    secretary = next(one for one in members if one.person.name == branch.secretary)
    chosen = {"secretary": secretary}
    if "organization" in kinds and keeper in by_number:
        chosen["organization"] = by_number[keeper]
    full = [one for one in members if one.member.confirmed_on and one not in chosen.values()]
    for kind in kinds:
        if kind not in chosen:
            chosen[kind] = full.pop(0)
    posts = [
        PartyPost(unit=unit, person=one.person, kind=kind, valid_from=branch.elected_on)
        for kind, one in chosen.items()
    ]
    for group in {one.group for one in members if one.group}:
        leader = next(one for one in full if one.group == group)
        posts.append(
            PartyPost(
                unit=group,
                person=leader.person,
                kind="group-leader",
                valid_from=branch.elected_on,
            )
        )
    PartyPost.objects.bulk_create(posts)
    return {one.person.pk for one in chosen.values()}


def _terms(unit: Unit, branch: DemoBranch) -> None:
    from branches.models import PartyTerm

    before = branch.elected_on.replace(year=branch.elected_on.year - 3)
    for first, last in (
        (before, branch.elected_on - ONE_DAY),
        (branch.elected_on, branch.term_ends_on),
    ):
        PartyTerm.objects.get_or_create(
            unit=unit, first_day=first, defaults={"elected_on": first, "last_day": last}
        )


def _hours(members: list[Place], committee: set[int], place: int) -> None:
    """Write the hours of the year; some missed a day, and some of the committee the training."""
    from branches.models import TrainingHours

    rows = []
    for number, one in enumerate(members):
        studied = [
            row for step, row in enumerate(STUDIED) if (number + place * 3 + step * 5) % 17 != 0
        ]
        if one.person.pk in committee and (number + place) % 7:
            studied += COMMITTEE_TRAINING
        for (month, day), hours, kind, topic in studied:
            on = datetime.date(YEAR, month, day)
            if on >= one.since:
                rows.append(
                    TrainingHours(
                        member_id=one.person.pk,
                        day=on,
                        hours=Decimal(hours),
                        kind=kind,
                        topic=topic,
                    )
                )
    TrainingHours.objects.bulk_create(rows, batch_size=500)


# From branch, to branch or outside, number and day of the letter, days it is valid, received.
LETTERS: tuple[tuple[str, str, str, datetime.date, int, datetime.date | None], ...] = (
    ("DZ04", "DZ06", "〔2026〕第31号", datetime.date(2026, 11, 12), 30, None),
    ("DZ02", "DZ05", "〔2026〕第28号", datetime.date(2026, 9, 30), 30, None),
)


def _transfers(world: DemoWorld) -> None:
    """Write two letters that are on the way, one of them out of date, and one time without vote."""
    from branches.models import Membership, MemberTransfer, StatusChange, VotingBar

    for origin, target, number, day, valid, received in LETTERS:
        if MemberTransfer.objects.filter(letter_number=number).exists():
            continue
        row = (
            Membership.objects.filter(
                branch=world.units[origin],
                valid_to__isnull=True,
                member__confirmed_on__isnull=False,
                member__person__employee_number__startswith="300",
            )
            .order_by("-member__person__employee_number")
            .first()
        )
        if row is None:
            continue
        made = MemberTransfer.objects.create(
            member_id=row.member_id,
            from_branch=row.branch,
            to_branch=world.units[target],
            letter_number=number,
            letter_date=day,
            valid_until=day + datetime.timedelta(days=valid),
            received_on=received,
        )
        StatusChange.objects.create(
            member_id=row.member_id,
            kind="transfer-begun",
            branch=row.branch,
            day=day,
            words=f"转往{made.destination}，介绍信{number}",
        )
    barred = (
        Membership.objects.filter(
            branch=world.units["DZ03"],
            member__person__employee_number=str(FIRST_NUMBER + 2 * 100 + 9),
        )
        .select_related("branch")
        .first()
    )
    if barred is not None and not VotingBar.objects.filter(member_id=barred.member_id).exists():
        since = datetime.date(2026, 3, 10)
        VotingBar.objects.create(
            member_id=barred.member_id,
            kind="probation-within",
            document="沁岚纪〔2026〕2号",
            valid_from=since,
            valid_to=datetime.date(2027, 3, 9),
        )
        StatusChange.objects.create(
            member_id=barred.member_id, kind="barred", branch=barred.branch, day=since
        )
