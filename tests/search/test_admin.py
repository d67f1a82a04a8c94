"""The Wagtail admin searches with the same engine: explorer, choosers, search page, lists."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.pages.models import NewsIndexPage
from tests.factories.people import make_user
from tests.search.conftest import Publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(make_user(is_superuser=True))
    return client


def found(client: Client, address: str, words: str, parameter: str = "q") -> str:
    answer = client.get(address, {parameter: words})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("words", ["慰问", "慰問", "慰", "老职工"])
def test_pages_are_found_everywhere(administrator: Client, publish: Publish, words: str) -> None:
    publish("慰问老职工")
    publish("无关的一篇")
    front = NewsIndexPage.objects.get()
    for address in (
        "/admin/pages/search/",
        "/admin/pages/search/results/",
        f"/admin/pages/{front.pk}/",
        f"/admin/pages/{front.pk}/results/",
        "/admin/choose-page/search/",
    ):
        page = found(administrator, address, words)
        assert "慰问老职工" in page, address
        assert "无关的一篇" not in page, address


@pytest.mark.parametrize(
    "address",
    [
        "/admin/images/",
        "/admin/images/chooser/results/",
        "/admin/documents/",
        "/admin/documents/chooser/results/",
        "/admin/media/",
    ],
)
@pytest.mark.parametrize("words", ["慰问", "慰", "abc", "'\"%_*", "。"])
def test_other_lists_answer(administrator: Client, address: str, words: str) -> None:
    found(administrator, address, words)
