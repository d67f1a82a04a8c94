"""The inbox and the list of what was not delivered, as their readers see them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.leases import WorkStatus
from portal.notifications.models import FailureReason, Message, Outbox
from portal.notifications.services import Recipient, notify, unread_count
from portal.roles.table import ROLES
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

INBOX, UNDELIVERED = "/notifications/", "/notifications/undelivered/"


def signed_in(*roles: str) -> tuple[Any, Client]:
    user = make_user(*roles)
    client = Client()
    client.force_login(user)
    return user, client


def tell(user: Any, count: int, url: str = "") -> list[Message]:
    for number in range(count):
        notify(
            "trial-plain",
            [Recipient(user=user)],
            {"title": f"第{number}篇"},
            event_key=f"{user.pk}:{number}",
            url=url,
        )
    return list(Message.objects.visible_to(user).order_by("pk"))


# ---- The inbox


def test_an_empty_inbox_says_so() -> None:
    _user, client = signed_in("employee")
    assert "还没有消息" in client.get(INBOX).content.decode()
    assert "没有未读消息" in client.get(INBOX, {"list": "unread"}).content.decode()


def test_everybody_reads_his_own_messages_and_no_others() -> None:
    (user, client), (other, _client) = signed_in("employee"), signed_in("employee")
    tell(user, 1)
    (foreign,) = tell(other, 2)[1:]
    page = client.get(INBOX).content.decode()
    assert "《第0篇》已发布。" in page
    assert "《第1篇》" not in page
    assert client.post(f"{INBOX}{foreign.pk}/open/").status_code == 404
    client.post(f"{INBOX}read-all/", {"up_to": foreign.pk + 5})
    assert unread_count(other) == 2


def test_a_visitor_is_sent_to_sign_in() -> None:
    response = Client().get(INBOX)
    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_opening_marks_as_read_and_leads_on() -> None:
    user, client = signed_in("employee")
    first, second = tell(user, 2, url="/workspace/")
    assert client.get(f"{INBOX}{first.pk}/open/").status_code == 405
    for _repetition in range(2):
        response = client.post(f"{INBOX}{first.pk}/open/")
        assert (response.status_code, response["Location"]) == (302, "/workspace/")
    assert unread_count(user) == 1
    page = client.get(INBOX, {"list": "unread"}).content.decode()
    assert "第1篇" in page
    assert "第0篇" not in page
    Message.objects.filter(pk=second.pk).update(url="")
    response = client.post(f"{INBOX}{second.pk}/open/", {"page": "3"})
    assert response["Location"] == f"{INBOX}?page=3"


def test_marking_all_leaves_what_came_meanwhile() -> None:
    user, client = signed_in("employee")
    tell(user, 25)
    up_to = client.get(INBOX, {"page": 2}).context["up_to"]
    notify("trial-plain", [Recipient(user=user)], {"title": "新"}, event_key="new")
    page = client.post(f"{INBOX}read-all/", {"up_to": up_to}, follow=True)
    assert "25条消息已标为已读" in page.content.decode()
    assert list(Message.objects.visible_to(user).unread().values_list("event_key")) == [("new",)]


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40])
def test_a_forged_form_marks_nothing(up_to: str) -> None:
    user, client = signed_in("employee")
    tell(user, 1)
    assert client.post(f"{INBOX}read-all/", {"up_to": up_to}).status_code == 302
    assert unread_count(user) == 1


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_two_hundred_messages_cost_no_more_than_twenty_and_come_in_pages() -> None:
    user, client = signed_in("employee")
    tell(user, 20)
    client.get(INBOX)
    few = queries(client, INBOX)
    Message.objects.bulk_create(
        Message(
            user=user,
            code="trial-plain",
            variables={"title": str(number)},
            event_key=f"more:{number}",
            created_at=timezone.now(),
        )
        for number in range(180)
    )
    assert queries(client, INBOX) == few
    assert len(client.get(INBOX).context["page_obj"]) == 20
    assert client.get(INBOX, {"page": "x"}).status_code == 200
    assert client.get(INBOX, {"page": "999"}).status_code == 200


def test_what_a_message_is_filled_with_is_escaped() -> None:
    user, client = signed_in("employee")
    notify(
        "trial-plain",
        [Recipient(user=user)],
        {"title": "<script>alert(1)</script>"},
        event_key="x",
    )
    assert "<script>alert" not in client.get(INBOX).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_header_follows_what_comes_and_what_is_read_at_once() -> None:
    user, client = signed_in("employee")
    assert "条未读</span>" not in client.get("/").content.decode()
    (first, *_others) = tell(user, 3)
    assert '<span class="badge">3<' in client.get("/").content.decode()
    client.get("/")
    client.post(f"{INBOX}{first.pk}/open/")
    assert '<span class="badge">2<' in client.get("/").content.decode()
    client.post(f"{INBOX}read-all/", {"up_to": first.pk + 2})
    assert "条未读</span>" not in client.get("/").content.decode()


# ---- Undelivered messages


def dead(count: int, channel: str = "sms") -> list[Outbox]:
    return [
        Outbox.objects.create(
            channel=channel,
            recipient=f"person:{number}",
            event_key=f"{channel}:{number}",
            address="13900000042",
            masked_address="139****0042",
            code="trial-correction",
            status=WorkStatus.DEAD,
            last_error=FailureReason.REFUSED,
            attempts=3,
            created_at=timezone.now() - datetime.timedelta(days=2),
            available_at=timezone.now(),
            finished_at=timezone.now(),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("role", [*ROLES])
def test_the_system_administrator_sees_it_and_nobody_else(role: str) -> None:
    _user, client = signed_in(role)
    expected = 200 if role == "system_administrator" else 403
    assert client.get(UNDELIVERED).status_code == expected
    expected = 302 if role == "system_administrator" else 403
    assert client.post(f"{UNDELIVERED}try-again/", {"channel": "sms"}).status_code == expected


def test_the_list_names_reason_and_masked_address_and_no_text() -> None:
    _user, client = signed_in("system_administrator")
    dead(1)
    page = client.get(UNDELIVERED).content.decode()
    assert "139****0042" in page
    assert "13900000042" not in page
    assert "对方拒收该地址" in page
    assert "请补正材料" in page
    assert "住房补贴" not in page


def test_one_or_a_whole_channel_is_sent_again() -> None:
    _user, client = signed_in("system_administrator")
    first, *_others = dead(3)
    (mail,) = dead(1, "email")
    page = client.post(f"{UNDELIVERED}try-again/", {"message": first.pk}, follow=True)
    assert "1条消息将重新发送" in page.content.decode()
    page = client.post(f"{UNDELIVERED}try-again/", {"message": first.pk}, follow=True)
    assert "没有需要重新发送的消息" in page.content.decode()
    client.post(f"{UNDELIVERED}try-again/", {"channel": "sms"})
    left = list(Outbox.objects.dead())
    assert left == [mail]
    first.refresh_from_db()
    assert (first.status, first.attempts, first.address) == (WorkStatus.WAITING, 0, "13900000042")
    for form in ({}, {"message": "x"}, {"message": "9" * 40}, {"channel": "x"}):
        assert client.post(f"{UNDELIVERED}try-again/", form).status_code == 302
    assert list(Outbox.objects.dead()) == [mail]


def test_two_hundred_dead_letters_cost_no_more_than_twenty() -> None:
    _user, client = signed_in("system_administrator")
    dead(20)
    client.get(UNDELIVERED)
    few = queries(client, UNDELIVERED)
    dead(180, "email")
    assert queries(client, UNDELIVERED) == few


def test_a_channel_that_is_down_is_shown_with_what_waits() -> None:
    _user, client = signed_in("system_administrator")
    dead(2)
    Outbox.objects.update(status=WorkStatus.WAITING, last_error=FailureReason.CHANNEL_DOWN)
    page = client.get(UNDELIVERED).content.decode()
    assert "2条等待发送" in page
    assert "服务器没有响应" in page


def test_what_was_not_delivered_is_a_task_of_the_system_administrator_alone() -> None:
    dead(3)
    dead(2, "email")
    _user, client = signed_in("system_administrator")
    page = client.get("/workspace/").content.decode()
    assert "短信：3条消息未送达" in page
    assert "电子邮件：2条消息未送达" in page
    _user, other = signed_in("security_administrator")
    assert "未送达" not in other.get("/workspace/").content.decode()
