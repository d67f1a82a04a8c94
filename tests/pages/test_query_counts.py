"""Public pages cost the same number of queries however many items they list."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from honors.models import ExcellentMemberPage, HonorIndexPage
from portal.pages.models import Publication
from portal.publishing import queue
from tests.factories.files import make_picture
from tests.factories.organizations import make_branch
from tests.factories.pages import make_activity_page, make_branch_page, make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]

COLD_ANONYMOUS = 8
WARM_ANONYMOUS = 1
SIGNED_IN = 10
FRONTS = [
    *("/", "/news/", "/branches/", "/honors/", "/union/", "/veterans/", "/notices/"),
    "/compilations/",
]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, path
    return len(captured)


def cold(client: Client, path: str) -> int:
    """Return the queries of a page that nothing but the process has seen before."""
    client.get(path)
    # Content types and sites stay with the process; pages and picture sizes do not.
    cache.clear()
    return queries(client, path)


def publish_many(count: int) -> None:
    for _number in range(count):
        make_news_page(live=True, audience="public")
    queue.flush()


@pytest.mark.parametrize("path", FRONTS)
def test_a_visitor_costs_at_most_eight_queries_cold_and_one_warm(path: str) -> None:
    publish_many(3)
    visitor = Client()
    assert cold(visitor, path) <= COLD_ANONYMOUS
    assert queries(visitor, path) == WARM_ANONYMOUS


@pytest.mark.parametrize("path", ["/", "/news/"])
def test_twenty_and_two_hundred_items_cost_the_same(path: str) -> None:
    publish_many(20)
    visitor = Client()
    few = cold(visitor, path)
    publish_many(30)
    Publication.objects.bulk_create(_copies(150))
    assert cold(visitor, path) == few


def _copies(count: int) -> list[Publication]:
    """Rows of lists for pages without a body: enough to see whether a list asks row by row."""
    from wagtail.models import Page

    last = Page.objects.order_by("-path").first()
    template = Publication.objects.of_kind("news").first()
    assert last is not None
    assert template is not None
    pages = Page.objects.bulk_create(
        Page(
            title=f"例会纪要{number}",
            slug=f"copy-{number}",
            path=f"0002{number:04d}",
            depth=2,
            live=True,
            url_path=f"/copy-{number}/",
            content_type=last.content_type,
            locale=last.locale,
        )
        for number in range(count)
    )
    return [
        Publication(
            page=page,
            kind="news",
            title=page.title,
            url_path=page.url_path,
            audience="public",
            business_date=datetime.date(2026, 1, 1),
            year=2026,
            published_at=template.published_at,
        )
        for page in pages
    ]


@pytest.mark.parametrize("path", FRONTS)
def test_signed_in_readers_cost_at_most_ten_queries(path: str) -> None:
    publish_many(3)
    client = Client()
    client.force_login(make_user("employee"))
    client.get(path)
    assert queries(client, path) <= SIGNED_IN


def test_an_article_with_pictures_costs_no_more_for_more_pictures(settings: Any) -> None:
    branch = make_branch_page(make_branch())
    few = make_activity_page(branch, live=True, body=_gallery(2))
    many = make_activity_page(branch, live=True, body=_gallery(6))
    queue.flush()
    client = Client()
    client.force_login(make_user("employee"))
    counts = []
    for page in (few, many):
        path = page.get_url()
        client.get(path)
        counts.append(queries(client, path))
    assert counts[0] == counts[1]
    assert counts[0] <= SIGNED_IN


def _gallery(count: int) -> Any:
    """A body with one gallery of so many pictures."""
    from portal.pages.blocks import StoryBlock

    value: Any = StoryBlock().to_python(
        [
            {
                "type": "gallery",
                "value": {
                    "title": "现场",
                    "pictures": [
                        {
                            "type": "item",
                            "value": {
                                "image": make_picture().pk,
                                "alternative_text": "巷道",
                                "caption": "",
                            },
                        }
                        for _number in range(count)
                    ],
                },
            }
        ]
    )
    return value


def test_the_honor_wall_costs_the_same_for_more_honors() -> None:
    visitor = Client()
    _honors(3)
    few = cold(visitor, "/honors/")
    _honors(12)
    assert cold(visitor, "/honors/") == few
    assert few <= COLD_ANONYMOUS


def _honors(count: int) -> None:
    index = HonorIndexPage.objects.get()
    for _number in range(count):
        index.refresh_from_db()
        index.add_child(
            instance=ExcellentMemberPage(
                title="优秀共产党员",
                member_name="杜文渊",
                year=2026,
                picture=make_picture(),
                audience="public",
            )
        )
    queue.flush()
