"""Telling people something: rows in the transaction, once for each person and way."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.notifications.messages import UnknownMessage
from portal.notifications.models import Message, Outbox
from portal.notifications.services import Recipient, notify, unread_count
from portal.notifications.variables import WrongValues
from tests.factories.people import make_person, make_user
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DAY = datetime.date(2026, 11, 30)
CORRECTION = {"item": "住房补贴", "number": "YJ-2026-0001234", "due_on": DAY, "days": 5}
PHONE = "13900000042"


def outgoing() -> list[tuple[str, str]]:
    return sorted(Outbox.objects.values_list("channel", "masked_address"))


def test_an_account_is_told_in_the_portal_by_mail_and_by_phone() -> None:
    user = make_user(person=make_person(phone=PHONE))
    user.email = "tian@example.com"
    user.save()
    notify("trial-correction", [Recipient(user=user)], CORRECTION, event_key="case:1:2", url="/a/")

    message = Message.objects.get()
    assert (message.user_id, message.url, message.read_at) == (user.pk, "/a/", None)
    assert message.words.title == "请补正材料"
    assert (
        message.words.text == "您的住房补贴（YJ-2026-0001234）需要补正，请在2026年11月30日前完成。"
    )
    assert outgoing() == [("email", "t***@example.com"), ("sms", "139****0042")]
    assert unread_count(user) == 1


def test_a_person_without_an_account_is_told_by_phone_only() -> None:
    notify(
        "trial-correction",
        [Recipient(person=make_person(phone=PHONE))],
        CORRECTION,
        event_key="case:1:2",
    )
    assert not Message.objects.exists()
    assert outgoing() == [("sms", "139****0042")]


def test_a_message_without_a_template_sends_no_sms() -> None:
    user = make_user(person=make_person(phone=PHONE))
    notify("trial-plain", [Recipient(user=user)], {"title": "x"}, event_key="page:1")
    assert outgoing() == []


def test_the_same_human_in_every_guise_and_every_repetition_is_told_once() -> None:
    user = make_user(person=make_person(phone=PHONE))
    guises = [
        Recipient(user=user),
        Recipient(person=user.person),
        Recipient(user=user, person=user.person),
        Recipient(person=user.person, phone=PHONE),
    ]
    for _repetition in range(3):
        notify("trial-correction", guises, CORRECTION, event_key="case:1:2")
    assert Message.objects.count() == 1
    assert outgoing() == [("sms", "139****0042")]
    notify("trial-correction", guises, CORRECTION, event_key="case:1:3")
    assert Message.objects.count() == 2


def test_addresses_alone_are_told_once_too() -> None:
    for _repetition in range(2):
        notify(
            "trial-correction",
            [Recipient(phone=PHONE), Recipient(email="a@example.com"), Recipient()],
            CORRECTION,
            event_key="case:1:2",
        )
    assert outgoing() == [("email", "a***@example.com"), ("sms", "139****0042")]


def test_a_closed_account_gets_nothing_and_its_person_is_still_reached() -> None:
    user = make_user(person=make_person(phone=PHONE))
    user.email, user.is_active = "tian@example.com", False
    user.save()
    notify("trial-correction", [Recipient(user=user)], CORRECTION, event_key="case:1:2")
    assert not Message.objects.exists()
    assert outgoing() == [("sms", "139****0042")]


def test_what_is_rolled_back_tells_nobody() -> None:
    user = make_user(person=make_person(phone=PHONE))
    with pytest.raises(RuntimeError), transaction.atomic():
        notify("trial-correction", [Recipient(user=user)], CORRECTION, event_key="case:1:2")
        raise RuntimeError
    assert not Message.objects.exists()
    assert not Outbox.objects.exists()


def test_channels_are_switched_by_the_setting(settings: Any) -> None:
    user = make_user(person=make_person(phone=PHONE))
    settings.NOTIFICATION_CHANNELS = ["in-site"]
    notify("trial-correction", [Recipient(user=user)], CORRECTION, event_key="case:1:2")
    assert Message.objects.count() == 1
    assert outgoing() == []
    settings.NOTIFICATION_CHANNELS = ["sms"]
    notify("trial-correction", [Recipient(user=user)], CORRECTION, event_key="case:1:3")
    assert Message.objects.count() == 1
    assert outgoing() == [("sms", "139****0042")]


@pytest.mark.parametrize(
    ("at", "from_"),
    [
        ("2026-11-20 03:10", "2026-11-20 08:00"),
        ("2026-11-20 08:00", "2026-11-20 08:00"),
        ("2026-11-20 20:59", "2026-11-20 20:59"),
        ("2026-11-20 21:00", "2026-11-21 08:00"),
        ("2026-12-31 23:59", "2027-01-01 08:00"),
    ],
)
def test_no_sms_wakes_anybody_at_night(time_machine: Any, at: str, from_: str) -> None:
    time_machine.move_to(f"{at}+08:00", tick=False)
    notify("trial-correction", [Recipient(phone=PHONE)], CORRECTION, event_key="case:1:2")
    available = timezone.localtime(Outbox.objects.get().available_at)
    assert f"{available:%Y-%m-%d %H:%M}" == from_


def test_an_address_is_sealed_in_the_row() -> None:
    notify("trial-correction", [Recipient(phone=PHONE)], CORRECTION, event_key="case:1:2")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notifications_outbox")
        row = str(cursor.fetchall())
    assert PHONE not in row
    assert Outbox.objects.get().address == PHONE
    assert PHONE not in repr(Outbox.objects.get())
    assert PHONE not in repr(Recipient(phone=PHONE))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "unknown"}, UnknownMessage),
        ({"variables": {}}, WrongValues),
        ({"event_key": ""}, ValueError),
        ({"event_key": "x" * 201}, ValueError),
        ({"url": "https://evil.test/"}, ValueError),
        ({"url": "//evil.test/"}, ValueError),
        ({"url": f"/{'x' * 300}"}, ValueError),
    ],
)
def test_what_cannot_be_told_is_refused_loudly(changes: Any, error: type[Exception]) -> None:
    given: Any = {"code": "trial-correction", "variables": CORRECTION, "event_key": "x", **changes}
    with pytest.raises(error):
        notify(given.pop("code"), [Recipient(phone=PHONE)], given.pop("variables"), **given)


def queries(count: int, event_key: str) -> int:
    people = [Recipient(person=make_person()) for _number in range(count)]
    with CaptureQueriesContext(connection) as captured:
        notify("trial-correction", people, CORRECTION, event_key=event_key)
    return len(captured)


def test_two_hundred_people_cost_no_query_each() -> None:
    few, many = queries(20, "a"), queries(200, "b")
    # SQLite takes so many values in one statement and no more, so the rows come in parts.
    assert many == few if connection.features.max_query_params is None else many <= few + 5


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_the_same_at_once_tell_it_once() -> None:
    user = make_user(person=make_person(phone=PHONE))

    def tell() -> None:
        for number in range(5):
            notify("trial-correction", [Recipient(user=user)], CORRECTION, event_key=str(number))

    assert failures(together(*[tell] * 4)) == []
    assert Message.objects.count() == 5
    assert Outbox.objects.count() == 5
