"""Site search: who finds what, in which order, how it is counted and quoted."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.search import queries
from portal.search.excerpts import excerpt, marked, marking_pattern, spans
from portal.search.queries import RELEVANCE, Results, search, shown
from portal.search.text import clean, stretches
from tests.factories.organizations import make_unit
from tests.factories.people import make_user
from tests.search.conftest import Publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]
VISITOR = AnonymousUser()


def titles(results: Results) -> list[str]:
    return [row.title for row in shown(results, results.hits)]


def test_newest_first_with_marked_title_and_context(publish: Publish) -> None:
    publish("旧的一篇", "会后全体人员慰问了困难职工。", day="2024-01-05")
    publish("慰問老職工", "别的。", day="2025-01-05")
    results = search("慰问", VISITOR)
    rows = shown(results, results.hits)
    assert [row.title for row in rows] == ["慰問老職工", "旧的一篇"]
    assert rows[0].highlighted_title == "<mark>慰問</mark>老職工"
    assert rows[1].snippet == "会后全体人员<mark>慰问</mark>了困难职工。"
    assert rows[1].url and rows[1].kind == "news"


def test_relevance_puts_titles_before_mentions(publish: Publish) -> None:
    publish("党建专题", "正文", day="2020-01-01")
    publish("其他", "说到党建一次", day="2026-01-01")
    assert titles(search("党建", VISITOR)) == ["其他", "党建专题"]
    assert titles(search("党建", VISITOR, order=RELEVANCE)) == ["党建专题", "其他"]


def test_only_what_the_account_may_read_is_found(publish: Publish) -> None:
    own, other = make_unit("administrative"), make_unit("administrative")
    publish("公开的慰问")
    publish("员工的慰问", audience="employees")
    publish("本单位的慰问", audience="unit", unit=own)
    publish("外单位的慰问", audience="unit", unit=other)
    employee = make_user(unit=own)
    assert set(titles(search("慰问", VISITOR))) == {"公开的慰问"}
    assert set(titles(search("慰问", employee))) == {"公开的慰问", "员工的慰问", "本单位的慰问"}


def test_filters_narrow_down(publish: Publish) -> None:
    unit = make_unit("administrative")
    publish("慰问一", day="2024-05-01")
    publish("慰问二", day="2025-05-01", unit=unit)
    assert titles(search("慰问", VISITOR, year=2024)) == ["慰问一"]
    assert titles(search("慰问", VISITOR, unit=unit)) == ["慰问二"]
    assert titles(search("慰问", VISITOR, kind="news")) == ["慰问二", "慰问一"]
    assert titles(search("慰问", VISITOR, kind="notice")) == []


def test_what_went_offline_is_not_found(publish: Publish) -> None:
    page = publish("慰问")
    page.unpublish()
    from portal.publishing import queue

    queue.flush()
    assert titles(search("慰问", VISITOR)) == []


def test_a_draft_over_a_live_page_is_not_found(publish: Publish) -> None:
    page = publish("慰问活动")
    page.title = "尚未审核的标题"
    page.save_revision()
    assert titles(search("尚未审核", VISITOR)) == []
    assert titles(search("慰问", VISITOR)) == ["慰问活动"]


def test_counts_are_exact_up_to_the_limit(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COUNT_LIMIT", 3)
    for number in range(3):
        publish(f"慰问{number}")
    assert str(search("慰问", VISITOR).count) == "3"
    publish("慰问四")
    results = search("慰问", VISITOR)
    assert (str(results.count), results.count.more) == ("3+", True)
    assert results.paginator.count == 3


def test_queries_are_the_same_for_few_and_many_hits(publish: Publish) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            results = search("慰问活动", VISITOR)
            shown(results, results.hits[: queries.PAGE_SIZE])
        return len(captured)

    publish("慰问活动")
    few = count()
    for number in range(25):
        publish(f"慰问活动{number}", "正文" * number)
    assert count() == few
    assert few <= 4


@pytest.mark.parametrize(
    ("original", "typed", "expected"),
    [
        ("公司黨委召開", "党委", "公司<mark>黨委</mark>召開"),
        ("２０２６年", "2026", "<mark>２０２６</mark>年"),
        ("2026 年会", "2026年", "<mark>2026 年</mark>会"),
        ("第17支部和第7支部", "7支部", "第17支部和第<mark>7支部</mark>"),
        (
            "<b>党建</b> & 党建",
            "党建",
            "&lt;b&gt;<mark>党建</mark>&lt;/b&gt; &amp; <mark>党建</mark>",
        ),
        ("面积㎡，党\u200b建", "党建 m2", "面积<mark>㎡</mark>，<mark>党\u200b建</mark>"),
        ("Party PARTY parties", "party", "<mark>Party</mark> <mark>PARTY</mark> parties"),
        ("无关", "党建", "无关"),
    ],
)
def test_marks_show_the_author_s_own_writing(original: str, typed: str, expected: str) -> None:
    assert marked(original, marking_pattern(stretches(typed))) == expected


def test_excerpts_begin_with_the_sentence_and_are_cut() -> None:
    body = clean("前文很长" * 30 + "。这一句里有慰问二字，" + "后文也长" * 60)
    found = excerpt(body, marking_pattern(stretches("慰问")))
    assert found is not None
    assert found.startswith("这一句里有<mark>慰问</mark>二字")
    assert found.endswith("…")
    assert len(found) < 200
    assert excerpt("没有", marking_pattern(stretches("慰问"))) is None
    assert spans("随便", None) == []
