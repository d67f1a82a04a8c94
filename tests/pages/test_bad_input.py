"""Bad input gets a Chinese sentence beside the field, and what was typed is still there."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from branches.models import ActivityPage
from portal.pages.models import PortalImage
from tests.factories.organizations import make_branch
from tests.factories.pages import make_branch_page, make_news_page
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

TYPED_PLACE = "二采区候车硐室"


@pytest.fixture
def branch_page() -> Any:
    return make_branch_page(make_branch())


@pytest.fixture
def editor(branch_page: Any) -> Client:
    client = Client()
    client.force_login(make_user("organization_member", unit=branch_page.branch))
    return client


def form(**changes: Any) -> dict[str, Any]:
    """The editor's form of an activity, filled in well but for the changes."""
    data = {
        "title": "采煤一队党支部召开支部党员大会",
        "slug": "",
        "activity_kind": "general-meeting",
        "held_on": "2026-11-20",
        "place": TYPED_PLACE,
        "host_name": "",
        "recorder_name": "",
        "summary": "",
        "picture": "",
        "audience": "employees",
        "go_live_at": "",
        "expire_at": "",
        "body": streamfield([("text", rich_text("<p>会议内容。</p>"))]),
        "comments": {
            "TOTAL_FORMS": "0",
            "INITIAL_FORMS": "0",
            "MIN_NUM_FORMS": "0",
            "MAX_NUM_FORMS": "",
        },
        "action-submit": "1",
    }
    return dict(nested_form_data({**data, **changes}))


def post(editor: Client, branch_page: Any, **changes: Any) -> Any:
    address = reverse("wagtailadmin_pages:add", args=["branches", "activitypage", branch_page.pk])
    return editor.post(address, form(**changes), headers={"accept-language": "zh-CN"})


def test_a_good_form_is_accepted(editor: Client, branch_page: Any) -> None:
    assert post(editor, branch_page).status_code == 302
    assert ActivityPage.objects.get().title == "采煤一队党支部召开支部党员大会"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "长" * 300}, "255"),
        ({"title": "看不见\u200b的字符"}, "控制字符"),
        ({"title": ""}, "此项"),
        ({"held_on": ""}, "此项"),
        ({"held_on": "去年"}, "日期"),
        ({"held_on": "2199-01-01"}, "年份"),
        ({"activity_kind": "picnic"}, "picnic"),
        ({"go_live_at": "2020-01-01 08:00"}, "时间已过"),
    ],
)
def test_a_bad_field_is_explained_and_the_rest_stays(
    editor: Client, branch_page: Any, changes: dict[str, str], sentence: str
) -> None:
    response = post(editor, branch_page, **changes)
    assert response.status_code in (200, 422)
    page = response.content.decode()
    assert sentence in page
    assert TYPED_PLACE in page
    assert not ActivityPage.objects.exists()


def test_scripts_in_rich_text_are_not_kept(editor: Client, branch_page: Any) -> None:
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    from portal.pages.blocks.text import RICH_TEXT_FEATURES

    converter = ContentstateConverter(RICH_TEXT_FEATURES)
    html = (
        '<p onclick="steal()">好<script>alert(1)</script><a href="javascript:alert(1)">点</a></p>'
    )
    kept = converter.to_database_format(converter.from_database_format(html))
    assert "script" not in kept
    assert "onclick" not in kept


def picture(side: int = 40) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (side, side), (120, 20, 20)).save(target, "JPEG")
    return target.getvalue()


def upload(editor: Client, name: str, content: bytes) -> Any:
    return editor.post(
        reverse("wagtailimages:add"),
        {"title": "井口", "file": SimpleUploadedFile(name, content, "image/jpeg"), "tags": ""},
    )


def test_a_text_file_called_jpg_is_refused_in_words(editor: Client) -> None:
    response = upload(editor, "notes.jpg", "会议记录".encode())
    assert response.status_code == 200
    assert "图片" in response.content.decode()
    assert not PortalImage.objects.exists()


def test_a_picture_of_thirty_megabytes_is_refused_with_the_limit(editor: Client) -> None:
    response = upload(editor, "large.jpg", picture() + b"\0" * (30 * 1024 * 1024))
    assert response.status_code == 200
    assert "20" in response.content.decode()
    assert not PortalImage.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        *("page=x", "page=-1", "page=99999", "kind=%00", "kind=nothing", "unit=nowhere"),
        *("year=abcd", "year=20260", "year=%F0%9F%98%80", "page=x&kind=nothing&year=-5"),
    ],
)
@pytest.mark.parametrize("path", ["/news/", "/branches/", "/honors/", "/search/", "/archives/"])
def test_strange_addresses_show_the_page_all_the_same(path: str, query: str) -> None:
    make_news_page(live=True, audience="public")
    client = Client()
    client.force_login(make_user("archivist"))
    assert client.get(f"{path}?{query}").status_code == 200


def test_a_title_with_markup_is_shown_as_text() -> None:
    from portal.publishing import queue

    page = make_news_page(title="<svg onload=alert(1)>{{7*7}}", live=True, audience="public")
    queue.flush()
    for address in (page.get_url(), "/news/", "/search/?q=onload"):
        html = Client().get(address).content.decode()
        assert "<svg onload" not in html
        assert "{{7*7}}" in html or "49" not in html


def test_a_schedule_in_the_future_is_accepted(editor: Client, branch_page: Any) -> None:
    later = timezone.localtime(timezone.now() + datetime.timedelta(days=2))
    response = post(editor, branch_page, go_live_at=later.strftime("%Y-%m-%d %H:%M"))
    assert response.status_code == 302
