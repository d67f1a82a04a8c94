"""What an editor may choose for a compilation, and what the form refuses."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.archives.models import AccessLevel, Record, RecordState
from portal.compilations.citing import offered_records
from portal.compilations.models import CompilationIndexPage, CompilationPage
from portal.roles.table import ROLES
from tests.factories.archives import bare_record
from tests.factories.compilations import chapter, make_compilation
from tests.factories.organizations import company, make_branch
from tests.factories.pages import change_draft, submit
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

COMPILERS = {"archivist", "party_staff"}


@pytest.fixture
def archivist() -> Client:
    """An archivist, signed in."""
    return signed_in("archivist")


def signed_in(role: str) -> Client:
    """Somebody with one role, signed in."""
    client = Client()
    client.force_login(make_user(role, unit=company()))
    return client


def test_what_is_offered_is_current_and_published_or_on_the_shelf() -> None:
    for state in RecordState.values:
        bare_record(title=state, state=state, access_level=AccessLevel.OPEN)
    gone = {"ended_at": bare_record(title="moment").captured_at}
    bare_record(title="withdrawn-accepted", state=RecordState.ACCEPTED, **gone)
    bare_record(title="withdrawn-pool", state=RecordState.POOL, **gone)
    bare_record(title="controlled", access_level=AccessLevel.CONTROLLED)
    old = bare_record(title="replaced")
    bare_record(title="newest", previous=old, version=2)
    bare_record(title="front", kind="news-index")
    user = make_user("archivist", unit=company())
    assert {record.title for record in offered_records(user)} == {
        *("captured", "pool", "returned", "accepted", "withdrawn-accepted", "moment", "newest")
    }


@pytest.mark.parametrize("role", [role for role in ROLES if ROLES[role].staff])
def test_only_compilers_open_the_dialogue(role: str) -> None:
    record = bare_record(title="可选的档案", access_level=AccessLevel.OPEN)
    client = signed_in(role)
    expected = 200 if role in COMPILERS else (302, 403)
    for name, arguments in (
        ("record_chooser:choose", []),
        ("record_chooser:choose_results", []),
        ("record_chooser:chosen", [record.pk]),
        ("record_chooser:chosen_multiple", []),
    ):
        status = client.get(reverse(name, args=arguments)).status_code
        assert status == expected or (status in (302, 403) and role not in COMPILERS), name
    # Nothing is made from inside the dialogue.
    assert client.post(reverse("record_chooser:create"), {}).status_code in (302, 403)


def test_the_dialogue_searches_and_warns(archivist: Client) -> None:
    unit = make_branch("甲队党支部")
    bare_record(title="井口检身制度", access_level=AccessLevel.INTERNAL, unit=unit)
    bare_record(
        title="瓦斯检查制度",
        access_level=AccessLevel.OPEN,
        state=RecordState.ACCEPTED,
        archive_code="Q001-WS·2026-D10-DQ03-0009",
    )
    address = reverse("record_chooser:choose_results")
    said = archivist.get(address, {"q": "检身"}).content.decode()
    assert "井口检身制度" in said
    assert "瓦斯检查制度" not in said
    assert "内部：不能收入公开的汇编" in said
    assert "甲队党支部" in said
    assert "瓦斯检查制度" in archivist.get(address, {"q": "Q001-WS·2026-D10-DQ03"}).content.decode()
    assert "井口检身制度" in archivist.get(address, {"q": "检身", "year": "2026"}).content.decode()
    for odd in ({"q": "检身", "year": "2020"}, {"year": "99999999999"}, {"q": "没有这样的题名"}):
        assert "井口检身制度" not in archivist.get(address, odd).content.decode()
    assert archivist.get(address, {"year": "x", "q": "字" * 90}).status_code == 200


def test_what_is_not_offered_cannot_be_chosen(archivist: Client) -> None:
    record = bare_record(title="可选的档案", access_level=AccessLevel.OPEN)
    controlled = bare_record(title="控制的档案", access_level=AccessLevel.CONTROLLED)
    chosen = archivist.get(reverse("record_chooser:chosen", args=[record.pk]))
    assert json.loads(chosen.content)["result"]["id"] == str(record.pk)
    for number in (controlled.pk, uuid.uuid4(), "x"):
        address = reverse("record_chooser:chosen", args=[number])
        assert archivist.get(address).status_code == 404
    several = reverse("record_chooser:chosen_multiple")
    said = archivist.get(several, {"id": [str(record.pk), str(controlled.pk), "x"]})
    assert [one["id"] for one in json.loads(said.content)["result"]] == [str(record.pk)]


def form(*records: Record, audience: str, **more: Any) -> dict[str, Any]:
    """What the editor sends for a new compilation of one section."""
    cited = streamfield_items(records)
    chapter = {"title": "第一节", "introduction": rich_text("<p>说明</p>"), "records": cited}
    sent: dict[str, Any] = nested_form_data(
        {
            "title": "新的专题汇编",
            "slug": "",
            "summary": "写好的摘要",
            "picture": "",
            "unit": "",
            "audience": audience,
            "body": streamfield([]),
            "chapters": streamfield([("chapter", chapter)]),
            "comments": inline_formset([]),
            "go_live_at": "",
            "expire_at": "",
            **more,
        }
    )
    return sent


def streamfield_items(records: tuple[Record, ...]) -> dict[str, Any]:
    """A list block as the editor sends it."""
    items: dict[str, Any] = {"count": str(len(records))}
    for position, record in enumerate(records):
        items[str(position)] = {
            "deleted": "",
            "order": str(position),
            "type": "item",
            "value": {"record": str(record.pk), "note": "为什么值得看"},
        }
    return items


def add(client: Client, sent: dict[str, Any]) -> Any:
    """Send the form of a new compilation."""
    front = CompilationIndexPage.objects.get()
    address = reverse("wagtailadmin_pages:add", args=["compilations", "compilationpage", front.pk])
    return client.post(address, sent)


def test_a_draft_keeps_the_records_that_were_chosen(archivist: Client) -> None:
    record = bare_record(title="可选的档案", access_level=AccessLevel.INTERNAL)
    assert add(archivist, form(record, audience="employees")).status_code == 302
    page = CompilationPage.objects.get().get_latest_revision_as_object()
    assert list(page.cited_records()) == [record]
    edit = archivist.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    # The editor gets the value as JSON.
    assert json.dumps("可选的档案")[1:-1] in edit.content.decode()


def test_a_public_compilation_refuses_internal_records_and_keeps_what_was_typed(
    archivist: Client,
) -> None:
    record = bare_record(title="内部的档案", access_level=AccessLevel.INTERNAL)
    answer = add(archivist, form(record, audience="public"))
    said = answer.content.decode()
    assert answer.status_code == 200
    assert not CompilationPage.objects.exists()
    assert json.dumps("是内部档案")[1:-1] in said
    assert "写好的摘要" in said


def test_no_compilation_takes_a_controlled_record_or_tells_its_title(archivist: Client) -> None:
    record = bare_record(title="不得外传的题名", access_level=AccessLevel.CONTROLLED)
    answer = add(archivist, form(record, audience="employees"))
    assert answer.status_code == 200
    assert not CompilationPage.objects.exists()
    said = answer.content.decode()
    assert "不得外传的题名" not in said
    assert json.dumps("不得外传的题名")[1:-1] not in said


def test_a_record_is_listed_once(archivist: Client) -> None:
    record = bare_record(title="重复的档案", access_level=AccessLevel.OPEN)
    assert add(archivist, form(record, record, audience="public")).status_code == 200
    assert not CompilationPage.objects.exists()


def test_drafts_are_compared_by_what_they_list_and_tell_no_controlled_title() -> None:
    listed = bare_record(title="可选的档案", access_level=AccessLevel.INTERNAL)
    raised = bare_record(title="不得外传的题名", access_level=AccessLevel.CONTROLLED)
    author, reviewer = (make_user(role, unit=company()) for role in ("archivist", "party_staff"))
    page = make_compilation(chapter("第一节", [listed]), author=author, audience="employees")
    first = page.latest_revision
    second = change_draft(page, author, chapters=json.dumps([chapter("第一节", [listed, raised])]))
    state = submit(page, author)
    client = Client()
    client.force_login(reviewer)
    answer = client.get(reverse("review_difference", args=[state.pk, first.pk, second.pk]))
    said = answer.content.decode()
    assert answer.status_code == 200
    assert str(raised.pk) in said
    # Its note is the editor's own.
    assert "不得外传的题名" not in said.replace("编者按：不得外传的题名", "")
