"""Who is expected at an activity, by its kind and the roster of its day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from branches.members.reading import (
    committee_people,
    members_of,
    members_of_group,
    voters_of,
)
from branches.models import Activity, ActivityKind, Attendance
from portal.organizations.models import Unit
from portal.people.models import Person


@dataclass(frozen=True)
class Expected:
    """Somebody who should come, and whether with a vote."""

    person: Person
    has_vote: bool


def expected_people(activity: Activity) -> list[Expected]:
    """Return who should come by the roster of the day, by two queries at most.

    A committee meeting expects the committee, a group meeting its group, everything else the
    whole branch.
    """
    branch, day = activity.branch, activity.held_on
    if activity.kind == ActivityKind.COMMITTEE_MEETING:
        people = committee_people(branch, day)
    elif activity.kind == ActivityKind.GROUP_MEETING and activity.group is not None:
        people = [row.member.person for row in members_of_group(activity.group, day)]
    else:
        people = [row.member.person for row in members_of(branch, day)]
    if not people:
        return []
    voters = set(voters_of(branch, day).order_by().values_list("member_id", flat=True))
    return [Expected(person, person.pk in voters) for person in people]


def named_people(
    lines: str, branch: Unit, day: datetime.date
) -> tuple[list[Person], list[str], list[str]]:
    """Return the people of lines of names or employee numbers, by two queries.

    An employee number names anybody of the enterprise. A name names a member of the branch on the
    day, and nobody else who happens to be called so.

    Returns:
        the people found; lines that stay names in words, such as guests from outside;
        names that several members have, where the employee number is needed.
    """
    wanted = list(dict.fromkeys(line.strip() for line in lines.splitlines() if line.strip()))
    if not wanted:
        return [], [], []
    by_number = {
        person.employee_number: person
        for person in Person.objects.filter(employee_number__in=wanted)
    }
    by_name: dict[str, list[Person]] = {}
    for row in members_of(branch, day).filter(member__person__name__in=wanted):
        by_name.setdefault(row.member.person.name, []).append(row.member.person)
    people: list[Person] = []
    outside: list[str] = []
    ambiguous: list[str] = []
    for line in wanted:
        found = [by_number[line]] if line in by_number else by_name.get(line, [])
        if len(found) == 1:
            people.append(found[0])
        elif found:
            ambiguous.append(line)
        else:
            outside.append(line)
    return people, outside, ambiguous


def fill(activity: Activity) -> int:
    """Bring the list of attendance in line with the roster; what is known of people stays.

    Called while the row of the activity is locked, by a fixed number of queries.

    Returns:
        How many are expected.
    """
    expected = {one.person.pk: one.has_vote for one in expected_people(activity)}
    named = named_people(activity.guests, activity.branch, activity.held_on)[0]
    guests = {person.pk for person in named} - expected.keys()
    present = {row.person_id: row for row in Attendance.objects.filter(activity=activity)}
    gone = [
        row.pk
        for row in present.values()
        if row.person_id not in expected.keys() | guests and not row.entered
    ]
    Attendance.objects.filter(pk__in=gone).delete()
    changed = []
    for person_id, row in present.items():
        is_guest = person_id not in expected
        has_vote = expected.get(person_id, False)
        if (row.is_guest, row.has_vote) != (is_guest, has_vote):
            row.is_guest, row.has_vote = is_guest, has_vote
            changed.append(row)
    Attendance.objects.bulk_update(changed, ["is_guest", "has_vote"], batch_size=500)
    Attendance.objects.bulk_create(
        [
            Attendance(activity=activity, person_id=person_id, has_vote=has_vote)
            for person_id, has_vote in expected.items()
            if person_id not in present
        ]
        + [
            Attendance(activity=activity, person_id=person_id, is_guest=True)
            for person_id in sorted(guests - present.keys())
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    return len(expected)
