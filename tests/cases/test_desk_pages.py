"""The desk: who sees which cases, chosen and sorted; many at once; exports without people."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from portal.cases import services
from portal.cases.flow import flow, flows
from portal.cases.models import Case, CaseEvent
from portal.roles.table import ROLES
from portal.workspace.submissions import submission_lists
from tests.factories.cases import CLERK, DECIDER, FLOW, Matter, make_submitted
from tests.factories.organizations import make_unit
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(response: Any) -> set[str]:
    return {case.number for case in response.context["page_obj"]}


@pytest.mark.parametrize("code", sorted(ROLES))
def test_only_parties_and_readers_have_a_desk(code: str) -> None:
    takes_part = any(code in table.roles() for table in flows())
    client = signed_in(make_user(code))
    expected = 200 if takes_part else 403
    assert client.get("/cases/").status_code == expected
    assert client.get("/cases/export/").status_code == expected
    assert client.get("/cases/?list=all").status_code == expected
    leads = any(code in (*table.leaders, *table.readers) for table in flows())
    assert client.get("/cases/supervision/").status_code == (200 if leads else 403)


def test_my_turn_is_what_waits_for_my_role_and_not_more(matter: Matter) -> None:
    matter.to("submitted")
    waiting = make_submitted(2)
    number = matter.case.number
    numbers = {case.number for case in waiting} | {number}
    clerk = signed_in(matter.clerk)
    assert listed(clerk.get("/cases/")) == numbers
    decider = signed_in(matter.decider)
    assert listed(decider.get("/cases/")) == set()
    assert listed(decider.get("/cases/?list=all")) == numbers
    matter.step("pass_on", matter.clerk)
    assert listed(decider.get("/cases/")) == {number}
    assert listed(clerk.get("/cases/")) == numbers - {number}
    assert listed(clerk.get("/cases/?list=all")) == numbers


def test_drafts_and_own_cases_are_not_on_the_desk(matter: Matter) -> None:
    clerk = signed_in(matter.clerk)
    assert listed(clerk.get("/cases/?list=all")) == set()
    case = matter.to("submitted")
    case.beneficiary = matter.clerk.person
    case.save()
    assert listed(clerk.get("/cases/?list=all")) == set()
    assert listed(clerk.get("/cases/")) == set()


def test_a_case_of_nobody_is_on_the_desk(matter: Matter) -> None:
    matter.to("submitted")
    Case.objects.filter(pk=matter.pk).update(applicant=None, beneficiary=None)
    answer = signed_in(matter.clerk).get("/cases/?list=all")
    assert answer.status_code == 200
    assert str(matter.pk) in answer.content.decode()


def test_filters_and_order(matter: Matter) -> None:
    unit = make_unit()
    late = make_submitted(1, days=-3)[0]
    soon = make_submitted(1, unit=unit, days=2)[0]
    far = make_submitted(1, days=30)[0]
    client = signed_in(matter.clerk)

    def found(query: str) -> list[str]:
        response = client.get(f"/cases/?list=all&{query}")
        return [case.number for case in response.context["page_obj"]]

    assert found("due=overdue") == [late.number]
    assert found("due=week") == [soon.number]
    assert found(f"unit={unit.code}") == [soon.number]
    assert found(f"q={far.number[-3:]}") == [far.number]
    assert found("state=decided") == []
    assert found("state=submitted") == [late.number, soon.number, far.number]
    assert found("order=number") == sorted([late.number, soon.number, far.number])
    assert found("order=x&state=x&flow=x&due=x&unit=x") == [late.number, soon.number, far.number]


@pytest.mark.parametrize("address", ["/cases/", "/cases/?list=all", "/cases/mine/"])
def test_lists_cost_the_same_at_20_and_200(matter: Matter, address: str) -> None:
    client = signed_in(matter.clerk)
    counts = []
    for more in (20, 180):
        cases = make_submitted(more)
        if "mine" in address:
            Case.objects.filter(pk__in=[case.pk for case in cases]).update(
                applicant=matter.clerk.person
            )
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert len(response.context["page_obj"]) == 20
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_supervision_page_costs_the_same_at_20_and_200(matter: Matter) -> None:
    client = signed_in(matter.decider)
    counts = []
    for more in (20, 180):
        make_submitted(more, days=-3)
        client.get("/cases/supervision/")
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/cases/supervision/")
        assert len(response.context["page_obj"]) == 20
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert response.context["late_count"] == 200
    assert [row["count"] for row in response.context["by_unit"]] == [200]


def test_the_export_holds_no_person(matter: Matter) -> None:
    matter.to("submitted")
    response = signed_in(matter.clerk).get("/cases/export/?list=all")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    book = load_workbook(io.BytesIO(content))
    assert book.active is not None
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[1][0] == matter.case.number
    text = str(rows)
    for name in ("欧阳明远", str(matter.clerk)):
        assert name not in text


# ---- many at once


def batch(client: Client, step: str, cases: list[Case], **more: Any) -> Any:
    return client.post(
        "/cases/batch/", {"step": step, "case": [str(case.pk) for case in cases], **more}
    )


def hidden(response: Any) -> dict[str, Any]:
    text = response.content.decode()
    pairs = re.findall(r'name="(seen-[^"]+|key|confirmed)" value="([^"]+)"', text)
    return {**dict(pairs), "case": re.findall(r'name="case" value="([^"]+)"', text)}


def test_many_are_decided_each_for_itself_and_refusals_are_told(matter: Matter) -> None:
    cases = [matter.to("submitted"), Matter().to("submitted"), Matter(item="午休").to("submitted")]
    client = signed_in(matter.clerk)
    step = f"{FLOW}:pass_on"
    question = batch(client, step, cases)
    text = question.content.decode()
    assert question.status_code == 200
    assert "核对材料可以成批办理" in text
    assert "请先等午休结束。" in text
    sent = hidden(question)
    assert len(sent["case"]) == 2
    # One of them is withdrawn before the second click.
    services.apply(cases[0].pk, "withdraw", matter.applicant)
    result = client.post("/cases/batch/", {"step": step, "note": "", **sent})
    assert (result.context["done"], result.context["refused"]) == (1, 1)
    assert cases[0].number in result.content.decode()
    states = {case.pk: Case.objects.get(pk=case.pk).state for case in cases}
    assert list(states.values()) == ["withdrawn", "decided", "submitted"]
    again = client.post("/cases/batch/", {"step": step, "note": "", **sent})
    assert again.context["done"] == 1
    assert CaseEvent.objects.filter(case=cases[1], transition="pass_on").count() == 1


def test_only_steps_with_a_rule_are_taken_for_many(matter: Matter) -> None:
    case = matter.to("submitted")
    client = signed_in(matter.clerk)
    for step in (f"{FLOW}:ask", f"{FLOW}:nothing", "nothing:pass_on", "", "x"):
        response = batch(client, step, [case])
        assert response.status_code == 422, step
        assert "逐件办理" in response.content.decode()
    assert batch(signed_in(matter.decider), f"{FLOW}:pass_on", [case]).status_code == 422
    assert batch(signed_in(make_user("employee")), f"{FLOW}:pass_on", [case]).status_code == 403
    assert batch(client, f"{FLOW}:pass_on", []).status_code == 302
    assert matter.case.state == "submitted"


# ---- what people find of their own


def test_my_cases_are_mine_and_a_draft_is_deleted_after_a_question(matter: Matter) -> None:
    other = Matter()
    other.to("submitted")
    client = signed_in(matter.applicant)
    text = client.get("/cases/mine/").content.decode()
    assert f"/drafts/{matter.pk}/" in text
    assert str(other.pk) not in text
    address = f"/cases/{matter.pk}/delete/"
    assert signed_in(other.applicant).post(address).status_code == 404
    assert client.get(address).status_code == 200
    assert Case.objects.filter(pk=matter.pk).exists()
    assert client.post(address, follow=True).status_code == 200
    assert not Case.objects.filter(pk=matter.pk).exists()


def test_what_was_handed_in_is_not_deleted(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.applicant)
    assert client.post(f"/cases/{matter.pk}/delete/").status_code == 404
    assert matter.case.number in client.get("/cases/mine/").content.decode()


def test_the_workspace_lists_what_was_handed_in(matter: Matter) -> None:
    matter.to("told")
    lists = submission_lists(matter.applicant)
    found = [row for row in lists if row.url == "/cases/mine/"]
    assert [str(row.state) for row in found[0].submissions] == ["轮到您了"]
    assert "/cases/mine/" in signed_in(matter.applicant).get("/workspace/").content.decode()


def test_everybody_finds_the_entry_that_fits() -> None:
    def entries(client: Client) -> set[str]:
        text = client.get("/track/").content.decode()
        menu = text.split('class="navigation__list"')[1].split("</ul>")[0]
        return set(re.findall(r'href="(/cases/[^"]*|/track/)"', menu))

    assert entries(Client()) == {"/track/"}
    assert entries(signed_in(make_user("employee"))) == {"/cases/mine/"}
    assert entries(signed_in(make_user(CLERK))) == {"/cases/"}
    assert entries(signed_in(make_user(DECIDER))) == {"/cases/"}


# ---- the documentation


def test_the_documentation_is_made_from_the_table(matter: Matter) -> None:
    for code in (FLOW, "veterans-support"):
        table = flow(code)
        client = signed_in(matter.applicant)
        response = client.get(f"/cases/flows/{code}/")
        text = response.content.decode()
        assert response.status_code == 200
        named: list[Any] = [*table.states, *table.transitions, *table.clocks, *table.parties]
        for row in named:
            assert str(row.name) in text
        for transition in table.transitions:
            for guard in transition.guards:
                assert str(guard.says) in text
            assert transition.batch_clause in text
            assert transition.clause in text
        assert text.count('class="flow-drawing__box ') == len(table.states)
        assert 'style="' not in text
    assert client.get("/cases/flows/nothing/").status_code == 404
    assert Client().get(f"/cases/flows/{FLOW}/").status_code == 302


def test_no_two_lanes_of_the_diagram_lie_on_each_other() -> None:
    from portal.cases.diagram import _Drawer

    for code in (FLOW, "veterans-support"):
        drawer = _Drawer(flow(code))
        drawing = drawer.draw()
        for lanes in (drawer.left, drawer.right):
            for one in lanes:
                for other in lanes:
                    if one is not other and one.place == other.place:
                        assert one.ends[1] < other.ends[0] or other.ends[1] < one.ends[0]
        numbers = {int(number) for badge in drawing.badges for number in badge.text.split("·")}
        assert numbers == set(range(1, len(flow(code).transitions) + 1))
        for badge in drawing.badges:
            assert badge.left >= 0
            assert badge.left + badge.width <= drawing.width
