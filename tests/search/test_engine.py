"""The engine behind `search()` and `autocomplete()`: what is found, in which order."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.backends.base import SearchFieldError
from modelsearch.query import MATCH_ALL, Or, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from portal.pages.models import NewsPage, NoticePage, PortalDocument
from portal.search import matching, storage, structures
from portal.search.conditions import from_text
from portal.search.models import SearchChunk, SearchDocument, SearchPosting, order_key
from tests.search.conftest import Publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def titles(found: object) -> list[str]:
    return [page.title for page in found]  # type: ignore[attr-defined]


def test_the_portal_uses_this_engine() -> None:
    assert type(get_search_backend()).__module__ == "portal.search.backends"


def test_two_characters_find_title_and_body(publish: Publish) -> None:
    publish("公司黨委召開２０２６年黨建工作會議", "會議強調。工作要求，第 7 支部的张三同志发言。")
    publish("慰问困难职工", "党建工作。2026年，第17支部，食堂开放。")
    found = NewsPage.objects.all()
    assert set(titles(found.search("党建"))) == {
        "公司黨委召開２０２６年黨建工作會議",
        "慰问困难职工",
    }
    assert titles(found.search("张三")) == ["公司黨委召開２０２６年黨建工作會議"]
    assert titles(found.search("7支部")) == ["公司黨委召開２０２６年黨建工作會議"]
    assert titles(found.search("食堂 慰問")) == ["慰问困难职工"]
    assert titles(found.search("强调工作")) == []
    assert titles(found.search("慰")) == ["慰问困难职工"]
    assert titles(found.search("！！")) == []


def test_words_of_a_document_may_stand_in_different_pieces(publish: Publish) -> None:
    filler = "安全生产例会按月召开。" * 1_500
    publish("长文", f"开头有苓岫。{filler}结尾有砚棠。")
    assert SearchChunk.objects.filter(text__contains="安全").count() > 1
    assert titles(NewsPage.objects.search("苓岫 砚棠")) == ["长文"]
    assert titles(NewsPage.objects.search("苓岫砚棠")) == []


def test_a_phrase_at_the_very_end_of_a_long_body_is_found(publish: Publish) -> None:
    publish("极长", *(["今日学习党史教育读本若干页"] * 4_000), "独此一句澍岑")
    assert titles(NewsPage.objects.search("独此一句澍岑")) == ["极长"]
    assert titles(NewsPage.objects.search("党史教育读本")) == ["极长"]


def test_operators_and_combinations(publish: Publish) -> None:
    publish("党建简报")
    publish("慰问活动")
    found = NewsPage.objects.all()
    assert set(titles(found.search("党建 慰问", operator="or"))) == {"党建简报", "慰问活动"}
    assert titles(found.search("党建 慰问")) == []
    assert titles(found.search(PlainText("党建") & ~PlainText("慰问"))) == ["党建简报"]
    assert titles(found.search(~PlainText("党建"))) == ["慰问活动"]
    assert set(titles(found.search(Or([Phrase("党建简"), PlainText("问活")])))) == {
        "党建简报",
        "慰问活动",
    }
    assert len(found.search(MATCH_ALL)) == 2


def test_title_alone_can_be_searched(publish: Publish) -> None:
    publish("党建简报")
    publish("慰问活动", "党建")
    assert titles(NewsPage.objects.search("党建", fields=["title"])) == ["党建简报"]
    with pytest.raises(SearchFieldError):
        NewsPage.objects.search("党建", fields=["no_such_field"])


def test_autocomplete_takes_unfinished_latin_words_and_any_characters(publish: Publish) -> None:
    publish("Safety安全月", "只在正文的岫岚")
    assert titles(Page.objects.autocomplete("saf")) == ["Safety安全月"]
    assert titles(Page.objects.autocomplete("全月")) == ["Safety安全月"]
    assert titles(Page.objects.autocomplete("安")) == ["Safety安全月"]
    assert titles(Page.objects.autocomplete("岫岚")) == []
    assert titles(Page.objects.search("saf")) == []


def test_order_slices_counts_facets_and_scores(publish: Publish) -> None:
    publish("丙 党建", day="2025-01-01")
    publish("乙", "党建党建", day="2025-03-01")
    publish("甲", "提到党建一次，别的说了很多很多很多很多很多", day="2025-02-01")
    by_title = NewsPage.objects.order_by("title").search("党建", order_by_relevance=False)
    assert titles(by_title) == sorted(titles(by_title))
    assert by_title.count() == 3
    assert by_title[1:].count() == 2
    assert len(by_title[:2]) == 2
    assert by_title.facet("live") == {True: 3}
    scored = list(NewsPage.objects.search("党建").annotate_score("weight"))
    assert titles(scored) == ["丙 党建", "乙", "甲"]
    assert [page.weight for page in scored] == sorted(
        (page.weight for page in scored), reverse=True
    )


def test_any_filter_of_the_queryset_holds(publish: Publish) -> None:
    first = publish("党建一", day="2025-01-01")
    publish("党建二", day="2025-01-02")
    filtered = NewsPage.objects.filter(first_published_at__day=1, unit__isnull=True)
    assert titles(filtered.search("党建")) == [first.title]
    assert filtered.search("党建", order_by_relevance=False).count() == 1
    assert NoticePage.objects.search("党建").count() == 0
    assert Page.objects.type(NewsPage).search("党建").count() == 2


def test_hits_come_newest_first_whatever_the_order_of_writing(publish: Publish) -> None:
    for day in ("2025-06-01", "2019-01-01", "2026-02-03", "1931-09-18"):
        publish(f"党建 {day}", day=day)
    news = Page.objects.type(NewsPage)
    hits = matching.collect(Page, news, from_text("党建"), limit=None)
    found = Page.objects.in_bulk([hit.key for hit in hits])
    assert [found[hit.key].title[-10:] for hit in hits] == [
        "2026-02-03",
        "2025-06-01",
        "2019-01-01",
        "1931-09-18",
    ]
    assert (
        matching.collect(Page, Page.objects.type(NewsPage), from_text("党建"), limit=2) == hits[:2]
    )


def test_collecting_goes_on_behind_hidden_objects(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = publish("党建旧", day="2001-01-01")
    for _ in range(12):
        publish("党建新", day="2025-01-01")
    monkeypatch.setattr(matching, "_LARGEST_BATCH", 4)
    hits = matching.collect(Page, Page.objects.filter(pk=kept.pk), from_text("党建"), limit=1)
    assert [hit.key for hit in hits] == [kept.pk]
    assert (
        len(matching.collect(Page, Page.objects.type(NewsPage), from_text("党建"), limit=None))
        == 13
    )


def test_change_and_removal_reach_the_index(publish: Publish) -> None:
    page = publish("慰问活动")
    page.title = "改了标题"
    page.first_published_at = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    page.save()
    assert NewsPage.objects.search("慰问").count() == 0
    assert titles(NewsPage.objects.search("改了")) == ["改了标题"]
    document = SearchDocument.objects.get(object_id=str(page.pk))
    assert document.order_key == order_key(document.root_type, page.search_moment())
    Page.objects.get(pk=page.pk).delete()
    assert not SearchDocument.objects.filter(title="改了标题").exists()
    assert SearchPosting.objects.count() == SearchDocument.objects.count()
    assert_full_text_is_sound()


def assert_full_text_is_sound() -> None:
    if connection.vendor == "sqlite":
        table = structures.FULL_TEXT
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")


def test_an_unchanged_object_is_not_written_again(publish: Publish) -> None:
    page = NewsPage.objects.get(pk=publish("党建简报", "正文").pk)
    assert storage.write(NewsPage, [page]) == 0
    page.title = "新的"
    assert storage.write(NewsPage, [page]) == 1
    assert storage.write(Page, [Page.objects.get(pk=page.pk)]) == 0


@pytest.mark.django_db(transaction=True)
def test_update_index_writes_what_is_missing_and_removes_what_is_gone(publish: Publish) -> None:
    kept, gone = publish("党建留下"), publish("党建离开")
    backend = get_search_backend()
    NewsPage.objects.filter(pk=kept.pk).update(title="党建改名")
    document = SearchDocument.objects.get(object_id=str(gone.pk))
    document.object_id = "999999"
    document.save()
    gone.delete()
    call_command("update_index", verbosity=0)
    assert titles(NewsPage.objects.search("党建")) == ["党建改名"]
    assert not SearchDocument.objects.filter(object_id="999999").exists()
    backend.reset_indexes()
    assert NewsPage.objects.search("党建").count() == 0
    assert SearchChunk.objects.count() == 0
    call_command("update_index", verbosity=0)
    assert titles(NewsPage.objects.search("党建")) == ["党建改名"]
    assert_full_text_is_sound()


def test_names_of_files_are_found(db: None) -> None:
    PortalDocument.objects.create(
        title="2026年慰問名單.docx", file=ContentFile(b"PK", name="x.docx")
    )
    assert PortalDocument.objects.search("慰问名单").count() == 1
    assert PortalDocument.objects.autocomplete("名单").count() == 1


def test_odd_content_is_stored(publish: Publish) -> None:
    publish("怪字", "零宽\u200b字符 \x01\x02 ' \" \\ %% 𠀀𠀁 " + "x" * 3_000)
    assert titles(NewsPage.objects.search("零宽字符")) == ["怪字"]
    assert titles(NewsPage.objects.search("𠀀𠀁")) == ["怪字"]
    assert titles(NewsPage.objects.search("x" * 3_000)) == ["怪字"]
    for typed in ("'", '"', "\\", "%", "*", "怪字'", '"怪字"', "a:b", "(怪字", "NOT 怪字 OR"):
        NewsPage.objects.search(typed).count()
        list(NewsPage.objects.search(typed))
        list(Page.objects.autocomplete(typed))


def test_queries_do_not_grow_with_the_hits(publish: Publish) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(Page.objects.search("党建工作")[:10])
        return len(captured)

    publish("党建工作零")
    few = queries()
    for number in range(15):
        publish(f"党建工作{number}")
    assert queries() == few


@pytest.mark.postgresql
def test_the_planner_knows_no_frequent_words(db: None) -> None:
    """With statistics it would unpack every token set instead of using the index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(attstattarget, -1), attstorage FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = 'tokens'",
            [structures.POSTINGS],
        )
        assert cursor.fetchone() == (0, "e")
        cursor.execute("SELECT to_regclass(%s)", [structures.GIN_INDEX])
        assert cursor.fetchone()[0] is not None
