"""My calendar: who sees what, and the secret address for calendar programs."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from branches.models import Activity, ActivityState
from portal.agenda import feeds
from portal.agenda.models import AgendaFeed
from tests.factories.activities import BranchWorld, make_notified, make_plan, make_world
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def world() -> BranchWorld:
    return make_world()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def expected_account(activity: Activity) -> Any:
    """Return an account of somebody who is expected and leads nothing."""
    row = (
        activity.attendances.filter(is_guest=False)
        .exclude(person__in=[activity.host_id, activity.recorder_id])
        .exclude(person__user__isnull=False)
        .select_related("person")
        .first()
    )
    assert row is not None
    return make_user("employee", person=row.person)


def titles(client: Client, year: int, month: int) -> list[str]:
    page = client.get(reverse("agenda_month", args=[year, month]))
    assert page.status_code == 200
    return [entry.title for day in page.context["month"].days for entry, _others in day.entries]


def test_people_see_what_they_are_expected_at_and_not_what_is_only_planned(
    world: BranchWorld,
) -> None:
    told = make_notified(world)
    planned = make_plan(world)
    person = expected_account(told)
    day = told.held_on
    assert titles(client_of(person), day.year, day.month) == [told.topic]
    host = planned.host
    assert host is not None
    leader = getattr(host, "user", None) or make_user("employee", person=host)
    assert planned.topic in titles(client_of(leader), planned.held_on.year, planned.held_on.month)
    assert titles(client_of(make_user("employee")), day.year, day.month) == []


def test_a_month_shows_any_number_of_dates_by_the_same_queries(
    world: BranchWorld, django_assert_max_num_queries: Any
) -> None:
    told = make_notified(world)
    person = expected_account(told)
    client = client_of(person)
    address = reverse("agenda_month", args=[told.held_on.year, told.held_on.month])
    client.get(address)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(address)
    rows = list(told.attendances.filter(person=person.person))
    for number in range(6):
        copy = Activity.objects.get(pk=told.pk)
        copy.pk, copy.topic = None, f"活动{number}"
        copy.save(force_insert=True)
        for row in rows:
            row.pk, row.activity = None, copy
            row.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address)
    assert len(many) == len(one)
    assert page.context["month"].clashes == 7


def test_no_month_outside_the_calendar() -> None:
    client = client_of(make_user("employee"))
    for year, month in ((2026, 13), (2026, 0), (1999, 1), (2101, 1)):
        assert client.get(reverse("agenda_month", args=[year, month])).status_code == 404


def test_the_secret_address_is_shown_once_and_hands_out_the_own_dates(world: BranchWorld) -> None:
    told = make_notified(world)
    person = expected_account(told)
    client = client_of(person)
    shown = client.post(reverse("agenda_subscribe")).content.decode()
    found = re.search(r"/agenda/feed/([\w-]{32})\.ics", shown)
    assert found is not None
    secret = found.group(1)
    assert secret not in client.get(reverse("agenda")).content.decode()
    assert secret not in str(AgendaFeed.objects.values())

    answer = Client().get(reverse("agenda_feed", args=[secret]))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"]
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert [str(event["summary"]) for event in events] == [told.topic]
    assert told.starts_at is not None
    assert events[0].decoded("dtstart") == told.starts_at.replace(microsecond=0)
    assert events[0].decoded("dtstart").utcoffset() == datetime.timedelta(hours=8)
    assert str(events[0]["url"]).endswith(reverse("branch_activity", args=[told.pk]))
    feed = AgendaFeed.objects.get()
    assert feed.read_on == timezone.localdate()


def test_a_new_address_ends_the_old_one_and_so_do_unsubscribing_and_a_blocked_account() -> None:
    user = make_user("employee")
    first = feeds.subscribe(user)
    second = feeds.subscribe(user)

    def status(secret: str) -> int:
        return int(Client().get(reverse("agenda_feed", args=[secret])).status_code)

    assert (status(first), status(second), status("x")) == (404, 200, 404)
    user.is_active = False
    user.save()
    assert status(second) == 404
    user.is_active = True
    user.save()
    client_of(user).post(reverse("agenda_unsubscribe"))
    assert status(second) == 404


def test_what_was_cancelled_leaves_the_calendar(world: BranchWorld) -> None:
    told = make_notified(world)
    person = expected_account(told)
    Activity.objects.filter(pk=told.pk).update(state=ActivityState.CANCELLED)
    assert titles(client_of(person), told.held_on.year, told.held_on.month) == []
