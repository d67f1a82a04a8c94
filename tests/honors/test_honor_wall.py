"""The wall and the records: who reads what, filters, pages, and the same queries for any number."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from honors.awards import page_drafts
from honors.models import Award
from portal.publishing import queue
from portal.record_links import person_links, unit_links
from tests.factories.honors import DECIDED, HonorOffice, make_award, post_title, title
from tests.factories.organizations import make_unit
from tests.factories.people import make_user

REVOKED: dict[str, Any] = {
    "state": "revoked",
    "state_number": "测党发〔2026〕29号",
    "state_reason": "弄虚作假",
    "state_on": DECIDED,
}


def names(client: Client, address: str) -> set[str]:
    page = client.get(address).content.decode()
    return {award.subject_name for award in Award.objects.all() if award.subject_name in page}


def test_the_wall_shows_what_was_granted_and_nothing_that_waits(db: None) -> None:
    make_award(name="甲有效")
    make_award(name="乙撤销", **REVOKED)
    make_award(name="丙待确认", confirmed=False)
    page = Client().get("/honors/").content.decode()
    assert "甲有效" in page and "乙撤销" in page and "丙待确认" not in page
    assert page.count("已撤销") == 1
    assert "弄虚作假" not in page


def test_title_unit_and_year_choose(db: None) -> None:
    mine = make_unit(code="MINE")
    team = make_unit(code="TEAM", parent=mine)
    make_award(name="甲", unit=team)
    make_award(post_title(), "乙岗", mine, year=2025)
    make_award(name="丙", year=2025)
    visitor = Client()
    assert names(visitor, "/honors/?kind=safety-model-post") == {"乙岗"}
    assert names(visitor, "/honors/?kind=model-post") == {"乙岗"}
    assert names(visitor, "/honors/?kind=excellent-member&year=2025") == {"丙"}
    assert names(visitor, "/honors/?unit=MINE") == {"甲", "乙岗"}
    assert names(visitor, "/honors/?unit=TEAM") == {"甲"}
    assert names(visitor, "/honors/?year=2025") == {"乙岗", "丙"}
    assert names(visitor, "/honors/?year=2025&kind=excellent-member") == {"丙"}
    said = visitor.get("/honors/?year=x&unit=%00NO&kind=nothing").content.decode()
    assert "“x”" in said and "没有" in said


@pytest.mark.parametrize("path", ["/honors/", "/honors/?year=2026&page=2"])
def test_twenty_and_two_hundred_cost_the_same(db: None, path: str) -> None:
    counts = []
    visitor = Client()
    for more in (25, 175):
        for _number in range(more):
            make_award()
        visitor.get(path)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert visitor.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


def test_a_page_is_linked_for_those_who_may_read_it(db: None) -> None:
    office = HonorOffice()
    reader = Client()
    reader.force_login(office.reader)
    for audience, to_visitor, to_reader in (
        ("public", True, True),
        ("employees", False, True),
        ("unit", False, False),
    ):
        award = make_award()
        page = page_drafts.draft_page(award.pk, office.staff)
        page = Page.objects.get(pk=page.pk).specific
        address = page.url
        # A draft is linked for nobody.
        assert address not in reader.get("/honors/").content.decode()
        page.audience = audience
        page.save_revision().publish(skip_permission_checks=True)
        queue.flush()
        cache.clear()
        assert (address in Client().get("/honors/").content.decode()) is to_visitor
        assert (address in reader.get("/honors/").content.decode()) is to_reader


def test_the_stories_stay_where_they_were(db: None) -> None:
    office = HonorOffice()
    award = make_award(name="讲述者")
    page = Page.objects.get(pk=page_drafts.draft_page(award.pk, office.staff).pk).specific
    page.save_revision().publish(skip_permission_checks=True)
    queue.flush()
    assert page.url in Client().get("/honors/?stories=1").content.decode()


def test_a_person_sees_the_own_record_and_nobody_elses(db: None) -> None:
    office = HonorOffice()
    branch = make_unit("party-branch", code="B1")
    other = make_unit("party-branch", code="B2")
    member = make_user("employee", unit=branch, name="田小禾")
    make_award(person=member.person, name="田小禾", unit=branch)
    make_award(title("model-worker"), "田小禾", branch, person=member.person, **REVOKED)
    address = f"/honor-roll/people/{member.person_id}/"
    own = Client()
    own.force_login(member)
    page = own.get("/honor-roll/mine/").content.decode()
    assert "优秀共产党员" in page and "劳动模范" in page and "已撤销" in page
    seen = {
        "own": member,
        "secretary": make_user("branch_secretary", unit=branch),
        "stranger": make_user("branch_secretary", unit=other),
        "employee": make_user("employee", unit=branch),
        "staff": office.staff,
        "auditor": office.auditor,
    }
    for name, user in seen.items():
        client = Client()
        client.force_login(user)
        expected = 200 if name in {"own", "secretary", "staff", "auditor"} else 404
        assert client.get(address).status_code == expected, name
    assert Client().get(address).status_code == 302


def test_a_branch_has_a_record_with_those_below_it(db: None) -> None:
    upper = make_unit(code="UP")
    make_award(name="甲", unit=make_unit(code="LOW", parent=upper))
    make_award(post_title(), "乙岗", upper, **REVOKED)
    make_award(name="丙")
    reader, family = Client(), Client()
    reader.force_login(make_user("employee"))
    family.force_login(make_user("military_family"))
    page = reader.get("/honor-roll/units/UP/").content.decode()
    assert "甲" in page and "乙岗" in page and "丙" not in page
    assert "有效荣誉1项" in page and "已撤销1项" in page
    assert family.get("/honor-roll/units/UP/").status_code == 403
    assert reader.get("/honor-roll/units/NONE/").status_code == 404


def test_pages_of_branches_and_members_lead_to_the_records(db: None) -> None:
    branch = make_unit("party-branch", code="B1")
    member, family = make_user("employee", unit=branch), make_user("military_family")
    stranger = make_user("branch_secretary", unit=make_unit("party-branch", code="B2"))
    assert [address for _title, address in unit_links(branch, member)] == ["/honor-roll/units/B1/"]
    assert unit_links(branch, family) == []
    address = f"/honor-roll/people/{member.person_id}/"
    assert [found for _title, found in person_links(member.person, member)] == [address]
    assert person_links(member.person, stranger) == []


def test_the_register_shows_each_role_its_part(db: None) -> None:
    office = HonorOffice()
    make_award(name="甲有效")
    make_award(name="乙待确认", confirmed=False, by=office.staff)
    for user, status in (
        (office.staff, 200),
        (office.approver, 200),
        (office.auditor, 200),
        (make_user("union_staff"), 200),
        (office.reader, 403),
        (make_user("branch_secretary"), 403),
        (make_user("archivist"), 403),
    ):
        client = Client()
        client.force_login(user)
        assert client.get("/honor-roll/awards/").status_code == status
    staff = Client()
    staff.force_login(office.staff)
    assert names(staff, "/honor-roll/awards/") == {"甲有效", "乙待确认"}
    assert names(staff, "/honor-roll/awards/?state=waiting") == {"乙待确认"}
    found = staff.post("/honor-roll/awards/", {"words": "甲有"}).content.decode()
    assert "甲有效" in found and "乙待确认" not in found
    assert staff.post("/honor-roll/awards/", {"words": ""}).status_code == 422


def test_the_register_costs_the_same_for_any_number(db: None) -> None:
    office = HonorOffice()
    client = Client()
    client.force_login(office.staff)
    counts = []
    for more in (20, 40):
        for _number in range(more):
            make_award()
        client.get("/honor-roll/awards/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/honor-roll/awards/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
