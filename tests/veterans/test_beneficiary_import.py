"""A workbook of the register: every fault by row and column, all rows or none."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile
from portal.spreadsheets.faults import SheetRefused
from tests.factories.beneficiaries import make_beneficiary, make_keeper, new_number
from tests.factories.people import make_person, make_user
from tests.factories.support import CARD
from veterans.beneficiaries import register, sheet_rows, sheets
from veterans.beneficiaries.refusals import NotTheKeeper
from veterans.models import Beneficiary, BeneficiaryImport, Certificate

pytestmark = [pytest.mark.database, pytest.mark.django_db]
HEADS = [field.column_name for field in sheets.columns().values()]
NAMES = list(sheets.columns())


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def keeper() -> User:
    return make_keeper()


def row(**values: Any) -> dict[str, Any]:
    """Return a row that is right, with changes."""
    return {
        "name": "秦月兰",
        "identity_number": new_number(),
        "phone": "13900000021",
        "categories": "V3、V5",
        "valid_from": datetime.date(2025, 1, 1),
        **values,
    }


def workbook(*rows: dict[str, Any], heads: list[Any] | None = None, title: str = "") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title or sheets.SHEET
    sheet.append(HEADS if heads is None else heads)
    for values in rows:
        sheet.append([values.get(name) for name in NAMES])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def faults_of(*rows: dict[str, Any]) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetRefused) as caught:
        sheet_rows.check(workbook(*rows))
    return [(fault.row, fault.column, str(fault.problem)) for fault in caught.value.faults]


def upload(body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("名册.xlsx", body)


ONE_CELL: list[tuple[str, Any]] = [
    ("name", None),
    ("name", "秦"),
    ("name", "秦" * 51),
    ("name", "秦月兰2"),
    ("identity_number", None),
    ("identity_number", "140000720801002"),
    ("identity_number", "1400001972080100"),
    ("identity_number", "140000197208010026"),
    ("identity_number", "140000197202300020"),
    ("identity_number", "14000019720801002A"),
    ("identity_number", 140000197208010025),
    ("phone", "1390000"),
    ("phone", "12900000000"),
    ("categories", None),
    ("categories", "V10"),
    ("categories", "烈属"),
    ("categories", "V3、V3"),
    ("level", "11"),
    ("level", "六"),
    ("valid_from", None),
    ("valid_from", "去年"),
    ("valid_from", "2025-02-30"),
    ("valid_to", "2025-13-01"),
    ("kind", "身份证"),
    ("number", "1" * 41),
    ("issued_on", "x"),
    ("valid_until", "x"),
    ("region", "14A"),
    ("address", "街" * 101),
    ("bank_name", "银" * 61),
    ("bank_card", "62000"),
    ("bank_card", 6200000000000000018),
    ("note", "备" * 301),
    ("employee_number", "1" * 21),
]


@pytest.mark.parametrize(("name", "value"), ONE_CELL)
def test_a_fault_of_a_cell_is_named_by_row_and_column(name: str, value: Any) -> None:
    found = faults_of(row(), row(**{name: value}))
    assert [(number, column) for number, column, _words in found] == [(3, sheets.letter_of(name))]
    assert found[0][2]


WITHIN: list[tuple[str, dict[str, Any]]] = [
    ("level", {"categories": "V2"}),
    ("level", {"level": "6"}),
    ("employee_number", {"categories": "V1"}),
    ("valid_to", {"valid_to": datetime.date(2024, 1, 1)}),
    ("valid_from", {"valid_from": datetime.date(1900, 1, 1)}),
    ("kind", {"number": "LS1"}),
    ("number", {"kind": "烈士证明书"}),
    ("kind", {"issued_on": datetime.date(2020, 1, 1)}),
    ("issued_on", {"kind": "优待证", "number": "1", "issued_on": datetime.date(2027, 1, 1)}),
    ("valid_until", {"kind": "优待证", "number": "1", "valid_until": datetime.date(2026, 1, 1)}),
    ("bank_name", {"bank_card": CARD}),
    ("bank_card", {"bank_name": "岚川储蓄银行"}),
]


@pytest.mark.parametrize(("name", "changed"), WITHIN)
def test_what_does_not_fit_within_a_row_is_named(name: str, changed: dict[str, Any]) -> None:
    found = faults_of(row(**changed), row())
    assert [(number, column) for number, column, _words in found] == [(2, sheets.letter_of(name))]


def test_what_does_not_fit_among_rows_names_the_other_row() -> None:
    number = new_number()
    money = {"bank_name": "岚川储蓄银行", "bank_card": CARD}
    paper = {"kind": "优待证", "number": "YD1"}
    found = faults_of(
        row(identity_number=number, **money, **paper),
        row(identity_number=number),
        row(**money),
        row(**paper),
    )
    assert [(line, column) for line, column, _words in found] == [
        (3, sheets.letter_of("identity_number")),
        (4, sheets.letter_of("bank_card")),
        (5, sheets.letter_of("number")),
    ]
    assert all("2" in words for _line, _column, words in found)


def test_what_contradicts_the_portal_is_named(keeper: User) -> None:
    there = make_beneficiary(keeper, bank_name="岚川储蓄银行", bank_card=CARD)
    register.add_certificate(
        there.pk,
        {"kind": "preference", "number": "YD1", "issued_on": None, "valid_until": None},
        [],
        keeper,
    )
    make_person("杜文渊", "100777", identity_number=new_number())
    make_person("葛长顺", None, identity_number=(known := new_number()))
    found = faults_of(
        row(identity_number=there.person.identity_number),
        row(employee_number="999999"),
        row(employee_number="100777", name="杜文渊"),
        row(identity_number=known, name="葛长"),
        row(employee_number="100777", identity_number=known, name="杜文渊"),
        row(kind="优待证", number="YD1"),
        row(bank_name="岚川储蓄银行", bank_card=CARD),
    )
    columns = {(line, column) for line, column, _words in found}
    assert columns >= {
        (2, sheets.letter_of("identity_number")),
        (3, sheets.letter_of("employee_number")),
        (4, sheets.letter_of("identity_number")),
        (5, sheets.letter_of("name")),
        (6, sheets.letter_of("identity_number")),
        (7, sheets.letter_of("number")),
        (8, sheets.letter_of("bank_card")),
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not a workbook",
        workbook(),
        workbook(row(), heads=HEADS[1:]),
        workbook(row(), heads=[*HEADS[:-1], HEADS[0]]),
    ],
)
def test_what_is_no_such_workbook_is_refused(body: bytes) -> None:
    with pytest.raises(SheetRefused):
        sheet_rows.check(body)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert faults_of(row(), row(), row())[0][0] == 4


def test_thirty_faults_at_once_are_all_shown_and_nothing_is_written(keeper: User) -> None:
    people = Person.objects.count()
    bad = [row(**{name: value}) for name, value in ONE_CELL]
    client = Client()
    client.force_login(keeper)
    body = workbook(row(), *bad)
    response = client.post(reverse("support_register_import"), {"sheet": upload(body)})
    assert response.status_code == 422
    assert response.context["count"] == len(ONE_CELL) >= 30
    shown = {(fault.row, fault.column) for fault in response.context["faults"]}
    assert shown == {
        (number, sheets.letter_of(name)) for number, (name, _v) in enumerate(ONE_CELL, start=3)
    }
    assert Person.objects.count() == people
    assert not Beneficiary.objects.exists()
    assert not BeneficiaryImport.objects.exists()


def test_a_workbook_is_looked_at_and_then_taken_over(keeper: User) -> None:
    employee = make_person("杜文渊", "100777")
    body = workbook(
        row(kind="烈士证明书", number="LS1", valid_until=datetime.date(2030, 1, 1)),
        row(name="葛长顺", bank_name="岚川储蓄银行", bank_card=CARD, categories="V2", level="6"),
        row(name="杜文渊", employee_number="100777", categories="V1", phone=""),
    )
    client = Client()
    client.force_login(keeper)
    response = client.post(reverse("support_register_import"), {"sheet": upload(body)})
    assert response.status_code == 200
    page = response.content.decode()
    assert "秦**" in page and "秦月兰" not in page
    assert not Beneficiary.objects.exists()
    waiting = BeneficiaryImport.objects.get()
    address = reverse("support_register_import_preview", args=[waiting.pk])
    assert client.get(address).status_code == 200
    other = Client()
    other.force_login(make_keeper())
    assert other.post(address).status_code == 404, "somebody else's"
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404, "once"
    assert Beneficiary.objects.count() == 3
    assert Beneficiary.objects.of_category("V5").get().person.name == "秦月兰"
    disabled = Beneficiary.objects.of_category("V2").get()
    assert (disabled.bank_card, disabled.categories.get().level) == (CARD, "6")
    assert Beneficiary.objects.with_everything().get(pk=employee.pk).person == employee
    employee.refresh_from_db()
    assert Person.objects.with_identity_number(employee.identity_number).get() == employee
    assert Certificate.objects.get().verified_at is None
    waiting.refresh_from_db()
    assert waiting.content == ""


def test_what_changed_between_looking_and_taking_over_is_refused(keeper: User) -> None:
    number = new_number()
    kept, _preview = sheet_rows.keep(workbook(row(), row(identity_number=number)), keeper)
    make_beneficiary(keeper, identity_number=number)
    with pytest.raises(SheetRefused):
        sheet_rows.take_over(kept.pk, keeper)
    assert Beneficiary.objects.count() == 1
    sheet_rows.discard(kept.pk, keeper)
    with pytest.raises(ChangedMeanwhile):
        sheet_rows.take_over(kept.pk, keeper)


def test_only_the_officer_imports(keeper: User) -> None:
    with pytest.raises(NotTheKeeper):
        sheet_rows.keep(workbook(row()), make_user("union_staff"))


def test_what_nobody_confirms_is_forgotten(keeper: User, time_machine: Any) -> None:
    sheet_rows.keep(workbook(row()), keeper)
    time_machine.move_to("2026-12-03 09:00+08:00")
    sheet_rows.forget_old()
    assert not BeneficiaryImport.objects.exists()


def test_the_template_is_taken_back_once_it_is_filled(keeper: User) -> None:
    client = Client()
    client.force_login(keeper)
    response = client.get(reverse("support_register_import_template"))
    book = load_workbook(io.BytesIO(b"".join(response)))
    values = row()
    book[sheets.SHEET].append([values.get(name) for name in NAMES])
    target = io.BytesIO()
    book.save(target)
    assert len(sheet_rows.check(target.getvalue()).lines) == 1
