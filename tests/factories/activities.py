"""Records of branch activities for tests. All names and topics are invented."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from branches.activities import planning, recording, services, signing_in
from branches.models import AbsenceReason, Activity, ActivityKind, Presence
from portal.organizations.models import Unit
from portal.people.models import Person, User
from tests.factories.branches_members import make_member
from tests.factories.organizations import make_branch
from tests.factories.people import make_person, make_user

HOUR = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class BranchWorld:
    """A branch with accounts: the host is its secretary, the recorder its organization member.

    Attributes:
        members: everybody on the roster, host and recorder first.
        reviewer: of the Party department, on no list.
    """

    branch: Unit
    host: User
    recorder: User
    reviewer: User
    members: list[Person]

    @property
    def ordinary(self) -> list[Person]:
        """The members without a task."""
        return self.members[2:]


def make_world(full: int = 8, probationary: int = 1) -> BranchWorld:
    """Create a branch with so many full and probationary members."""
    branch = make_branch()
    host = make_user("branch_secretary", unit=branch, name="贺守田")
    recorder = make_user("organization_member", unit=branch, name="段小龙")
    assert host.person is not None
    assert recorder.person is not None
    people = [host.person, recorder.person]
    people += [make_person(f"党员{number}") for number in range(full - 2 + probationary)]
    for number, person in enumerate(people):
        if number < full:
            make_member(branch, person=person)
        else:
            make_member(branch, person=person, confirmed_on=None)
    return BranchWorld(branch, host, recorder, make_user("party_staff"), people)


def plan_values(world: BranchWorld, starts_at: datetime.datetime, **values: Any) -> dict[str, Any]:
    """Return what a plan needs."""
    return {
        "kind": ActivityKind.GENERAL_MEETING,
        "topic": "讨论第四季度安全工作",
        "starts_at": starts_at,
        "ends_at": starts_at + 2 * HOUR,
        "place": "支部活动室",
        "host": world.host.person,
        "recorder": world.recorder.person,
        "agenda": "通报隐患整改\n讨论接收预备党员",
        **values,
    }


def make_plan(
    world: BranchWorld, *, starts_in: datetime.timedelta = HOUR, **values: Any
) -> Activity:
    """Plan a meeting that starts some time from now."""
    start = timezone.now() + starts_in
    return planning.plan(world.branch, world.host, plan_values(world, start, **values))


def make_notified(world: BranchWorld, **values: Any) -> Activity:
    """Plan a meeting and give notice."""
    return services.take(make_plan(world, **values).pk, "notify", world.host)


def make_held(world: BranchWorld, **values: Any) -> Activity:
    """Return a meeting that began an hour ago, nobody's attendance known."""
    values.setdefault("starts_in", -HOUR)
    return services.take(make_plan(world, **values).pk, "hold", world.host)


def enter_attendance(world: BranchWorld, activity: Activity, absent: int = 0) -> None:
    """Enter everybody as present, but the last ones as away on shift."""
    # Full members without a task; the first of them is the last to be away.
    away = {person.pk for person in world.ordinary[:-1][::-1][:absent]}
    people = activity.attendances.filter(is_guest=False).values_list("person", flat=True)
    entries = {
        key: signing_in.Entry(Presence.ABSENT, AbsenceReason.ON_SHIFT)
        if key in away
        else signing_in.Entry(Presence.ON_TIME)
        for key in people
    }
    signing_in.enter(activity.pk, world.recorder, None, entries, "纸质签到")


def write_minutes(world: BranchWorld, activity: Activity, **facts: Any) -> None:
    """Write minutes with one point and one resolution."""
    recording.save_minutes(
        activity.pk,
        world.recorder,
        None,
        facts={"minutes": "会议按议程进行。", "account": "支部召开党员大会。", **facts},
        speeches=[{"person": world.ordinary[0], "points": "皮带巷照明已恢复。"}],
        resolutions=[
            {
                "text": "补装照明三处",
                "responsible": world.ordinary[1],
                "due_on": timezone.localdate() + datetime.timedelta(days=7),
            }
        ],
    )


def make_signed(world: BranchWorld, absent: int = 0, **values: Any) -> Activity:
    """Return a held meeting whose minutes both signed off."""
    activity = make_held(world, **values)
    enter_attendance(world, activity, absent)
    write_minutes(world, activity)
    services.sign_off(activity.pk, world.host)
    return services.sign_off(activity.pk, world.recorder)


def make_reviewed(world: BranchWorld, absent: int = 0, **values: Any) -> Activity:
    """Return a reviewed record."""
    activity = make_signed(world, absent, **values)
    services.take(activity.pk, "hand-in", world.recorder)
    return services.take(activity.pk, "approve", world.reviewer)
