"""The pages of proposals: who reads what and not more, writing, seconding, delegates, queries."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook

from portal.roles.table import ROLES
from tests.factories.people import make_person, make_user
from tests.factories.proposals import Proposed, make_delegate, make_listed, make_session
from union.models import Delegate, Proposal, ProposalCategory
from union.proposals.permissions import OPEN_STATES, READING_ROLES, visible_proposals
from union.proposals.states import STATES

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PUBLIC = set(OPEN_STATES)
LIST = "/participation/proposals/"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_each_role_reads_exactly_what_it_may() -> None:
    session = make_session()
    rows = {
        state.code: make_listed(session, 1, state.code)[0]
        for state in STATES
        if state.code != "draft"
    }
    draft = Proposed(session)
    for code in ROLES:
        user = make_user(code)
        found = set(visible_proposals(user).values_list("case__state", flat=True))
        if code in READING_ROLES:
            assert found == set(rows), code
        elif code == "military_family":
            assert found == set(), code
        else:
            assert found == PUBLIC, code
        assert not visible_proposals(user).filter(pk=draft.pk).exists()
    delegate = make_delegate(session)
    assert set(visible_proposals(delegate)) == set(rows.values())
    other_term = make_delegate(make_session(2), make_user("employee"))
    Delegate.objects.filter(person=other_term.person).update(
        valid_from="2019-01-01", valid_to="2020-01-01"
    )
    assert set(visible_proposals(other_term).values_list("case__state", flat=True)) == PUBLIC
    own = visible_proposals(draft.applicant)
    assert draft.proposal not in own


def test_pages_hide_what_is_not_for_the_reader() -> None:
    world = Proposed()
    world.to("collecting")
    employee = client_of(make_user("employee"))
    assert world.case.number not in employee.get(LIST).content.decode()
    assert employee.get(f"{LIST}{world.pk}/").status_code == 404
    assert employee.post(f"{LIST}{world.pk}/second/").status_code == 404
    family = client_of(make_user("military_family"))
    assert family.get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302
    office = client_of(world.office).get(f"{LIST}{world.pk}/").content.decode()
    assert "13900000021" not in office


def test_a_reply_is_read_once_the_union_has_looked_at_it() -> None:
    world = Proposed()
    world.to("replied")
    employee = client_of(make_user("employee"))
    assert "十二月十日前完成" not in employee.get(f"{LIST}{world.pk}/").content.decode()
    assert (
        "十二月十日前完成"
        not in client_of(world.applicant).get(f"/cases/{world.pk}/").content.decode()
    )
    world.step("approve_reply", world.checker)
    assert "十二月十日前完成" in employee.get(f"{LIST}{world.pk}/").content.decode()


def test_withdrawn_the_page_shows_the_shell_only() -> None:
    world = Proposed()
    world.to("collecting")
    delegate = client_of(make_delegate(world.session))
    assert str(world.applicant.person) in delegate.get(f"{LIST}{world.pk}/").content.decode()
    world.step("withdraw", world.applicant)
    for address in (LIST, f"{LIST}{world.pk}/"):
        page = delegate.get(address).content.decode()
        assert "10-1-001" in page
        assert "采煤工作面增设饮水点" in page
        assert f">{world.applicant.person}<" not in page
        assert "夏季一班要走三个来回" not in page


def test_writing_keeping_handing_in_and_changing() -> None:
    session = make_session()
    user = make_delegate(session)
    client = client_of(user)
    address = f"{LIST}new/{session.pk}/"
    empty = client.post(address, {"subject": "x", "submit": "1"})
    assert empty.status_code == 422
    assert 'value="x"' in empty.content.decode()
    category = ProposalCategory.objects.all()[0]
    form = {
        "subject": "增设饮水点😀",
        "category": category.pk,
        "reasons": "工作面离最近的饮水点七百米。",
        "measures": "在两巷各设一个保温饮水点。",
        "phone": "",
        "key": str(uuid.uuid4()),
    }
    kept = client.post(address, form)
    proposal = Proposal.objects.get()
    assert kept["Location"] == f"{LIST}{proposal.pk}/edit/"
    handed = client.post(kept["Location"], {**form, "submit": "1"})
    assert handed["Location"] == f"/cases/{proposal.pk}/"
    again = client.post(kept["Location"], {**form, "submit": "1"})
    assert again["Location"] == handed["Location"]
    assert Proposal.objects.get().sequence == 1
    changed = client.post(kept["Location"], {**form, "subject": "改", "key": str(uuid.uuid4())})
    assert changed.status_code == 302
    assert Proposal.objects.get().case.item == "改"
    other = client_of(make_delegate(session))
    assert other.get(kept["Location"]).status_code == 404
    assert other.post(f"{LIST}{proposal.pk}/second/").status_code == 302
    late = client.post(kept["Location"], {**form, "subject": "再改", "key": str(uuid.uuid4())})
    assert late["Location"] == f"/cases/{proposal.pk}/"
    assert Proposal.objects.get().case.item == "改"
    assert b"edit/" not in client.get(f"{LIST}{proposal.pk}/").content


def test_who_is_no_delegate_gets_no_form() -> None:
    session = make_session()
    assert client_of(make_user("employee")).get(f"{LIST}new/{session.pk}/").status_code == 403


@pytest.mark.parametrize("text", ["", "字" * 50_000, "\u200b" * 40, "a\x00b"])
def test_bad_texts_come_back_with_a_sentence(text: str) -> None:
    session = make_session()
    client = client_of(make_delegate(session))
    form = {"subject": "案由", "category": "1", "reasons": text, "measures": text, "submit": "1"}
    answer = client.post(f"{LIST}new/{session.pk}/", form)
    assert answer.status_code == 422
    assert not Proposal.objects.exists()


def test_seconding_through_the_page_and_back() -> None:
    world = Proposed()
    world.to("collecting")
    client = client_of(world.seconders[0])
    address = f"{LIST}{world.pk}/"
    assert "second/" in client.get(address).content.decode()
    client.post(f"{address}second/")
    assert world.proposal.seconds.standing().count() == 1
    client.post(f"{address}second/", {"withdraw": "1"})
    assert world.proposal.seconds.standing().count() == 0
    own = client_of(world.applicant)
    assert own.post(f"{address}second/").status_code == 403
    stranger = client_of(world.office)
    assert stranger.post(f"{address}second/").status_code == 403


def test_filters_narrow_and_nonsense_counts_as_nothing() -> None:
    session = make_session()
    make_listed(session, 3, "filed")
    make_listed(session, 2, "closed")
    client = client_of(make_user("employee"))

    def shown(query: str) -> int:
        return int(client.get(f"{LIST}?{query}").context["total"])

    assert shown("") == 5
    assert shown("state=closed") == 2
    assert shown("q=提案2") == 1
    assert shown("q=10-1-004") == 1
    assert shown("category=safety") == 0
    assert shown("state=x&category=x&session=x&mine=x&order=x&q=%00") == 5


def test_the_list_costs_the_same_at_20_and_at_more(
    django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    session = make_session()
    user = make_delegate(session)
    make_listed(session, 5)
    client = client_of(user)
    client.get(LIST)
    with django_assert_max_num_queries(30) as few:
        client.get(LIST)
    make_listed(session, 60)
    with django_assert_num_queries(len(few)):
        client.get(LIST)


def test_delegates_are_entered_all_or_none() -> None:
    session = make_session()
    office = client_of(make_user("union_staff"))
    people = [make_person() for _number in range(3)]
    address = f"/participation/congress/terms/{session.term_id}/"
    day = session.term.starts_on.isoformat()
    numbers = "，".join([str(person.employee_number) for person in people])
    wrong = office.post(address, {"numbers": f"{numbers} 999999", "valid_from": day})
    assert wrong.status_code == 422
    assert "999999" in wrong.content.decode()
    assert not Delegate.objects.exists()
    assert office.post(address, {"numbers": numbers, "valid_from": day}).status_code == 302
    assert Delegate.objects.count() == 3
    assert office.post(address, {"numbers": numbers, "valid_from": day}).status_code == 302
    assert Delegate.objects.count() == 3
    row = Delegate.objects.first()
    assert row is not None
    office.post(f"/participation/congress/mandates/{row.pk}/end/", {"valid_to": day})
    row.refresh_from_db()
    assert row.valid_to == session.term.starts_on


def test_delegates_come_from_a_workbook() -> None:
    session = make_session()
    office = client_of(make_user("union_staff"))
    book = Workbook()
    assert book.active is not None
    book.active.append(["工号", "姓名"])
    for person in (make_person(), make_person()):
        book.active.append([person.employee_number, person.name])
    body = io.BytesIO()
    book.save(body)
    body.seek(0)
    body.name = "代表.xlsx"
    address = f"/participation/congress/terms/{session.term_id}/"
    day = session.term.starts_on.isoformat()
    assert office.post(address, {"sheet": body, "valid_from": day}).status_code == 302
    assert Delegate.objects.count() == 2
    broken = io.BytesIO(b"no workbook")
    broken.name = "x.xlsx"
    assert office.post(address, {"sheet": broken, "valid_from": day}).status_code == 422


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"union_staff"}))
def test_nobody_else_keeps_the_congress(role: str) -> None:
    session = make_session()
    client = client_of(make_user(role))
    reads = role in READING_ROLES
    for address in (
        "/participation/congress/",
        f"/participation/congress/terms/{session.term_id}/",
        f"/participation/congress/{session.pk}/report/",
        f"/participation/congress/{session.pk}/report/sheet/",
    ):
        assert client.get(address).status_code == (200 if reads else 403), address
    for address, form in (
        ("/participation/congress/", {"kind": "term", "term-number": "3"}),
        (f"/participation/congress/terms/{session.term_id}/", {"numbers": "1"}),
    ):
        assert client.post(address, form).status_code == 403, address
    before = Delegate.objects.count()
    client.post(f"/participation/congress/{session.pk}/report/write/")
    assert not hasattr(type(session).objects.get(pk=session.pk), "report")
    assert Delegate.objects.count() == before
