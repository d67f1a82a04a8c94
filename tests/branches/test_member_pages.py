"""The pages of the roster and of committees: who sees what and not more, and that they work."""

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

from branches.members import tasks
from branches.models import (
    Membership,
    MemberTransfer,
    PartyMember,
    PartyPost,
    PartyTerm,
    TrainingHours,
)
from portal.organizations.models import Unit
from portal.people.models import User
from portal.personal_data.my_data import parts_of
from portal.roles.table import ROLES
from tests.factories.branches_members import (
    make_bar,
    make_group,
    make_member,
    make_members,
    make_post,
    make_term,
)
from tests.factories.organizations import make_branch
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
READ_ALL = {"party_staff", "party_approver", "discipline_auditor"}
READ_OWN = {"branch_secretary", "organization_member"}


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def branch() -> Unit:
    return make_branch("采煤队党支部", "DZ-CM")


@pytest.fixture
def other() -> Unit:
    return make_branch("选煤厂党支部", "DZ-XM")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, name: str, *arguments: Any, query: str = "", status: int = 200) -> str:
    response = client.get(reverse(name, args=arguments) + query)
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


def test_every_role_sees_its_members_and_not_more(branch: Unit, other: Unit) -> None:
    make_member(branch, "何采煤")
    theirs = make_member(other, "田选煤")
    for code in ROLES:
        client = signed_in(make_user(code, unit=branch))
        response = client.get(reverse("branch_members"))
        if code not in READ_ALL | READ_OWN:
            assert response.status_code == 403, code
            assert client.get(reverse("branch_member", args=[theirs.member_id])).status_code == 404
            continue
        names = {item["person"].name for item in response.context["rows"]}
        assert names == ({"何采煤", "田选煤"} if code in READ_ALL else {"何采煤"}), code
        seen = client.get(reverse("branch_member", args=[theirs.member_id])).status_code
        assert seen == (200 if code in READ_ALL else 404), code
        found = client.post(reverse("branch_members"), {"words": "田选煤"})
        assert len(found.context["rows"]) == (1 if code in READ_ALL else 0), code
        sheet = client.get(reverse("branch_members_sheet"))
        rows = list(load_workbook(io.BytesIO(b"".join(sheet)), read_only=True).worksheets[0].rows)
        assert {row[0].value for row in rows[1:]} == names, code
        overview = client.get(reverse("branch_organizations"))
        assert len(overview.context["page_obj"]) == (2 if code in READ_ALL else 1), code
        for address in ("branch_organization", "branch_training"):
            status = client.get(reverse(address, args=["DZ-XM"])).status_code
            assert status == (200 if code in READ_ALL else 404), (code, address)


def test_only_those_who_keep_a_branch_open_its_forms(branch: Unit, other: Unit) -> None:
    row = make_member(branch)
    staff = make_user("party_staff")
    keepers = [make_user("branch_secretary", unit=branch), staff]
    readers = [make_user("discipline_auditor"), make_user("party_approver")]
    addresses = [
        ("branch_member_end", row.member_id),
        ("branch_member_send", row.member_id),
        ("branch_training_add", branch.code),
        ("branch_post_add", branch.code),
        ("branch_term_add", branch.code),
    ]
    for name, key in addresses:
        for user in keepers:
            text_of(signed_in(user), name, key)
        for user in readers:
            text_of(signed_in(user), name, key, status=403)
        stranger = signed_in(make_user("branch_secretary", unit=other))
        text_of(stranger, name, key, status=404)
    for name, arguments in (
        ("branch_members_import", ()),
        ("branch_group_add", (branch.code,)),
        ("branch_change", (branch.code, "merged")),
    ):
        text_of(signed_in(keepers[0]), name, *arguments, status=403)
        text_of(signed_in(staff), name, *arguments)


def test_a_member_sees_the_own_record_and_no_other(branch: Unit) -> None:
    user = make_user("party_member", unit=branch, name="何静")
    assert user.person is not None
    client = signed_in(user)
    assert client.get(reverse("branch_member_mine")).status_code == 404
    make_member(branch, person=user.person)
    colleague = make_member(branch, "周立本")
    page = text_of(client, "branch_member_mine")
    assert "何静" in page and reverse("branch_member_end", args=[user.person.pk]) not in page
    text_of(client, "branch_member", user.person.pk)
    text_of(client, "branch_member", colleague.member_id, status=404)


def test_numbers_are_masked_everywhere(branch: Unit) -> None:
    person = make_person("何静", identity_number=IDENTITY_NUMBERS[0], phone="13900000077")
    make_member(branch, person=person)
    client = signed_in(make_user("party_staff"))
    sheet = client.get(reverse("branch_members_sheet"))
    cells = " ".join(
        str(cell.value)
        for row in load_workbook(io.BytesIO(b"".join(sheet))).worksheets[0].rows
        for cell in row
    )
    for text in (
        text_of(client, "branch_members"),
        text_of(client, "branch_member", person.pk),
        cells,
    ):
        assert IDENTITY_NUMBERS[0] not in text and "13900000077" not in text
    found = client.post(reverse("branch_members"), {"words": IDENTITY_NUMBERS[0]})
    assert [item["person"] for item in found.context["rows"]] == [person]


def test_lists_ask_the_same_queries_for_few_and_many(branch: Unit) -> None:
    group = make_group(branch)
    client = signed_in(make_user("party_staff"))

    def queries(name: str, *arguments: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name, args=arguments)).status_code == 200
        return len(captured)

    def add(count: int) -> None:
        for row in make_members(branch, count, group=group):
            make_post(branch, row.member.person, "member")
            make_bar(row.member, TODAY)
            MemberTransfer.objects.create(
                member=row.member,
                from_branch=branch,
                to_outside="外地党委",
                letter_number="〔2026〕第1号",
                letter_date=TODAY,
                valid_until=TODAY,
            )

    add(2)
    places: list[tuple[Any, ...]] = [
        ("branch_members",),
        ("branch_transfers",),
        ("branch_training", branch.code),
        ("branch_organizations",),
        ("branch_members_sheet",),
        ("branch_organization", branch.code),
    ]
    queries("branch_members")
    before = [queries(*place) for place in places]
    add(9)
    for _number in range(3):
        make_group(make_branch())
        make_group(branch)
    assert [queries(*place) for place in places] == before


def test_filters_and_orders_choose_what_they_say(branch: Unit, other: Unit) -> None:
    group = make_group(branch)
    full = make_member(branch, "甲全", group=group)
    new = make_member(
        branch,
        "乙预",
        joined_on=datetime.date(2026, 6, 1),
        confirmed_on=None,
        valid_from=datetime.date(2026, 6, 1),
    )
    due = make_member(
        branch,
        "丙期",
        joined_on=datetime.date(2025, 12, 1),
        confirmed_on=None,
        valid_from=datetime.date(2025, 12, 1),
    )
    barred = make_member(branch, "丁停")
    make_bar(barred.member, TODAY)
    left = make_member(branch, "戊走", valid_to=datetime.date(2026, 3, 1))
    elsewhere = make_member(other, "己外")
    client = signed_in(make_user("party_staff"))

    def names(query: str) -> list[str]:
        response = client.get(reverse("branch_members") + query)
        return [item["person"].name for item in response.context["rows"]]

    everybody = {row.member.person.name for row in (full, new, due, barred, elsewhere)}
    assert set(names("")) == everybody
    assert set(names(f"?branch={branch.code}")) == everybody - {"己外"}
    assert names(f"?branch={branch.code}&group={group.code}") == ["甲全"]
    assert set(names("?state=probationary")) == {"乙预", "丙期"}
    assert names("?state=due") == ["丙期"]
    assert names("?state=barred") == ["丁停"]
    assert names("?state=left") == [left.member.person.name]
    assert names("?order=joined")[-1] == "乙预"


def test_a_secretary_enters_moves_and_ends_through_the_pages(branch: Unit, other: Unit) -> None:
    client = signed_in(make_user("branch_secretary", unit=branch))
    person = make_person("何静", "100777")
    group = make_group(branch)
    form = {
        "name": "何静",
        "employee_number": "１００７７７",
        "branch": branch.pk,
        "joined_on": "2024-07-01",
        "confirmed_on": "",
        "valid_from": "2026-01-01",
        "start": "registered",
    }
    wrong = client.post(reverse("branch_member_add"), {**form, "name": "何敬"})
    assert wrong.status_code == 422 and "何敬" in wrong.content.decode()
    stranger = client.post(reverse("branch_member_add"), {**form, "branch": other.pk})
    assert stranger.status_code == 422
    made = client.post(reverse("branch_member_add"), form)
    assert made.status_code == 302, made.context["form"].errors
    key = PartyMember.objects.get().pk
    assert key == person.pk
    again = client.post(reverse("branch_member_add"), form)
    assert again.status_code == 422
    for name, data in (
        ("branch_member_confirm", {"day": "2025-07-01"}),
        ("branch_member_regroup", {"group": group.pk, "day": "2026-11-20"}),
        (
            "branch_member_correct",
            {"joined_on": "2024-07-02", "confirmed_on": "2025-07-02", "reason": "录入错误"},
        ),
        ("branch_member_bar", {"kind": "detained", "valid_from": "2026-11-01"}),
    ):
        response = client.post(reverse(name, args=[key]), data)
        assert response.status_code == 302, (name, response.context["form"].errors)
    bar = PartyMember.objects.get().voting_bars.get()
    client.post(reverse("branch_member_lift", args=[bar.pk]), {"day": "2026-11-20"})
    page = text_of(client, "branch_member", key)
    assert "录入错误" in page and group.name in page
    sent = client.post(
        reverse("branch_member_send", args=[key]),
        {
            "to_branch": other.pk,
            "letter_number": "〔2026〕第12号",
            "letter_date": "2026-11-23",
            "valid_until": "2026-12-23",
        },
    )
    assert sent.status_code == 302
    row = MemberTransfer.objects.get()
    letter = client.get(reverse("branch_transfer_letter", args=[row.pk]))
    assert letter.content[:5] == b"%PDF-"
    theirs = signed_in(make_user("branch_secretary", unit=other))
    assert "何静" in text_of(theirs, "branch_transfers")
    done = theirs.post(reverse("branch_transfer_receive", args=[row.pk]), {"day": "2026-11-23"})
    assert done.status_code == 302
    text_of(client, "branch_transfers", query="?state=all")
    # The old branch still sees who belonged to it, and changes nothing of it.
    assert reverse("branch_member_end", args=[key]) not in text_of(client, "branch_member", key)
    ended = theirs.post(
        reverse("branch_member_end", args=[key]), {"reason": "left", "day": "2026-11-23"}
    )
    assert ended.status_code == 302
    assert Membership.objects.filter(valid_to__isnull=True).count() == 0


def test_hours_are_entered_for_many_and_taken_out(branch: Unit) -> None:
    rows = make_members(branch, 3)
    client = signed_in(make_user("branch_secretary", unit=branch))
    text_of(client, "branch_training_add", branch.code)
    form = {
        "day": "2026-11-20",
        "topic": "学习全会精神",
        "hours": "4",
        "kind": "study",
        "members": [row.member_id for row in rows[:2]],
    }
    wrong = client.post(reverse("branch_training_add", args=[branch.code]), {**form, "topic": ""})
    assert wrong.status_code == 422
    saved = client.post(reverse("branch_training_add", args=[branch.code]), form)
    assert saved.status_code == 302
    assert TrainingHours.objects.count() == 2
    assert "4/32" in text_of(client, "branch_training", branch.code)
    client.post(reverse("branch_hours_remove", args=[TrainingHours.objects.first().pk]))  # type: ignore[union-attr]
    assert TrainingHours.objects.count() == 1


def test_committee_terms_and_warnings_through_the_pages(branch: Unit) -> None:
    rows = make_members(branch, 8)
    client = signed_in(make_user("party_staff"))
    page = text_of(client, "branch_organizations")
    assert "未设支部委员会" in page and "第二十二条" in page
    person = rows[0].member.person
    given = client.post(
        reverse("branch_post_add", args=[branch.code]),
        {"person": person.pk, "kind": "secretary", "valid_from": "2026-01-05"},
    )
    assert given.status_code == 302
    twice = client.post(
        reverse("branch_post_add", args=[branch.code]),
        {"person": rows[1].member_id, "kind": "secretary", "valid_from": "2026-02-05"},
    )
    assert twice.status_code == 422 and person.name in twice.content.decode()
    post = PartyPost.objects.get()
    client.post(reverse("branch_post_end", args=[post.pk]), {"day": "2026-11-20"})
    client.post(
        reverse("branch_term_add", args=[branch.code]),
        {"elected_on": "2023-08-21", "first_day": "2023-08-21", "last_day": "2026-08-20"},
    )
    page = text_of(client, "branch_organization", branch.code)
    assert "已届满" in page and person.name in page
    term = PartyTerm.objects.get()
    client.post(
        reverse("branch_term_extend", args=[term.pk]),
        {"extended_to": "2027-02-20", "extension_document": "沁岚党发〔2026〕15号"},
    )
    assert "已届满，未换届" not in text_of(client, "branch_organization", branch.code)
    made = client.post(
        reverse("branch_group_add", args=[branch.code]),
        {"name": "第三党小组", "code": "CM-3", "valid_from": "2026-11-01"},
    )
    assert made.status_code == 302


def test_a_branch_is_merged_after_a_page_that_says_what_happens(branch: Unit, other: Unit) -> None:
    group = make_group(branch)
    rows = make_members(branch, 3, group=group)
    make_post(branch, rows[0].member.person)
    make_term(branch, datetime.date(2025, 1, 1), datetime.date(2027, 12, 31))
    client = signed_in(make_user("party_staff"))
    form = {"into": other.pk, "day": "2026-11-23", "document": "沁岚党发〔2026〕20号"}
    address = reverse("branch_change", args=[branch.code, "merged"])
    asked = client.post(address, form)
    assert asked.status_code == 200 and "3名党员" in asked.content.decode()
    assert Membership.objects.filter(branch=other).count() == 0
    done = client.post(address, {**form, "confirmed": "yes"})
    assert done.status_code == 302
    branch.refresh_from_db()
    assert branch.merged_into == other and branch.valid_to == datetime.date(2026, 11, 22)
    assert Membership.objects.filter(branch=other, valid_to__isnull=True).count() == 3
    page = text_of(client, "branch_organization", branch.code)
    assert other.name in page
    text_of(client, "branch_organization", other.code)
    again = client.post(address, {**form, "confirmed": "yes"})
    assert again.status_code in (409, 422)


def test_what_waits_stands_in_the_workspace_of_who_keeps_the_branch(
    branch: Unit, other: Unit
) -> None:
    due = make_member(
        branch,
        "丙期",
        joined_on=datetime.date(2025, 12, 1),
        confirmed_on=None,
        valid_from=datetime.date(2025, 12, 1),
    )
    make_member(
        branch,
        "乙预",
        joined_on=datetime.date(2026, 6, 1),
        confirmed_on=None,
        valid_from=datetime.date(2026, 6, 1),
    )
    moving = make_member(branch, "丁转")
    row = MemberTransfer.objects.create(
        member=moving.member,
        from_branch=branch,
        to_branch=other,
        letter_number="〔2026〕第1号",
        letter_date=TODAY,
        valid_until=TODAY,
    )
    here, there = (make_user("branch_secretary", unit=unit) for unit in (branch, other))
    receive = reverse("branch_transfer_receive", args=[row.pk])

    def waits(user: User) -> list[str]:
        return [
            task.url
            for source in (tasks.letters, tasks.probations)
            for task in getattr(source(user), "tasks", ())
        ]

    assert waits(here) == [reverse("branch_member", args=[due.member_id])]
    assert waits(there) == [receive]
    assert waits(make_user("party_staff")) == []
    assert waits(make_user("party_member", unit=branch)) == []
    assert receive in text_of(signed_in(there), "branch_transfers")


def test_a_member_gets_everything_that_is_kept(branch: Unit) -> None:
    user = make_user("party_member", unit=branch)
    row = make_member(branch, person=user.person)
    make_bar(row.member, TODAY)
    part = next(one for one in parts_of(user) if one.code == "party-member")
    text = str(part.rows)
    assert branch.name in text and "2015" in text and "2026" in text
    assert not next(one for one in parts_of(make_user()) if one.code == "party-member").rows
