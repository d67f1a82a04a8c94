"""Two who act on a record in the same moment: one wins, the other is told."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.activities import recording, services, signing_in
from branches.activities.signing_in import Entry
from branches.models import Attendance, Presence
from portal.refusals import ChangedMeanwhile, TooLate
from tests.factories.activities import (
    make_held,
    make_notified,
    make_reviewed,
    make_signed,
    make_world,
    write_minutes,
)
from tests.factories.people import make_person, make_user
from tests.infrastructure.at_once import together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def refusals(results: list[Any]) -> list[type]:
    """Return the kinds of refusals among results."""
    return [type(one) for one in results if isinstance(one, Exception)]


def test_of_two_reviewers_and_of_two_recorders_one_wins() -> None:
    world = make_world(full=5, probationary=0)
    activity = make_signed(world)
    activity = services.take(activity.pk, "hand-in", world.recorder)
    other, version = make_user("party_staff"), activity.version
    results = together(
        lambda: services.take(activity.pk, "approve", world.reviewer, version),
        lambda: services.take(activity.pk, "return", other, version, "不完整"),
    )
    assert refusals(results) == [ChangedMeanwhile], results

    held = make_held(world)
    version = held.version

    def save(user: Any, words: str) -> Any:
        facts = {"minutes": words}
        return recording.save_minutes(
            held.pk, user, version, facts=facts, speeches=[], resolutions=[]
        )

    results = together(lambda: save(world.host, "甲"), lambda: save(world.recorder, "乙"))
    assert refusals(results) == [ChangedMeanwhile], results
    held.refresh_from_db()
    assert held.version == version + 1


def test_two_phones_of_one_person_make_one_line() -> None:
    world = make_world(full=5, probationary=0)
    activity = make_notified(world, starts_in=datetime.timedelta(minutes=5))
    for person in (world.ordinary[0], make_person("来宾")):
        sign = partial(signing_in.sign_in, activity.pk, person)
        results = together(sign, sign)
        assert refusals(results) == [], results
        row = Attendance.objects.get(activity=activity, person=person)
        assert row.presence == Presence.ON_TIME


def test_a_phone_that_signs_in_while_the_recorder_saves_is_not_forgotten() -> None:
    world = make_world(full=5, probationary=0)
    activity = make_notified(world, starts_in=datetime.timedelta(minutes=5))
    untouched, typed = world.ordinary[:2]
    shown = {row.person_id: signing_in.shown(row) for row in activity.attendances.all()}
    entries = {
        untouched.pk: Entry("expected", was=shown[untouched.pk]),
        typed.pk: Entry("absent", "on-shift", was=shown[typed.pk]),
    }
    results = together(
        partial(signing_in.sign_in, activity.pk, untouched),
        partial(signing_in.sign_in, activity.pk, typed),
        lambda: signing_in.enter(activity.pk, world.recorder, None, entries, "现场核对"),
    )
    # Whoever was typed as away and signed in first is named to the recorder; after it, it counts.
    assert refusals(results) in ([], [signing_in.RowsChanged]), results
    for person in (untouched, typed):
        row = Attendance.objects.get(activity=activity, person=person)
        assert (row.presence, row.entered) == (Presence.ON_TIME, "scan")


def test_nobody_signs_in_after_a_signature_of_the_same_moment() -> None:
    world = make_world(full=5, probationary=0)
    activity = make_held(world)
    write_minutes(world, activity)
    people = [world.ordinary[0], make_person("来宾")]
    results = together(
        lambda: services.sign_off(activity.pk, world.host),
        *(partial(signing_in.sign_in, activity.pk, person) for person in people),
    )
    assert set(refusals(results)) <= {TooLate}, results
    activity.refresh_from_db()
    assert activity.host_signed_at is not None
    for row in activity.attendances.exclude(signed_at=None):
        assert row.signed_at is not None
        assert row.signed_at <= activity.host_signed_at


@pytest.mark.postgresql
def test_the_activity_is_locked_before_anything_of_it() -> None:
    world = make_world(full=5, probationary=0)
    notified = make_notified(world, starts_in=datetime.timedelta(minutes=5))
    reviewed = make_reviewed(world, absent=1)
    away = reviewed.attendances.get(presence=Presence.ABSENT)
    resolution = reviewed.resolutions.get()
    person, today = world.ordinary[0], timezone.localdate()
    entries = {world.ordinary[1].pk: Entry("on-time")}
    actions = (
        partial(signing_in.ask_leave, notified.pk, person, "sick", ""),
        partial(signing_in.sign_in, notified.pk, person),
        partial(signing_in.enter, notified.pk, world.recorder, None, entries, "现场核对"),
        partial(signing_in.make_up, away.pk, world.recorder, today, "段小龙", "面谈"),
        partial(recording.carry_out, resolution.pk, world.recorder, today, "已补装"),
    )
    for action in actions:
        with CaptureQueriesContext(connection) as queries:
            action()
        locks = [one["sql"] for one in queries if " FOR UPDATE" in one["sql"]]
        locks += [one["sql"] for one in queries if " FOR SHARE" in one["sql"]]
        first = next(one["sql"] for one in queries if one["sql"] in locks)
        assert 'FROM "branches_activity"' in first, first
