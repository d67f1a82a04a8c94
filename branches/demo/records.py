"""Writes the demo's records of activities in bulk: a few dozen in every state, once.

Everything hangs on the topic: what is there already is left alone.
"""

from __future__ import annotations

import datetime
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from branches.demo.record_texts import (
    RECORDS,
    SUPPLEMENT,
    TALKS,
    RecordText,
)
from portal.demo.organization import BRANCHES, LOGINS, PEOPLE
from portal.demo.parts import PARTY_STAFF
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from portal.organizations.models import Unit
    from portal.people.models import Person, User

DAY = date(2026, 11, 21)
STAGES = ("planned", "notified", "held", "in-review", "reviewed", "archived")
_MEMBERS = {
    branch.unit: [person for person in PEOPLE if person.branch == branch.unit]
    for branch in BRANCHES
}


def register() -> None:
    """Register the one event that writes what is not there."""
    register_event(DemoEvent("branch-records", DAY, write))


def write(world: DemoWorld) -> bool:
    """Write the records, rules and talks that are missing."""
    loader = _Loader(world)
    written = loader.records()
    loader.archived()
    loader.supplement()
    loader.theme_days()
    loader.talks()
    world.written["activity", "with a record"] += written
    return bool(written)


def _holder(role: str, unit: str) -> str:
    return next((row.number for row in LOGINS if row.role == role and row.unit == unit), "")


class _Loader:
    """Reads people and accounts once for all records."""

    def __init__(self, world: DemoWorld) -> None:
        from portal.people.models import Person, User

        self.world = world
        self.people: dict[str, Person] = {
            person.employee_number: person
            for person in Person.objects.exclude(employee_number=None)
            if person.employee_number
        }
        self.accounts: dict[str, User] = {user.username: user for user in User.objects.all()}

    def person(self, number: str) -> Person:
        """Return a person by employee number."""
        return self.people[number]

    def leaders(self, unit: str) -> tuple[str, str]:
        """Return the numbers of host and recorder of a branch: two people."""
        members = [person.number for person in _MEMBERS[unit]]
        host = _holder("branch_secretary", unit) or members[0]
        recorder = _holder("organization_member", unit)
        if recorder in ("", host):
            recorder = next(number for number in members if number != host)
        return host, recorder

    def reviewer(self, unit: str) -> User:
        """Return who reviews: somebody of the department who is no member of the branch."""
        return self.accounts["100001" if unit == "DZ01" else PARTY_STAFF]

    def records(self) -> int:
        """Write the records that are not there; return how many."""
        from branches.models import Activity

        topics = [text.topic for text in RECORDS]
        known = set(Activity.objects.filter(topic__in=topics).values_list("topic", flat=True))
        missing = [text for text in RECORDS if text.topic not in known]
        made = Activity.objects.bulk_create([self._activity(text) for text in missing])
        self._attendance(list(zip(made, missing, strict=True)))
        self._minutes(list(zip(made, missing, strict=True)))
        self._events(made, {text.topic: text.reason for text in missing})
        return len(made)

    def _activity(self, text: RecordText) -> Any:
        from branches.models import Activity

        host, recorder = self.leaders(text.branch)
        day = text.day
        if text.state == "notified" and day <= timezone.localdate():
            day = timezone.localdate() + timedelta(days=2)
        start = timezone.make_aware(datetime.datetime.combine(day, datetime.time(text.hour)))
        stage = STAGES.index(text.state) if text.state in STAGES else 1
        signed = start + timedelta(hours=3) if stage >= STAGES.index("in-review") else None
        reviewed = start + timedelta(days=2) if stage >= STAGES.index("reviewed") else None
        return Activity(
            branch=self.world.units[text.branch],
            kind=text.kind,
            topic=text.topic,
            held_on=day,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            place=next(row.place for row in BRANCHES if row.unit == text.branch),
            host=self.person(host),
            recorder=self.person(recorder),
            agenda="\n".join(text.agenda),
            minutes=text.minutes,
            account=text.account,
            details=text.details,
            state=text.state,
            version=1,
            notified_at=start - timedelta(days=3) if text.state != "planned" else None,
            host_signed_at=signed,
            recorder_signed_at=signed,
            handed_in_by=self.accounts.get(recorder) if signed else None,
            recorded_on=day + timedelta(days=1) if signed else None,
            reviewed_by=self.reviewer(text.branch) if reviewed else None,
            reviewed_at=reviewed,
        )

    def _expected(self, activity: Any, text: RecordText) -> list[tuple[Person, bool, str]]:
        """Return who should come, whether with a vote, and why not: empty for those who came."""
        from branches.activities.roster import expected_people

        absent = dict(text.absent)
        people = expected_people(activity)
        away = {one.person.pk for one in people[len(people) - text.others_away :]}
        return [
            (
                one.person,
                one.has_vote,
                absent.get(one.person.employee_number or "")
                or ("on-shift" if one.person.pk in away else ""),
            )
            for one in people
        ]

    def _attendance(self, rows: list[tuple[Any, RecordText]]) -> None:
        from branches.models import Attendance

        found = []
        for activity, text in rows:
            if text.state == "planned":
                continue
            held = text.state not in ("notified", "cancelled")
            for place, (person, has_vote, reason) in enumerate(self._expected(activity, text)):
                row = Attendance(activity=activity, person=person, has_vote=has_vote)
                if reason:
                    row.presence = "absent" if held else "leave"
                    row.reason, row.entered = reason, "recorder" if held else "self"
                    row.change_reason = "区队考勤" if held else ""
                elif held:
                    is_late = person.employee_number in text.late
                    row.presence, row.entered = ("late" if is_late else "on-time"), "scan"
                    minutes = 6 if is_late else -1 - place % 14
                    row.signed_at = activity.starts_at + timedelta(minutes=minutes)
                if row.presence == "absent" and text.state == "reviewed":
                    row.made_up_on = activity.held_on + timedelta(days=2)
                    row.made_up_by, row.made_up_how = activity.recorder.name, "个别传达会议精神"
                found.append(row)
        Attendance.objects.bulk_create(found)

    def _minutes(self, rows: list[tuple[Any, RecordText]]) -> None:
        from branches.models import Resolution, Speech

        Speech.objects.bulk_create(
            Speech(activity=activity, person=self.person(number), points=points)
            for activity, text in rows
            for number, points in text.said
        )
        Resolution.objects.bulk_create(
            Resolution(
                activity=activity,
                text=what,
                responsible=self.person(number),
                due_on=due_on,
                done_on=done_on,
                done_note="已完成" if done_on else "",
            )
            for activity, text in rows
            for what, number, due_on, done_on in text.to_do
        )
        self._votes(rows)

    def _votes(self, rows: list[tuple[Any, RecordText]]) -> None:
        from branches.activities.votes import is_open, rules_of, tally_of
        from branches.models import Vote

        votes = []
        for activity, text in rows:
            for matter, subject, no, abstain in text.votes:
                voters = [row for row in self._expected(activity, text) if row[1]]
                vote = Vote(
                    activity=activity,
                    matter=matter,
                    subject=subject,
                    method="ballot" if subject == "election" else "hands",
                    should=len(voters),
                    present=sum(not reason for _person, _vote, reason in voters),
                )
                if is_open(tally_of(vote), rules_of(subject)):
                    vote.no, vote.abstain = no, abstain
                    vote.yes = max(0, vote.present - no - abstain)
                votes.append(vote)
        Vote.objects.bulk_create(votes)

    def _events(self, made: list[Any], reasons: dict[str, str]) -> None:
        from branches.models import ActivityEvent

        rows = []
        for activity in made:
            host, recorder = self.leaders(activity.branch.code)
            by = self.accounts.get(recorder) or self.accounts.get(host)
            start = activity.starts_at
            first = min(start, timezone.now()) - timedelta(days=7)
            steps = [("plan", "", "planned", first, by, "")]
            if activity.state != "planned":
                steps.append(("notify", "planned", "notified", first + timedelta(days=2), by, ""))
            if activity.state == "cancelled":
                reason = reasons.get(activity.topic, "")
                steps.append(("cancel", "notified", "cancelled", start, by, reason))
            if activity.state in STAGES[2:]:
                steps.append(("hold", "notified", "held", start + timedelta(hours=2), by, ""))
            if activity.state in STAGES[3:]:
                handed_in = start + timedelta(days=1)
                steps.append(("hand-in", "held", "in-review", handed_in, by, ""))
            if activity.state in STAGES[4:]:
                reviewer = activity.reviewed_by
                steps.append(
                    ("approve", "in-review", "reviewed", activity.reviewed_at, reviewer, "")
                )
            rows += [
                ActivityEvent(
                    activity=activity,
                    step=step,
                    before=before,
                    after=after,
                    at=at,
                    by=user,
                    reason=reason,
                )
                for step, before, after, at, user, reason in steps
            ]
        ActivityEvent.objects.bulk_create(rows)

    def archived(self) -> None:
        """Let the newest published activity of each branch be the end of a record.

        Its page tells who came and what was done, so no list is invented beside it.
        """
        from branches.models import Activity

        done = set(Activity.objects.filter(state="archived").values_list("branch__code", flat=True))
        for branch in BRANCHES:
            newest = Activity.objects.filter(
                branch=self.world.units[branch.unit], page__live=True, state=""
            )
            activity = newest.exclude(kind="general-meeting").order_by("-held_on").first()
            if activity is not None and branch.unit not in done:
                self._archive(activity, branch.unit)

    def _archive(self, activity: Any, unit: str) -> None:
        host, recorder = self.leaders(unit)
        start = timezone.make_aware(datetime.datetime.combine(activity.held_on, datetime.time(15)))
        activity.host = activity.host or self.person(host)
        activity.recorder = activity.recorder or self.person(recorder)
        activity.starts_at, activity.ends_at = start, start + timedelta(hours=2)
        activity.state, activity.version = "archived", 1
        activity.minutes = "会议和活动情况见已发布的报道。"
        activity.host_signed_at = activity.recorder_signed_at = start + timedelta(hours=3)
        activity.reviewed_by = self.reviewer(unit)
        activity.reviewed_at = start + timedelta(days=1)
        activity.save()
        self._events([activity], {})

    def supplement(self) -> None:
        """Add one supplement to a locked record."""
        from branches.models import Activity, Supplement

        topic, text, reason = SUPPLEMENT
        activity = Activity.objects.filter(topic=topic).first()
        if activity is None or activity.supplements.exists():
            return
        recorder = self.accounts[self.leaders("DZ05")[1]]
        Supplement.objects.create(
            activity=activity,
            text=text,
            reason=reason,
            written_by=recorder,
            written_at=(activity.reviewed_at or timezone.now()) + timedelta(days=3),
        )

    def theme_days(self) -> None:
        """Give two branches a rule: the first Friday, and the fifth day of each month."""
        from branches.models import ThemeDayRule

        for unit, day, weekday in (("DZ02", 1, 4), ("DZ05", 5, None)):
            ThemeDayRule.objects.get_or_create(
                branch=self.world.units[unit],
                defaults={"day": day, "weekday": weekday, "place": "支部活动室"},
            )

    def talks(self) -> None:
        """Write the talks that are not there."""
        from branches.models import Talk

        for unit, kind, first, second, day, words in TALKS:
            branch: Unit = self.world.units[unit]
            known = Talk.objects.filter(
                talker=self.person(first), partner=self.person(second), held_on=day
            )
            if known.exists():
                continue
            writer = self.accounts.get(first) or self.accounts[_holder("branch_secretary", unit)]
            Talk.objects.create(
                branch=branch,
                kind=kind,
                talker=self.person(first),
                partner=self.person(second),
                held_on=day,
                place="支部活动室",
                content=words,
                written_by=writer,
                written_at=timezone.now(),
            )
