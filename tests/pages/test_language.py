"""Chinese first, English by choice."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


def language_of(client: Client, address: str = "/") -> str:
    content = client.get(address, headers={"accept-language": "en-US,en;q=0.9"}).content.decode()
    return content.partition('<html lang="')[2].partition('"')[0]


def test_an_english_browser_is_answered_in_chinese(client: Client) -> None:
    assert language_of(client).lower().startswith("zh-hans")


def test_english_by_choice_and_back(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert language_of(client) == "en"
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert language_of(client).lower().startswith("zh-hans")


def test_an_unknown_language_is_answered_in_chinese(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert language_of(client).lower().startswith("zh-hans")
