"""What one person saw at a shared computer is gone when the next one sits down."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
FORM = "/admin/pages/add/pages/newspage/3/"


@pytest.fixture
def reader(client: Client, settings: Settings) -> Client:
    settings.SESSION_IDLE_MINUTES = 30
    with time_machine.travel(NOON, tick=False):
        client.force_login(make_user("party_staff"))
    return client


def status_after(reader: Client, minutes: float, address: str = "/workspace/") -> int:
    """Ask for a page so many minutes after the sign-in."""
    with time_machine.travel(NOON + datetime.timedelta(minutes=minutes), tick=False):
        return reader.get(address).status_code


def test_who_does_nothing_is_signed_out_and_told(reader: Client) -> None:
    assert status_after(reader, 29) == 200
    assert status_after(reader, 58) == 200
    assert status_after(reader, 89) == 302
    answer = reader.get(reverse("account_login"))
    assert "30 分钟没有操作" in answer.content.decode()
    assert "_auth_user_id" not in reader.session


def test_what_was_typed_meanwhile_is_kept(reader: Client) -> None:
    with time_machine.travel(NOON + datetime.timedelta(minutes=31), tick=False):
        answer = reader.post(FORM, {"title": "写了很久的一篇稿子"})
    assert answer.status_code == 409
    assert "登录已过期" in answer.content.decode()


def test_an_editor_that_lies_open_is_no_use(reader: Client) -> None:
    for minute in range(1, 32):
        status_after(reader, minute, "/admin/editing-sessions/")
    assert status_after(reader, 32) == 302


def test_the_setting_switches_it_off(reader: Client, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 0
    assert status_after(reader, 11 * 60) == 200


@pytest.mark.parametrize("address", ["/", "/workspace/", "/admin/", "/account/sessions/"])
def test_no_browser_keeps_what_a_person_saw(client: Client, address: str) -> None:
    client.force_login(make_user("party_staff"))
    answer = client.get(address)
    assert answer.status_code == 200
    assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(","))


def test_visitors_may_go_back_and_files_keep_their_own_time(client: Client) -> None:
    assert "no-store" not in client.get("/").get("Cache-Control", "")
    assert client.get("/")["content-type"].startswith("text/html")
