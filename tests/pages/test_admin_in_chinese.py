"""The screens of the admin, read as a Chinese colleague reads them: no English anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from lxml import html
from wagtail.admin.forms.workflows import TaskChooserSearchForm
from wagtail.models import Collection, GroupApprovalTask, Page, Task, Workflow

from portal.publishing.models import FourEyesTask
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

SCREENS = (
    "",
    "account/",
    "pages/",
    "choose-anchor-link/",
    "choose-email-link/",
    "choose-external-link/",
    "choose-page/",
    "choose-phone-link/",
    "collections/",
    "collections/add/",
    "documents/",
    "documents/add/",
    "documents/multiple/add/",
    "documents/chooser/",
    "images/",
    "images/add/",
    "images/multiple/add/",
    "images/chooser/",
    "media/",
    "media/chooser/",
    "reports/aging-pages/",
    "reports/locked/",
    "reports/page-types-usage/",
    "reports/site-history/",
    "reports/workflow/",
    "reports/workflow_tasks/",
    "sites/",
    "sites/new/",
    "workflows/add/",
    "workflows/list/",
    "workflows/tasks/index/",
)
# Names of products and formats, which are the same in Chinese.
NAMES = frozenset(
    {
        "CSV",
        "GIF",
        "HTML",
        "JavaScript",
        "JPEG",
        "JPG",
        "PDF",
        "PNG",
        "URL",
        "WEBP",
        "Wagtail",
        "XLSX",
    }
)
# What the test itself made up, or what is an example of an address.
IGNORED = re.compile(r"https?://\S+|localhost|[TX]\d{6}")
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]{2,}")


def texts_seen(source: str) -> Iterator[str]:
    """Yields what a page says, on screen or to a screen reader."""
    tree = html.fromstring(source)
    for hidden in tree.xpath("//script|//style|//svg|//code|//kbd|//*[@hidden]"):
        hidden.drop_tree()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        yield element.text or ""
        yield element.tail or ""
        for name in ("title", "aria-label", "placeholder", "alt"):
            yield element.get(name) or ""


def english_in(source: str) -> list[str]:
    """The texts of a page that hold an English word."""
    return [
        text.strip()
        for text in texts_seen(source)
        if set(WORD.findall(IGNORED.sub("", text))) - NAMES and not _names_of_languages(text)
    ]


def _names_of_languages(text: str) -> bool:
    return text.strip() == "English"


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user(is_superuser=True))
    return client


@pytest.mark.parametrize("screen", SCREENS)
def test_screen_of_the_admin_is_chinese(reader: Client, screen: str) -> None:
    response = reader.get(f"/admin/{screen}")
    assert response.status_code == 200
    if response.headers["Content-Type"].startswith("application/json"):
        source = response.json()["html"]
    else:
        source = response.content.decode()
    assert english_in(source) == []


def test_every_page_form_is_chinese(reader: Client) -> None:
    forms = 0
    for parent in Page.objects.filter(depth__gte=2).specific():
        for model in parent.creatable_subpage_models():
            if not model.can_create_at(parent):
                continue
            address = (
                f"/admin/pages/add/{model._meta.app_label}/{model._meta.model_name}/{parent.pk}/"
            )
            response = reader.get(address)
            assert response.status_code == 200, address
            assert english_in(response.content.decode()) == [], address
            forms += 1
    assert forms >= 5


def test_screens_about_one_page_are_chinese(reader: Client) -> None:
    page = Page.objects.filter(depth=3).first()
    assert page is not None
    for action in ("edit", "delete", "move", "copy", "unpublish", "history", "usage"):
        response = reader.get(f"/admin/pages/{page.pk}/{action}/", follow=True)
        assert response.status_code == 200, action
        assert english_in(response.content.decode()) == [], action


def test_what_wagtail_creates_has_chinese_names() -> None:
    assert Page.objects.get(depth=1).title == "全部页面"
    assert Collection.objects.get(depth=1).name == "总集合"
    assert not Workflow.objects.filter(name__regex="[a-z]{3}").exists()
    assert not Task.objects.filter(name__regex="[a-z]{3}").exists()


def test_permissions_have_chinese_names() -> None:
    names = Permission.objects.filter(
        content_type__app_label__in=["wagtailcore", "pages", "auth", "people"]
    ).values_list("name", flat=True)
    assert "可以新增用户组" in names
    assert [name for name in names if name.startswith("Can ")] == []


def test_the_filter_of_the_task_chooser_has_a_chinese_label() -> None:
    choices = [(FourEyesTask, "四眼审核"), (GroupApprovalTask, "用户组审批")]
    form = TaskChooserSearchForm(task_type_choices=choices)
    assert form["task_type"].label == "审核环节类型"
    assert "task_type" not in TaskChooserSearchForm(task_type_choices=choices[:1]).fields
