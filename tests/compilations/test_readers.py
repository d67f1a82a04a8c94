"""Who finds which records in a compilation: the exact set of each reader, and not more."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.archives.models import AccessLevel, Record, RecordState
from portal.compilations.reading import chapters_for
from portal.organizations.models import Unit
from portal.publishing import queue
from portal.roles.table import OFFICERS, ROLES
from tests.factories.archives import bare_record, record_of
from tests.factories.compilations import chapter, make_compilation
from tests.factories.organizations import company, make_branch
from tests.factories.pages import change_draft, make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

EVERYTHING = {f"{level}-{unit}" for level in AccessLevel.values for unit in ("own", "other")}
OPEN = {"open-own", "open-other"}
MOST_QUERIES = 14
NOT_CONTROLLED = {name for name in EVERYTHING if not name.startswith("controlled")}
# The exact set of each role; a role of a unit has the unit "own".
VISIBLE: dict[str, set[str]] = {
    **dict.fromkeys(["archivist", "discipline_auditor"], EVERYTHING),
    **dict.fromkeys(
        ["party_staff", "party_approver", "union_staff", "union_chair", "veterans_officer"],
        NOT_CONTROLLED,
    ),
    **dict.fromkeys(
        ["branch_secretary", "organization_member", "part_time_archivist"],
        OPEN | {"internal-own"},
    ),
    **dict.fromkeys(
        ("employee", "party_member", "finance_payer", "opinion_handler", *OFFICERS), OPEN
    ),
}


@pytest.fixture
def own() -> Unit:
    """The unit of those whose roles count in a unit."""
    return make_branch("甲队党支部")


@pytest.fixture
def records(own: Unit) -> dict[str, Record]:
    """A record of each level in each of two units, without published pages."""
    units = {"own": own, "other": make_branch("乙队党支部")}
    return {
        f"{level}-{name}": bare_record(title=f"{level}-{name}", access_level=level, unit=unit)
        for level in AccessLevel.values
        for name, unit in units.items()
    }


def found(page: Any, user: Any) -> set[str]:
    """The titles that a reader finds."""
    chapters, _left_out = chapters_for(page, user)
    return {entry.record.title for part in chapters for entry in part.entries}


def answer(page: Any, user: Any = None) -> str:
    """The page as a reader gets it."""
    client = Client()
    if user is not None:
        client.force_login(user)
    response = client.get(page.url)
    assert response.status_code == 200
    return response.content.decode()


def test_every_role_of_the_table_is_tried() -> None:
    assert VISIBLE.keys() | {"military_family"} == ROLES.keys()


@pytest.mark.parametrize("role", sorted(VISIBLE))
def test_the_records_a_role_finds(role: str, own: Unit, records: dict[str, Record]) -> None:
    page = make_compilation(chapter("一", list(records.values())), audience="employees")
    unit = own if ROLES[role].scope.value == "unit" else company()
    user = make_user(role, unit=unit)
    assert found(page, user) == VISIBLE[role]
    said = answer(page, user)
    assert {name for name in EVERYTHING if f"编者按：{name}" in said} == VISIBLE[role]
    assert ("部分档案有查阅范围" in said) == (VISIBLE[role] != EVERYTHING)


def test_visitors_find_open_records_in_a_public_compilation(records: dict[str, Record]) -> None:
    page = make_compilation(chapter("一", list(records.values())), audience="public")
    assert found(page, AnonymousUser()) == OPEN
    said = answer(page)
    assert {name for name in EVERYTHING if name in said} == OPEN


def test_who_reads_the_published_page_finds_its_record_until_the_level_is_raised() -> None:
    news = make_news_page(title="给职工的一条消息", live=True, audience="employees")
    queue.flush()
    record = record_of(news)
    page = make_compilation(chapter("一", [record]), audience="employees")
    employee = make_user("employee")
    assert found(page, employee) == {record.title}
    assert news.url in answer(page, employee)
    Record.objects.filter(pk=record.pk).update(access_level=AccessLevel.CONTROLLED)
    page = type(page).objects.get(pk=page.pk)
    assert found(page, employee) == set()
    assert record.title not in answer(page, employee)


def test_an_older_internal_version_is_not_shown_by_the_page_of_a_newer_one() -> None:
    news = make_news_page(title="旧题名", live=True, audience="employees")
    queue.flush()
    old = record_of(news)
    change_draft(news, None, title="新题名", audience="public").publish(skip_permission_checks=True)
    queue.flush()
    page = make_compilation(chapter("一", [old, record_of(news)]), audience="employees")
    assert found(page, make_user("employee")) == {"新题名"}
    said = answer(page, make_user("archivist", unit=company()))
    assert "旧题名" in said
    assert "发布页面此后有更新" in said


def test_a_destroyed_record_shows_its_code_and_that_it_is_destroyed() -> None:
    record = bare_record(
        title="已销毁的通知",
        access_level=AccessLevel.OPEN,
        state=RecordState.DESTROYED,
        archive_code="Q001-WS·2013-D10-DQ01-0001",
    )
    said = answer(make_compilation(chapter("一", [record]), audience="public"))
    assert "已依法销毁" in said
    assert "Q001-WS·2013-D10-DQ01-0001" in said
    assert "编者按" not in said


def test_a_withdrawn_record_says_so() -> None:
    news = make_news_page(title="撤下的消息", live=True, audience="public")
    queue.flush()
    record = record_of(news)
    news.unpublish()
    queue.flush()
    said = answer(make_compilation(chapter("一", [record]), audience="public"))
    assert "撤下的消息" in said
    assert "已撤下" in said
    assert f'href="{news.url}"' not in said


def test_a_section_without_anything_for_the_reader_says_so(records: dict[str, Record]) -> None:
    page = make_compilation(chapter("一", [records["internal-other"]]), audience="employees")
    assert "本节没有您可以查阅的档案" in answer(page, make_user("employee"))
    empty = make_compilation(audience="employees")
    assert "本汇编尚未收录档案" in answer(empty, make_user("employee"))


def test_strangers_are_asked_to_sign_in(records: dict[str, Record]) -> None:
    page = make_compilation(chapter("一", [records["open-own"]]), audience="employees")
    assert Client().get(page.url).status_code == 302


def many(count: int) -> list[Record]:
    """Records of published pages."""
    pages = [make_news_page(live=True, audience="public") for _number in range(count)]
    queue.flush()
    return [record_of(page) for page in pages]


@pytest.mark.parametrize("role", ["", "employee", "archivist"])
def test_more_records_and_sections_cost_no_more_queries(role: str) -> None:
    few = make_compilation(chapter("一", many(2)), audience="public")
    much = make_compilation(
        *(chapter(title, many(7)) for title in ("一", "二", "三")), audience="public"
    )
    queue.flush()
    client = Client()
    if role:
        client.force_login(make_user(role, unit=company()))
    counts = []
    for page in (few, much):
        client.get(page.url)
        if not role:
            # What visitors get is kept; signed-in people get their own.
            cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page.url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES


def test_the_front_lists_compilations_for_whom_they_are() -> None:
    assert "还没有发布内容" in answer(_front(), make_user("employee"))
    make_compilation(chapter("一", many(1)), title="给所有人的汇编", audience="public")
    make_compilation(chapter("一", many(1)), title="给职工的汇编", audience="employees")
    queue.flush()
    assert "给所有人的汇编" in answer(_front())
    assert "给职工的汇编" not in answer(_front())
    assert "给职工的汇编" in answer(_front(), make_user("employee"))


def _front() -> Any:
    from portal.compilations.models import CompilationIndexPage

    return CompilationIndexPage.objects.get()
