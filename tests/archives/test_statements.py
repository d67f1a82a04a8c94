"""Statements composed once give what ordinary querysets give, for any value, at any time."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from portal.archives.models import Record
from portal.archives.statements import FixedInsert, FixedRead, NotFixed
from portal.pages.models import NewsPage, Publication
from portal.people.models import User
from tests.factories.files import make_document, make_picture
from tests.factories.pages import change_draft, make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

# A fixed capture: type and page, list row, pictures and documents, revision and accounts, the
# newest record and ledger entry, five inserts; on PostgreSQL two, and the chain lock.
CAPTURE_STATEMENTS = {"sqlite": 14, "postgresql": 12}


def test_rows_are_those_of_the_queryset_whatever_the_values():
    pages = [make_news_page(title=f"第{number}期简报", live=True) for number in range(3)]
    build = lambda key, kind: Record.objects.of_source(kind, key)  # noqa: E731
    values = ("pk", "title", "captured_at", "business_date", "late")
    whole = FixedRead(build, str, str)
    parts = FixedRead(lambda key, kind: build(key, kind).values_list(*values), str, str)
    for page in [*pages, *reversed(pages)]:
        expected = build(str(page.pk), "page")
        assert whole.rows(str(page.pk), "page") == list(expected)
        assert parts.rows(str(page.pk), "page") == list(expected.values_list(*values))
    assert whole.rows(str(pages[0].pk), "case") == []
    assert whole.first(str(pages[0].pk), "case") is None


def test_related_rows_come_along_and_nothing_is_remembered():
    make_user("party_staff")
    read = FixedRead(lambda key: User.objects.filter(pk=key).select_related("person"), int)
    account = User.objects.get()
    with CaptureQueriesContext(connection) as queries:
        assert read.first(account.pk).person == account.person
    assert len(queries) == 1
    User.objects.update(first_name="后来改的")
    assert read.first(account.pk).first_name == "后来改的"


def test_a_page_of_several_tables_is_read_whole():
    page = make_news_page(title="安全生产月启动", live=True)
    pages = NewsPage.objects.select_related("unit").order_by()
    found = FixedRead(lambda key: pages.filter(pk=key), int).first(page.pk)
    stored = NewsPage.objects.get(pk=page.pk)
    assert type(found) is NewsPage
    names = [field.attname for field in NewsPage._meta.concrete_fields if field.name != "body"]
    assert {name: getattr(found, name) for name in names} == {
        name: getattr(stored, name) for name in names
    }
    assert list(found.body.raw_data) == list(stored.body.raw_data)


@pytest.mark.parametrize("key", [2**31, -(2**40), 2**63, 10**30])
def test_a_number_that_no_column_holds_finds_nothing(key):
    assert FixedRead(lambda key: User.objects.filter(pk=key), int).rows(key) == []
    assert FixedRead(lambda key: Page.objects.filter(pk=key), int).rows(key) == []


def test_what_is_not_of_one_shape_is_refused():
    without: Any = FixedRead(lambda key: User.objects.all(), int)
    with pytest.raises(NotFixed):
        without.rows(1)
    prefetching = FixedRead(lambda key: User.objects.filter(pk=key).prefetch_related("groups"), int)
    with pytest.raises(NotFixed):
        prefetching.rows(1)


def test_an_insert_replaces_what_it_may_replace():
    page = make_news_page(title="旧题目", live=True)
    row = Publication.objects.get(page_id=page.pk)
    row.title, row.kind, row.valid_to = "新题目", "notice", datetime.date(2027, 1, 31)
    FixedInsert(Publication, replacing=["title", "valid_to"]).write([row])
    stored = Publication.objects.get(page_id=page.pk)
    assert (stored.title, stored.kind, stored.valid_to) == ("新题目", "news", row.valid_to)
    FixedInsert(Publication).write([])


def test_a_capture_costs_a_known_number_of_statements():
    block = {"title": "", "attachments": [{"document": make_document()}]}
    page = make_news_page(make_user("party_staff"), picture=make_picture())
    revision = change_draft(page, page.owner, body=[("attachments", block)])
    with CaptureQueriesContext(connection) as queries:
        revision.publish()
    statements = [query["sql"] for query in queries.captured_queries]
    logged = max(n for n, sql in enumerate(statements) if "wagtailcore_pagelogentry" in sql)
    capture = [sql for sql in statements[logged + 1 :] if sql != "COMMIT"]
    assert Page.objects.get(pk=page.pk).live
    assert len(capture) <= CAPTURE_STATEMENTS[connection.vendor], "\n".join(capture)
