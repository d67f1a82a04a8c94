"""Who reads a record: the exact visible set of each role and level, and not more, everywhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.archives.access.services import change_level
from portal.archives.models import AccessLevel, Record, RecordFile
from portal.archives.renders import work_all
from portal.archives.search import matching
from portal.organizations.models import Unit
from portal.roles.table import OFFICERS, ROLES
from tests.factories.organizations import company, make_branch
from tests.factories.pages import change_draft, make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

OPEN, INTERNAL, CONTROLLED = AccessLevel.OPEN, AccessLevel.INTERNAL, AccessLevel.CONTROLLED
WORD = "井口检身制度"
EVERYTHING = {f"{level}-{unit}" for level in AccessLevel.values for unit in ("own", "other", "top")}
NOT_CONTROLLED = {name for name in EVERYTHING if not name.startswith("controlled")}
OWN_UNIT = {name for name in EVERYTHING if name.startswith("open")} | {"internal-own"}
# The exact set of each role; a role of a unit has the unit "own".
VISIBLE: dict[str, set[str]] = {
    **dict.fromkeys(["archivist", "discipline_auditor"], EVERYTHING),
    **dict.fromkeys(
        ["party_staff", "party_approver", "union_staff", "union_chair", "veterans_officer"],
        NOT_CONTROLLED,
    ),
    **dict.fromkeys(["branch_secretary", "organization_member", "part_time_archivist"], OWN_UNIT),
    **{
        role: set()
        for role in (
            *("employee", "party_member", "military_family", "finance_payer", "opinion_handler"),
            *OFFICERS,
        )
    },
}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def own() -> Unit:
    return make_branch("甲队党支部")


@pytest.fixture
def world(own, tmp_path, settings) -> dict[str, Record]:
    """A record of each level of the own branch, of another and of the company."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    archivist = make_user("archivist", name="顾档")
    units = {"own": own, "other": make_branch("乙队党支部"), "top": company()}
    found = {}
    for level in AccessLevel:
        for name, unit in units.items():
            page = make_news_page(
                title=f"{level}-{name}",
                live=True,
                unit=unit,
                audience="public" if level == OPEN else "employees",
                body=[("text", f"<p>{WORD}。</p>")],
            )
            found[page.title] = Record.objects.get(source_id=str(page.pk))
    for name in units:
        record = found[f"controlled-{name}"]
        change_level(record.pk, CONTROLLED, by=archivist, reason="涉及个人")
    return found


@pytest.fixture
def made(world) -> dict[str, Record]:
    """The same with their files."""
    work_all()
    return world


def account(role: str, own: Unit) -> Any:
    return make_user(role, unit=own) if role != "nobody" else AnonymousUser()


def test_the_table_names_every_role():
    assert set(VISIBLE) == set(ROLES)


def test_each_role_sees_exactly_its_records_on_lists_search_pages_and_files(made, own):
    world, mine = made, set(made)
    assert mine == EVERYTHING
    for role, expected in VISIBLE.items():
        visible = Record.objects.visible_to(account(role, own))
        assert set(visible.values_list("title", flat=True)) & mine == expected, role
    for role in ("archivist", "party_staff", "branch_secretary", "employee"):
        expected = VISIBLE[role]
        user = account(role, own)
        client = signed_in(user)
        for address in ("", f"?q={WORD}"):
            page = client.get(reverse("archive_records") + address, follow=True)
            shown = {name for name in mine if name in page.content.decode()}
            # Of controlled records the index has no words of the body.
            allowed = {name for name in expected if "q=" not in address or name[0] != "c"}
            assert shown == allowed, (role, address)
        found = matching(Record.objects.visible_to(user), "controlled-own")
        assert set(found.values_list("title", flat=True)) == expected & {"controlled-own"}, role
        for name, record in world.items():
            status = 200 if name in expected else 404
            assert client.get(record.get_absolute_url()).status_code == status, (role, name)
            file = record.files.get(role="snapshot")
            response = client.get(reverse("archive_file", args=[record.pk, file.pk]))
            assert response.status_code == status, (role, name)
            assert response.has_header("Content-Disposition") == (status == 200)


def test_nobody_who_is_not_signed_in_sees_any(world):
    assert Record.objects.visible_to(AnonymousUser()).count() == 0
    for record in world.values():
        response = Client().get(record.get_absolute_url())
        assert response.status_code == 302


def test_the_index_has_no_words_of_controlled_records(made):
    from portal.search.models import SearchChunk, SearchDocument

    for name, record in made.items():
        documents = SearchDocument.objects.filter(object_id__in=[str(record.pk), record.pk.hex])
        text = "\n".join(
            SearchChunk.objects.filter(document__in=documents).values_list("text", flat=True)
        )
        assert documents.count() == 1
        hidden = name.startswith("controlled")
        assert (WORD in text) is not hidden
        assert (name in text) is not hidden
        assert (documents.get().title == "") is hidden
        assert "2026" in text or not hidden


def test_counts_and_choices_say_nothing_of_what_is_hidden(own):
    archivist = make_user("archivist", name="顾档")
    page = make_news_page(title="旧事", live=True, unit=own)
    record = Record.objects.get(source_id=str(page.pk))
    Record.objects.filter(pk=record.pk).update(year=1987, business_date="1987-05-01")
    change_level(record.pk, CONTROLLED, by=archivist, reason="涉及个人")
    for role, seen in (("archivist", True), ("party_staff", False), ("branch_secretary", False)):
        client = signed_in(account(role, own))
        # With its word: an address of a record may hold any four digits.
        assert ("1987年" in client.get(reverse("archive_records")).content.decode()) is seen, role
        body = client.get(reverse("archive_records") + "?year=1987").content.decode()
        assert ("旧事" in body) is seen, role


def test_another_version_that_one_may_not_see_is_neither_linked_nor_named(own):
    archivist = make_user("archivist", name="顾档")
    page = make_news_page(title="第一稿的秘密", live=True, unit=own, audience="public")
    change_draft(page, None, title="第二稿").publish()
    change_draft(page, None, title="第三稿的秘密").publish()
    first, second, third = Record.objects.filter(source_id=str(page.pk)).order_by("version")
    for record in (first, third):
        change_level(record.pk, CONTROLLED, by=archivist, reason="涉及个人")
    for role, seen in (("archivist", True), ("party_staff", False)):
        body = signed_in(account(role, own)).get(second.get_absolute_url()).content.decode()
        for other in (first, third):
            assert (str(other.pk) in body) is seen, role
            assert other.title not in body
    # The page says nothing of a record one may not read, and does not pass an older one off.
    for role, seen in (("archivist", True), ("party_staff", False), ("branch_secretary", False)):
        context = signed_in(account(role, own)).get(page.url).context
        assert (context["record"] == third) is seen, role
        assert context["record"] in (third, None)


def test_the_level_follows_the_audience(own):
    for audience, level in (("public", OPEN), ("employees", INTERNAL), ("unit", INTERNAL)):
        page = make_news_page(live=True, unit=own, audience=audience)
        record = Record.objects.get(source_id=str(page.pk))
        assert record.access_level == level
        assert RecordFile.objects.filter(record=record).count() == 0


def test_a_list_costs_the_same_whatever_is_hidden(world, own):
    from tests.infrastructure.database_reset import forget_cached_values

    costs = set()
    for role in ("archivist", "party_staff", "branch_secretary"):
        user = account(role, own)
        Record.objects.visible_to(user)
        with CaptureQueriesContext(connection) as queries:
            list(Record.objects.visible_to(user).order_by("-business_date")[:20])
        costs.add(len(queries))
        forget_cached_values()
        assert not re.search(r"JOIN", queries[0]["sql"])
    assert costs == {1}
