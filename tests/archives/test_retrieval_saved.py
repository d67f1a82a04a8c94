"""Saved searches belong to their owner and hold conditions only."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from portal.archives.models import SavedSearch
from portal.archives.models.retrieval import MAX_SEARCH_QUERY
from portal.archives.retrieval import saved
from portal.archives.retrieval.forms import RetrievalForm
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def user() -> Any:
    return make_user("archivist")


def keep(user: Any, name: str = "待接收", query: str = "kind=news") -> SavedSearch:
    search = saved.save(user, name, query)
    assert search is not None
    return search


def test_a_search_is_saved_opened_renamed_and_deleted_after_a_question(user):
    client = signed_in(user)
    query = "kind=news&year_from=2026&order=oldest"

    response: Any = client.post(
        reverse("archive_search_save"), {"name": "近年新闻", "query": query}
    )

    assert response.url == reverse("archive_searches")
    search = SavedSearch.objects.get(owner=user)
    assert search.query == "year_from=2026&kind=news&order=oldest"
    page = client.get(reverse("archive_searches")).content.decode()
    assert "近年新闻" in page
    opened = client.get(f"{reverse('archive_records')}?{search.query}")
    assert opened.context["form"].conditions.kind == "news"

    rename = reverse("archive_search_rename", args=[search.pk])
    assert "近年新闻" in client.get(rename).content.decode()
    assert client.post(rename, {"name": "新闻"}).status_code == 302
    delete = reverse("archive_search_delete", args=[search.pk])
    question = client.get(delete)
    assert "确定删除保存的检索“新闻”吗？" in question.content.decode()
    assert SavedSearch.objects.filter(pk=search.pk, name="新闻").exists()
    assert client.post(delete).status_code == 302
    assert not SavedSearch.objects.exists()


def test_nothing_but_conditions_is_saved(user):
    query = "q=安全&page=3&csrfmiddlewaretoken=abc&next=//evil.test&person=&late=1&zz=1"

    search = keep(user, query=query)

    assert search.query == "q=%E5%AE%89%E5%85%A8&late=1"


def test_conditions_too_long_for_the_column_are_refused_in_words(user):
    """The fields of the form together take more, because each Chinese sign is nine in an address.

    SQLite does not look at the length of a text, PostgreSQL refuses it.
    """
    query = QueryDict(mutable=True)
    for name in ("q", "title", "code", "number", "person"):
        field: Any = RetrievalForm.base_fields[name]
        query[name] = "长" * (field.max_length or 60)
    sent = {"name": "长", "query": query.urlencode()}
    form = RetrievalForm(QueryDict(query.urlencode()))
    assert form.is_valid() and len(form.query()) > MAX_SEARCH_QUERY
    response = signed_in(user).post(reverse("archive_search_save"), sent)
    assert response.status_code == 422
    assert "太长" in response.content.decode()
    assert not SavedSearch.objects.exists()


def test_only_the_owner_sees_and_changes_a_search(user):
    search = keep(user, "我的检索")
    other = signed_in(make_user("archivist"))

    assert "我的检索" not in other.get(reverse("archive_searches")).content.decode()
    for name in ("archive_search_rename", "archive_search_delete"):
        address = reverse(name, args=[search.pk])
        assert other.get(address).status_code == 404
        assert other.post(address, {"name": "x"}).status_code == 404
    search.refresh_from_db()
    assert search.name == "我的检索"


def test_a_search_that_is_opened_shows_what_its_reader_may_see(user):
    """Conditions hold no results: a role that is gone shows nothing, however old the search."""
    search = keep(user, query="kind=home")
    employee = make_user("employee")
    response = signed_in(employee).get(f"{reverse('archive_records')}?{search.query}")
    assert response.context["total"].value == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "此项为必填项"), (" \t", "必填"), ("长" * 61, "60"), ("待接收", "同名")],
)
def test_a_bad_name_is_said_beside_the_field_and_kept(user, name, words):
    keep(user)

    response = signed_in(user).post(
        reverse("archive_search_save"), {"name": name, "query": "kind=news"}
    )

    assert response.status_code == 200
    html = response.content.decode()
    assert words in html
    assert "kind=news" in html
    assert name.strip() in html
    assert SavedSearch.objects.count() == 1


@pytest.mark.parametrize("query", ["", "page=2", "kind=zz", "year_from=x", "\x00"])
def test_conditions_that_are_none_are_not_saved(user, query):
    response = signed_in(user).post(reverse("archive_search_save"), {"name": "空", "query": query})

    assert response.status_code == 422
    assert not SavedSearch.objects.exists()


def test_renaming_to_a_name_in_use_is_refused(user):
    keep(user, "甲")
    second = keep(user, "乙")

    response = signed_in(user).post(
        reverse("archive_search_rename", args=[second.pk]), {"name": "甲"}
    )

    assert response.status_code == 200
    assert "您已有同名的检索" in response.content.decode()
    second.refresh_from_db()
    assert second.name == "乙"


def test_the_list_is_paged_and_the_number_limited(user, monkeypatch):
    monkeypatch.setattr(saved, "MOST_SEARCHES", 25)
    for number in range(25):
        keep(user, f"检索{number:02d}")
    client = signed_in(user)

    assert len(client.get(reverse("archive_searches")).context["page_obj"].object_list) == 20
    response = client.post(reverse("archive_search_save"), {"name": "多", "query": "kind=news"})
    assert response.status_code == 422
    assert "请先删除一个" in response.content.decode()


def test_saving_needs_a_post(user):
    assert signed_in(user).get(reverse("archive_search_save")).status_code == 405
