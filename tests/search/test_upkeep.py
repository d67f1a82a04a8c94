"""The index learns every night what changed behind its back."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from wagtail.search.backends import get_search_backend

from portal.pages.models import NewsPage
from tests.factories.pages import make_news_page

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def found(words: str) -> list[int]:
    """Keys of the news that a search finds."""
    return [page.pk for page in get_search_backend().search(words, NewsPage.objects.all())]


def test_the_daily_job_indexes_what_was_changed_without_being_saved():
    page = make_news_page(title="井下通风系统改造", live=True)
    NewsPage.objects.filter(pk=page.pk).update(title="主井提升机更换")
    assert (found("通风"), found("提升机")) == ([page.pk], [])
    call_command("daily_jobs", "search-index", stdout=StringIO())
    assert (found("通风"), found("提升机")) == ([], [page.pk])
