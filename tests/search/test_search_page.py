"""The search page answers whatever the address holds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.search.conftest import Publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_page_lists_hits_in_context(client: Client, publish: Publish) -> None:
    publish("慰问老职工", "春节前慰问了退休职工。")
    answer = client.get("/search/", {"q": "慰問"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<mark>慰问</mark>老职工" in page
    assert "春节前<mark>慰问</mark>了退休职工" in page
    assert page.count("<h1") == 1


def test_without_words_the_page_asks_for_some(client: Client, db: None) -> None:
    answer = client.get("/search/")
    assert answer.status_code == 200
    assert "要查找什么" in answer.content.decode() or answer.context["query"] == ""


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ({"q": "党" * 101}, "过长"),
        ({"q": "。。！"}, "符号"),
        ({"q": "党建", "kind": "nonsense"}, "nonsense"),
        ({"q": "党建", "unit": "没有"}, "没有"),
        ({"q": "党建", "year": "二〇二六"}, "二〇二六"),
        ({"q": "党建", "year": "99999"}, "99999"),
        ({"q": "党建", "order": "random"}, "random"),
        ({"q": "党建", "page": "x"}, "页"),
        ({"q": "党建", "page": "0"}, "页"),
        ({"q": "党建", "page": "-1"}, "页"),
        ({"q": "党建", "page": "999999999999999999999"}, "页"),
        ({"q": "党建", "page": "٣"}, "页"),
    ],
)
def test_what_is_not_understood_is_said_in_chinese(
    client: Client, db: None, address: dict[str, str], problem: str
) -> None:
    answer = client.get("/search/", address)
    assert answer.status_code == 200
    problems = answer.context["filter_problems"]
    assert any(problem in sentence for sentence in problems), problems
    assert all(not sentence.isascii() for sentence in problems)
    assert answer.context["filters"]["q"] == address["q"][:100]


@pytest.mark.parametrize(
    "typed",
    [
        "\x00党建",
        "党建\x1b[2J\u202e",
        "\ud800",
        "'; DROP TABLE pages; --",
        '" OR 1=1',
        "<script>alert(1)</script>",
        "%%__\\",
        "NEAR(党建 会议)",
        "党建*",
        "党" * 100,
        " ".join("党建工作会议学习安全生产慰问职工") * 3,
        "🀄党建",
    ],
)
def test_odd_words_never_break_the_page(client: Client, publish: Publish, typed: str) -> None:
    publish("党建工作")
    for order in ("newest", "relevance"):
        parameters = {"q": typed.encode("utf-8", "surrogatepass"), "order": order}
        answer = client.get("/search/", parameters)
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


def test_post_is_refused(client: Client, db: None) -> None:
    assert client.post("/search/", {"q": "党建"}).status_code == 405


def test_the_second_page_goes_on(client: Client, publish: Publish) -> None:
    for number in range(21):
        publish(f"慰问{number:02d}", day="2025-01-01")
    first = client.get("/search/", {"q": "慰问"})
    second = client.get("/search/", {"q": "慰问", "page": "2"})
    assert len(first.context["results"].object_list) == 20
    assert len(second.context["results"].object_list) == 1
    shown = {row.title for row in first.context["results"].object_list}
    assert second.context["results"].object_list[0].title not in shown


def test_queries_of_the_page_do_not_grow(client: Client, publish: Publish) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "慰问活动"})
        return len(captured)

    publish("慰问活动")
    count()
    few = count()
    for number in range(25):
        publish(f"慰问活动{number}")
    assert count() == few
    assert few <= 8
