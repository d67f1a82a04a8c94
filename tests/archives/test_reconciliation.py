"""The reconciliation only reads, also while it compares contents."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from portal.archives.models import Record
from portal.archives.reconciliation import differences
from portal.pages.models import NewsPage, Publication
from tests.factories.organizations import make_branch
from tests.factories.pages import make_activity_page, make_branch_page, make_news_page

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_comparing_contents_writes_nothing_and_opens_no_transaction():
    page = make_news_page(title="甲", live=True)
    make_activity_page(make_branch_page(make_branch("采煤一队党支部")), live=True)
    Publication.objects.filter(pk=page.pk).update(title="乙")

    with CaptureQueriesContext(connection) as queries:
        assert list(differences()) == []

    # PostgreSQL declares the cursor from which long results are read; that is reading, too.
    reading = {"SELECT", "DECLARE"} if connection.vendor == "postgresql" else {"SELECT"}
    assert {query["sql"].split(None, 1)[0].upper() for query in queries} == reading
    assert Publication.objects.get(pk=page.pk).title == "乙"


def test_what_is_published_while_the_comparison_runs_is_no_difference():
    first, second = (make_news_page(title=title, live=True) for title in ("甲", "乙"))
    pages = sorted((first, second), key=lambda page: str(page.pk))

    def publish_the_other(position: int, total: int) -> None:
        if position < total and pages[1].title != "丙":
            pages[1].title = "丙"
            pages[1].save_revision().publish()

    assert list(differences(progress=publish_the_other)) == []


def test_progress_is_shown_on_standard_error():
    make_news_page(title="甲", live=True)
    errors = StringIO()
    call_command("archive_reconcile", stdout=StringIO(), stderr=errors)
    live = Page.objects.filter(live=True, depth__gt=1).count()
    assert f"{live} / {live}" in errors.getvalue()


def test_the_nightly_job_fails_when_something_differs_and_repairs_nothing(caplog):
    page = make_news_page(title="被直接改过的新闻", live=True)
    call_command("daily_jobs", "archive-reconcile", stdout=StringIO())
    NewsPage.objects.filter(pk=page.pk).update(summary="绕过系统改的")

    with pytest.raises(CommandError):
        call_command("daily_jobs", "archive-reconcile", stdout=StringIO())

    assert f"changed: page {page.pk} 被直接改过的新闻" in caplog.text
    assert Record.objects.filter(source_id=str(page.pk)).count() == 1
