"""What the handbook of a branch says of a year (党支部工作手册), by a fixed number of queries.

Source of the parts: section 2.4 of the domain facts. Talks are counted and never told; of an
absence it gives the reason, never the words of whoever asked for leave.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from branches.activities import kind_fields
from branches.activities.talks import pairs_in
from branches.activities.votes import Outcome, outcomes
from branches.members.reading import groups_of, members_of, posts_of
from branches.members.training import Progress, progress_of
from branches.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Attendance,
    LifeRequirement,
    Membership,
    PartyPost,
    PostKind,
    Presence,
    Resolution,
    Speech,
    Vote,
)
from branches.models.activities import NOT_HELD
from branches.organization.reading import Standing, standing_of
from branches.year.reading import YearView, years_of
from portal.organizations.models import Unit

#: So many activities stand beside each other on one sheet of attendance.
COLUMNS = 12
#: A mark for each presence on the sheet of attendance, and what it says below it.
MARKS = {
    Presence.ON_TIME: "√",
    Presence.LATE: "迟",
    Presence.LEAVE: "假",
    Presence.ABSENT: "缺",
    Presence.EXPECTED: "？",
}
NOT_EXPECTED = "—"


@dataclass(frozen=True)
class Line:
    """One member of the roster."""

    membership: Membership
    posts: str
    is_full: bool
    progress: Progress


@dataclass(frozen=True)
class Group:
    """One Party group: its leader and who belongs to it."""

    unit: Unit
    leader: str
    names: list[str]


@dataclass(frozen=True)
class Entry:
    """One activity with everything its record says."""

    activity: Activity
    details: list[tuple[Any, Any]]
    should: int
    attended: int
    missed: list[Attendance]
    guests: list[str]
    speeches: list[Speech]
    votes: list[tuple[Vote, Outcome]]
    resolutions: list[Resolution]

    @property
    def is_reviewed(self) -> bool:
        """Whether the record was reviewed, or needs no review because it is none."""
        return self.activity.state in (
            ActivityState.REVIEWED,
            ActivityState.ARCHIVED,
            ActivityState.WITHOUT_RECORD,
        )


@dataclass(frozen=True)
class Chapter:
    """The activities of one kind."""

    kind: str
    name: str
    entries: list[Entry]

    @property
    def recorded(self) -> list[Entry]:
        """Those with a record."""
        return [entry for entry in self.entries if entry.activity.has_record]

    @property
    def noted(self) -> list[Activity]:
        """Those of which no more than day and topic is known."""
        return [entry.activity for entry in self.entries if not entry.activity.has_record]


@dataclass(frozen=True)
class Sheet:
    """Attendance at up to `COLUMNS` activities: a row of marks for each member."""

    activities: list[Activity]
    rows: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Handbook:
    """The handbook of one branch for one year, as of a day."""

    branch: Unit
    year: int
    day: datetime.date
    standing: Standing
    lines: list[Line]
    posts: list[PartyPost]
    groups: list[Group]
    life: list[YearView]
    chapters: list[Chapter]
    sheets: list[Sheet]
    talks: int

    @property
    def unreviewed(self) -> int:
        """How many records nobody has reviewed yet."""
        return sum(not entry.is_reviewed for one in self.chapters for entry in one.entries)


def handbook_of(branch: Unit, year: int, today: datetime.date | None = None) -> Handbook:
    """Return the handbook of a branch for a year, up to today in the running year."""
    now = today or timezone.localdate()
    day = min(now, datetime.date(year, 12, 31))
    if branch.valid_to is not None:
        day = min(day, branch.valid_to)
    memberships = list(members_of(branch, day))
    posts = list(posts_of(branch, day))
    entries = _entries(branch, year, day)
    return Handbook(
        branch=branch,
        year=year,
        day=day,
        standing=standing_of(branch, day),
        lines=_lines(memberships, posts, year, day),
        posts=[post for post in posts if post.kind != PostKind.GROUP_LEADER],
        groups=_groups(branch, memberships, day),
        life=years_of([branch], list(LifeRequirement.objects.all()), year, now),
        chapters=_chapters(entries),
        sheets=_sheets(entries),
        talks=pairs_in(year, Unit.objects.filter(pk=branch.pk)).get(branch.pk, 0),
    )


def _lines(
    memberships: list[Membership], posts: list[PartyPost], year: int, day: datetime.date
) -> list[Line]:
    held: dict[int, list[str]] = defaultdict(list)
    for post in posts:
        held[post.person_id].append(str(post.get_kind_display()))
    progress = progress_of([row.member_id for row in memberships], year)
    return [
        Line(
            row,
            "、".join(held[row.member_id]),
            row.member.is_full_on(day),
            progress[row.member_id],
        )
        for row in memberships
    ]


def _groups(branch: Unit, memberships: list[Membership], day: datetime.date) -> list[Group]:
    groups = list(groups_of(branch, day))
    leaders: dict[int, str] = {}
    rows = PartyPost.objects.filter(unit__in=groups, kind=PostKind.GROUP_LEADER)
    for post in rows.select_related("person").order_by("valid_from"):
        if post.valid_from <= day and (post.valid_to is None or post.valid_to >= day):
            leaders[post.unit_id] = post.person.name
    names: dict[int | None, list[str]] = defaultdict(list)
    for row in memberships:
        names[row.group_id].append(row.member.person.name)
    return [Group(group, leaders.get(group.pk, ""), names[group.pk]) for group in groups]


def _entries(branch: Unit, year: int, day: datetime.date) -> list[Entry]:
    people = Attendance.objects.select_related("person").order_by("is_guest", "pk")
    activities = (
        Activity.objects.filter(branch=branch, held_on__year=year, held_on__lte=day)
        .exclude(state__in=NOT_HELD)
        .select_related("host", "recorder", "group", "reviewed_by__person")
        .prefetch_related(
            Prefetch("attendances", people),
            Prefetch("speeches", Speech.objects.select_related("person")),
            Prefetch("resolutions", Resolution.objects.select_related("responsible")),
            "votes",
            "supplements__written_by__person",
        )
        .order_by("held_on", "pk")
    )
    found = list(activities)
    decided: dict[int, list[tuple[Vote, Outcome]]] = defaultdict(list)
    for vote, outcome in outcomes([vote for one in found for vote in one.votes.all()]):
        decided[vote.activity_id].append((vote, outcome))  # type: ignore[attr-defined]
    return [_entry(activity, decided[activity.pk]) for activity in found]


def _entry(activity: Activity, votes: list[tuple[Vote, Outcome]]) -> Entry:
    rows = list(activity.attendances.all())
    expected = [row for row in rows if not row.is_guest]
    return Entry(
        activity=activity,
        details=kind_fields.shown(activity.kind, activity.details),
        should=len(expected),
        attended=sum(row.is_present for row in expected),
        missed=[row for row in expected if not row.is_present],
        guests=[row.person.name for row in rows if row.is_guest],
        speeches=list(activity.speeches.all()),
        votes=votes,
        resolutions=list(activity.resolutions.all()),
    )


def _chapters(entries: list[Entry]) -> list[Chapter]:
    by_kind: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.activity.kind].append(entry)
    return [
        Chapter(kind.value, str(kind.label), by_kind[kind])
        for kind in ActivityKind
        if kind in by_kind
    ]


def _sheets(entries: list[Entry]) -> list[Sheet]:
    recorded = [entry.activity for entry in entries if entry.should]
    return [_sheet(recorded[start : start + COLUMNS]) for start in range(0, len(recorded), COLUMNS)]


def _sheet(activities: list[Activity]) -> Sheet:
    marks: dict[int, dict[int, str]] = defaultdict(dict)
    names: dict[int, str] = {}
    for activity in activities:
        for row in activity.attendances.all():
            if not row.is_guest:
                marks[row.person_id][activity.pk] = MARKS[Presence(row.presence)]
                names[row.person_id] = row.person.name
    people = sorted(names, key=lambda key: (names[key], key))
    return Sheet(
        activities,
        [
            (names[key], [marks[key].get(one.pk, NOT_EXPECTED) for one in activities])
            for key in people
        ],
    )
