"""Published pages to search in."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from portal.pages.models import NewsIndexPage, NewsPage
from portal.publishing import queue

_numbers = itertools.count(1)

Publish = Callable[..., NewsPage]


@pytest.fixture
def publish(db: None) -> Publish:
    """Return a function that publishes a piece of news and returns its page."""

    def publish_news(title: str, *paragraphs: str, day: str = "", **values: Any) -> NewsPage:
        front = NewsIndexPage.objects.get()
        number = next(_numbers)
        moment = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(
            hours=number
        )
        if day:
            moment = datetime.datetime.fromisoformat(f"{day}T10:00:00+08:00")
        page = NewsPage(
            title=title,
            slug=f"news-{number}",
            body=[("text", f"<p>{paragraph}</p>") for paragraph in paragraphs],
            first_published_at=moment,
            **{"audience": "public", **values},
        )
        front.add_child(instance=page)
        if connection.in_atomic_block:
            queue.flush()
        return page

    return publish_news
