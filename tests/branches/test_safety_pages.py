"""The pages of safety work: who sees which rows, who writes, Excel, the own page."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import Hazard, ResponsibilityArea, SafetyMerit, SafetyPledge
from branches.safety import areas, ledger, pledges
from tests.factories.people import make_user
from tests.factories.safety import (
    SafetyWorld,
    issue_pledges,
    make_hazard,
    make_safety_world,
    merit_values,
)
from tests.factories.uploads import upload

pytestmark = pytest.mark.django_db
LISTS = ("safety_areas", "safety_pledges", "safety_inspections", "safety_hazards", "safety_ledger")


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def world() -> SafetyWorld:
    return make_safety_world()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_lists_show_readers_all_branches_keepers_their_own_and_others_nothing(
    world: SafetyWorld,
) -> None:
    hazard = make_hazard(world)
    for user, seen in (
        (world.staff, [hazard]),
        (world.auditor, [hazard]),
        (world.secretary, [hazard]),
        (world.outsider, []),
    ):
        page = client_of(user).get(reverse("safety_hazards"))
        assert list(page.context["page_obj"]) == seen
    employee = client_of(make_user("employee"))
    for name in LISTS:
        assert employee.get(reverse(name)).status_code == 403
    assert client_of(world.outsider).get(
        reverse("safety_hazard", args=[hazard.pk])
    ).status_code == (404)


def test_a_finder_reads_the_own_hazard_and_writes_nothing_there(world: SafetyWorld) -> None:
    hazard = make_hazard(world)
    finder = client_of(make_user("employee", person=world.member))
    page = finder.get(reverse("safety_hazard", args=[hazard.pk]))
    assert page.status_code == 200
    assert not page.context["keeps"]
    answer = finder.post(reverse("safety_hazard_removed", args=[hazard.pk]), {})
    assert answer.status_code == 403


def test_a_hazard_goes_through_the_pages_and_keeps_what_was_typed(world: SafetyWorld) -> None:
    secretary = client_of(world.secretary)
    address = reverse("safety_hazard_add", args=[world.branch.code])
    typed = {
        "kind": "roof",
        "grade": "major",
        "place": "1203工作面",
        "description": "顶板离层仪读数超限",
        "found_by": world.member.pk,
        "found_on": "2026-11-23",
        "responsible_unit": world.team.pk,
        "measure": "补打锚索",
        "due_on": "2026-11-20",
    }
    refused = secretary.post(address, typed)
    assert refused.status_code == 422
    assert "顶板离层仪读数超限" in refused.content.decode()
    assert list(refused.context["form"].errors) == ["due_on"]
    secretary.post(address, {**typed, "due_on": "2026-11-30"})
    hazard = Hazard.objects.get()
    removed = reverse("safety_hazard_removed", args=[hazard.pk])
    values = {
        "version": 0,
        "removed_by": world.people[0].employee_number,
        "removed_on": "2026-11-23",
        "words": "已补打",
    }
    assert secretary.post(removed, {**values, "removed_by": "9999999"}).status_code == 422
    assert secretary.post(removed, values).status_code == 302
    own = secretary.post(
        reverse("safety_hazard_check", args=[hazard.pk]), {"version": 1, "answer": "gone"}
    )
    assert own.status_code == 403
    client_of(world.organizer).post(
        reverse("safety_hazard_check", args=[hazard.pk]), {"version": 1, "answer": "gone"}
    )
    hazard.refresh_from_db()
    assert hazard.state == "closed"


def test_lists_ask_the_same_queries_for_any_number_of_rows(world: SafetyWorld) -> None:
    staff = client_of(world.staff)

    def fill() -> None:
        make_hazard(world)
        ledger.write(world.branch, merit_values(person=world.member), world.secretary)
        number = ResponsibilityArea.objects.count()
        areas.open_area(
            world.branch,
            {
                "name": f"区域{number}",
                "kind": "face",
                "duties": "",
                "valid_from": datetime.date(2026, 9, 1),
                "people": world.people[:2],
            },
            world.secretary,
        )

    issue_pledges(world, world.people[:1])
    fill()

    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(reverse(name)).status_code == 200
        return len(asked)

    for name in LISTS:
        queries(name)
    before = {name: queries(name) for name in LISTS}
    for _number in range(5):
        fill()
    issue_pledges(world)
    assert {name: queries(name) for name in LISTS} == before


def test_a_pledge_is_read_and_signed_on_the_own_page(world: SafetyWorld) -> None:
    member = make_user("employee", person=world.member)
    pledge = next(row for row in issue_pledges(world) if row.person_id == world.member.pk)
    client = client_of(member)
    mine = client.get(reverse("my_safety"))
    assert list(mine.context["pledges"]) == [pledge]
    page = client.get(reverse("safety_pledge", args=[pledge.pk]))
    assert page.context["may_sign"]
    client.post(reverse("safety_pledge_sign", args=[pledge.pk]), {"digest": page.context["digest"]})
    pledge.refresh_from_db()
    assert pledge.is_signed
    again = client.post(
        reverse("safety_pledge_sign", args=[pledge.pk]), {"digest": page.context["digest"]}
    )
    assert again.status_code == 409
    other = next(row for row in SafetyPledge.objects.all() if row.person_id != world.member.pk)
    assert client.get(reverse("safety_pledge", args=[other.pk])).status_code == 404


def test_a_scan_of_a_pledge_is_read_by_its_person_and_its_branch_alone(world: SafetyWorld) -> None:
    pledge = next(row for row in issue_pledges(world) if row.person_id == world.member.pk)
    secretary = client_of(world.secretary)
    address = reverse("safety_pledge_paper", args=[pledge.pk])
    assert secretary.post(address, {}).status_code == 422
    assert secretary.post(address, {"scan": upload()}).status_code == 302
    (scan,) = pledges.scans(pledge)
    file = reverse("stored_file", args=[scan.pk])
    for user, status in (
        (world.secretary, 200),
        (make_user("employee", person=world.member), 200),
        (world.auditor, 200),
        (world.outsider, 404),
        (make_user("employee"), 404),
    ):
        assert client_of(user).get(file).status_code == status
    pledge.refresh_from_db()
    assert pledge.on_paper


def test_excel_holds_what_the_list_shows(world: SafetyWorld) -> None:
    make_hazard(world)
    issue_pledges(world)
    ledger.write(world.branch, merit_values(person=world.member), world.secretary)
    for name, rows in (
        ("safety_hazards_sheet", 1),
        ("safety_pledges_sheet", 5),
        ("safety_ledger_sheet", 1),
    ):
        answer: Any = client_of(world.secretary).get(reverse(name))
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        assert book.worksheets[0].max_row == rows + 1
        other: Any = client_of(world.outsider).get(reverse(name))
        empty = load_workbook(io.BytesIO(b"".join(other.streaming_content)))
        assert empty.worksheets[0].max_row == 1


def test_a_line_is_taken_back_on_its_page(world: SafetyWorld) -> None:
    line = ledger.write(world.branch, merit_values(), world.secretary)
    address = reverse("safety_ledger_take_back", args=[line.pk])
    assert client_of(world.outsider).get(address).status_code == 404
    assert client_of(world.auditor).get(address).status_code == 403
    client = client_of(world.organizer)
    assert client.post(address, {"reason": "记错"}).status_code == 302
    assert client.post(address, {"reason": "记错"}).status_code == 409
    assert SafetyMerit.objects.count() == 2


def test_the_page_of_a_member_tells_of_the_safety_work_of_the_year(world: SafetyWorld) -> None:
    make_hazard(world)
    page = client_of(world.secretary).get(reverse("branch_member", args=[world.member.pk]))
    assert str(page.context["safety"][0]) == "发现隐患1条，其中已销号0条。"
    own = client_of(make_user("employee", person=world.member)).get(reverse("branch_member_mine"))
    assert len(own.context["safety"]) == len(page.context["safety"])
