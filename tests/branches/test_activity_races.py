"""Two who act on a record in the same moment: one wins, the other is told."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

import pytest

from branches.activities import recording, services, signing_in
from branches.models import Attendance, Presence
from portal.refusals import ChangedMeanwhile
from tests.factories.activities import make_held, make_notified, make_signed, make_world
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
