"""The desk of those who write compilations: every state, and nobody else comes in."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.archives.office import doors_for
from portal.roles.table import ROLES
from tests.factories.compilations import make_compilation
from tests.factories.organizations import company
from tests.factories.pages import change_draft, submit
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

COMPILERS = {"archivist", "party_staff"}


def desk(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role, unit=company()))
    return client


@pytest.mark.parametrize("role", list(ROLES))
def test_only_who_writes_compilations_finds_the_door_and_the_desk(role: str) -> None:
    user = make_user(role, unit=company())
    found = "compilations" in {door.code for door in doors_for(user)}
    client = Client()
    client.force_login(user)
    status = client.get(reverse("archive_compilations")).status_code
    assert (found, status) == ((True, 200) if role in COMPILERS else (False, 403))


def test_the_desk_shows_each_state_and_where_to_go_on() -> None:
    author = make_user("party_staff", unit=company())
    make_compilation(title="已发布的汇编")
    change_draft(make_compilation(title="有新稿的汇编"), author, title="改过的题名")
    make_compilation(title="草稿汇编", live=False)
    submit(make_compilation(title="在审的汇编", live=False, author=author), author)
    make_compilation(title="撤下的汇编").unpublish()
    text = desk("archivist").get(reverse("archive_compilations")).content.decode()
    rows = text.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    states = {
        title: next(state for state in STATES if state in row)
        for row in rows
        for title in TITLES
        if title in row
    }
    assert states == TITLES
    assert "改过的题名" in text
    assert "撰写专题汇编" in text


TITLES = {
    "已发布的汇编": "已发布",
    "有新稿的汇编": "已发布，有新稿",
    "草稿汇编": "草稿",
    "在审的汇编": "审核中",
    "撤下的汇编": "已撤下",
}
# Longer words first: one is the beginning of another.
STATES = sorted(TITLES.values(), key=len, reverse=True)


def test_a_desk_without_compilations_says_so() -> None:
    text = desk("archivist").get(reverse("archive_compilations")).content.decode()
    assert "还没有专题汇编" in text


def test_more_compilations_make_no_more_queries() -> None:
    client = desk("archivist")
    counts = []
    for more in (2, 5):
        for _number in range(more):
            make_compilation()
        client.get(reverse("archive_compilations"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("archive_compilations"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
