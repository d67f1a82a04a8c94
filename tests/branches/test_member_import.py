"""A roster file through the pages: looked at, taken over as a whole or not at all."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from branches.members import import_rows
from branches.models import MemberImport, Membership, PartyMember, StatusChange
from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotYours
from tests.factories.branches_members import make_group, make_member
from tests.factories.organizations import make_branch
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user
from tests.factories.rosters import BRANCH, cells_of, csv_bytes, roster_bytes, roster_row

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def branch() -> Unit:
    return make_branch(BRANCH)


@pytest.fixture
def officer() -> User:
    return make_user("party_staff")


def upload(client: Client, body: bytes, name: str = "名册.xlsx") -> Any:
    return client.post(reverse("branch_members_import"), {"sheet": SimpleUploadedFile(name, body)})


def test_a_file_is_shown_first_and_taken_over_once(branch: Unit, officer: User) -> None:
    group = make_group(branch, "第一党小组")
    person = make_person("何静", "T900001")
    client = Client()
    client.force_login(officer)
    rows = [
        roster_row(党小组="第一党小组", 身份证号=IDENTITY_NUMBERS[0]),
        roster_row(
            姓名="孙无号", 工号=None, 身份证号=IDENTITY_NUMBERS[1], 转正日期=None, 党员类别="预备"
        ),
    ]
    shown = upload(client, csv_bytes(cells_of(rows)), "名册.csv")
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "何*" in text and IDENTITY_NUMBERS[0] not in text
    kept = MemberImport.objects.get()
    assert "何静" not in str(MemberImport.objects.values_list("sha256", flat=True))
    assert not Membership.objects.exists()
    address = reverse("branch_members_import_preview", args=[kept.pk])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404
    members = {row.person.name: row for row in PartyMember.objects.select_related("person")}
    assert set(members) == {"何静", "孙无号"}
    person.refresh_from_db()
    assert person.identity_number == IDENTITY_NUMBERS[0]
    place = Membership.objects.get(member_id=person.pk)
    assert (place.group, place.valid_from) == (group, datetime.date(2026, 1, 1))
    assert members["孙无号"].confirmed_on is None
    assert StatusChange.objects.count() == 2
    kept.refresh_from_db()
    assert kept.content == "" and kept.taken_at


def test_one_bad_row_keeps_all_rows_out_and_every_fault_is_shown(
    branch: Unit, officer: User
) -> None:
    make_person("何静", "T900001")
    client = Client()
    client.force_login(officer)
    rows = [
        roster_row(),
        roster_row(入党日期="去年"),
        roster_row(党支部="没有的支部", 工号="T77777"),
    ]
    answer = upload(client, roster_bytes(*rows))
    assert answer.status_code == 422
    places = [(fault.row, fault.column) for fault in answer.context["faults"]]
    assert places == [(3, "H"), (4, "B"), (4, "E")]
    assert not MemberImport.objects.exists() and not PartyMember.objects.exists()


@pytest.mark.parametrize("name", ["名册.xls", "名册.xlsm", "名册.pdf", "名册"])
def test_a_file_of_another_kind_is_refused_by_its_name(name: str, officer: User) -> None:
    client = Client()
    client.force_login(officer)
    answer = upload(client, roster_bytes(roster_row()), name)
    assert answer.status_code == 422 and answer.context["form"].errors


def test_what_changed_between_looking_and_taking_over_is_refused(
    branch: Unit, officer: User
) -> None:
    person = make_person("何静", "T900001")
    row, preview = import_rows.keep(roster_bytes(roster_row()), officer)
    assert preview.branches == [(BRANCH, 1)] and preview.new_people == 0
    make_member(branch, person=person)
    with pytest.raises(import_rows.SheetRefused):
        import_rows.take_over(row.pk, officer)
    import_rows.discard(row.pk, officer)
    with pytest.raises(ChangedMeanwhile):
        import_rows.take_over(row.pk, officer)
    with pytest.raises(NotYours):
        import_rows.keep(roster_bytes(roster_row()), make_user("branch_secretary", unit=branch))


def test_files_that_nobody_confirms_are_forgotten(
    branch: Unit, officer: User, time_machine: Any
) -> None:
    make_person("何静", "T900001")
    import_rows.keep(roster_bytes(roster_row()), officer)
    import_rows.forget_old()
    assert MemberImport.objects.count() == 1
    time_machine.move_to("2026-12-01 09:00+08:00")
    import_rows.forget_old()
    assert not MemberImport.objects.exists()


def test_the_empty_workbook_is_one_that_is_read(officer: User, tmp_path: Any) -> None:
    client = Client()
    client.force_login(officer)
    path = tmp_path / "template.xlsx"
    answer: Any = client.get(reverse("branch_members_import_template"))
    path.write_bytes(b"".join(answer.streaming_content))
    book = load_workbook(path)
    book.worksheets[0].append(
        ["何静", "T900001", None, None, BRANCH, None, "正式党员", "2015-07-01", "2016-07-01"]
    )
    book.save(path)
    make_person("何静", "T900001")
    make_branch(BRANCH)
    assert len(import_rows.check(path.read_bytes()).lines) == 1


def test_a_roster_asks_few_queries_however_long(
    branch: Unit, officer: User, django_assert_max_num_queries: Any
) -> None:
    people = [make_person("何静", f"T91{number:04d}", identity_number="") for number in range(40)]
    rows = [roster_row(工号=person.employee_number) for person in people]
    row, _preview = import_rows.keep(roster_bytes(*rows), officer)
    with django_assert_max_num_queries(30):
        assert import_rows.take_over(row.pk, officer) == 40
    assert Person.objects.filter(party_member__isnull=False).count() == 40
