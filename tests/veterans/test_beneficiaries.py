"""The register of beneficiaries: what is kept, who sees which page, how numbers are shown."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from portal.cases.models import Kinship
from portal.people.models import Person, User
from portal.personal_data import exports
from portal.personal_data.models import Reveal
from portal.refusals import ChangedMeanwhile
from portal.roles.table import ROLES
from portal.workdays.periods import months_later
from tests.factories.beneficiaries import another_photo, make_beneficiary, make_keeper, new_number
from tests.factories.people import make_person, make_user
from tests.factories.support import CARD
from veterans.beneficiaries import register
from veterans.beneficiaries.refusals import NotTheKeeper, RegisterRefused
from veterans.models import Beneficiary, Certificate, PaperOnFile
from veterans.models.beneficiaries import is_minor

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def keeper() -> User:
    return make_keeper()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- What is kept


def test_an_employee_is_found_by_number_and_completed(keeper: User) -> None:
    employee = make_person("杜文渊", "100777", phone="13900000077")
    number = new_number()
    made = make_beneficiary(
        keeper, "杜文渊", employee_number="100777", identity_number=number, category="V1"
    )
    employee.refresh_from_db()
    assert made.person == employee
    assert employee.identity_number == number
    assert employee.phone == "13900000077", "the register of people keeps an employee's phone"
    assert not made.is_external


@pytest.mark.parametrize(
    ("changed", "fieldname"),
    [
        ({"employee_number": "999999"}, "employee_number"),
        ({"employee_number": "100777"}, "identity_number"),
        ({"name": "另一个名字"}, "name"),
    ],
)
def test_numbers_that_contradict_the_portal_are_refused(
    keeper: User, changed: dict[str, str], fieldname: str
) -> None:
    known = make_person("秦月兰", None, identity_number=new_number())
    make_person("杜文渊", "100777")
    with pytest.raises(ValidationError) as caught:
        make_beneficiary(keeper, **{"identity_number": known.identity_number, **changed})
    assert set(caught.value.message_dict) == {fieldname}
    assert not Beneficiary.objects.exists()


def test_nobody_is_taken_in_twice_and_only_the_officer_writes(keeper: User) -> None:
    made = make_beneficiary(keeper)
    with pytest.raises(RegisterRefused):
        make_beneficiary(keeper, identity_number=made.person.identity_number)
    for role in sorted(set(ROLES) - {"veterans_officer"}):
        with pytest.raises(NotTheKeeper):
            make_beneficiary(make_user(role))


def test_a_category_does_not_overlap_itself(keeper: User) -> None:
    made = make_beneficiary(keeper, valid_to=datetime.date(2025, 12, 31))
    again = {"category": "V3", "valid_from": datetime.date(2025, 12, 31), "valid_to": None}
    with pytest.raises(ValidationError):
        register.add_category(made.pk, again, keeper)
    row = register.add_category(made.pk, {**again, "valid_from": datetime.date(2026, 1, 1)}, keeper)
    assert set(Beneficiary.objects.of_category("V3")) == {made}
    assert not Beneficiary.objects.of_category("V4").exists()
    with pytest.raises(ValidationError):
        register.end_category(row.pk, datetime.date(2025, 6, 1), keeper)
    register.end_category(row.pk, datetime.date(2026, 6, 1), keeper)
    assert not Beneficiary.objects.of_category("V3").exists()


def test_a_certificate_counts_once_it_was_verified(keeper: User) -> None:
    made = make_beneficiary(keeper)
    values = {"kind": "martyr", "number": "LS0001", "issued_on": None, "valid_until": None}
    row = register.add_certificate(made.pk, values, [another_photo()], keeper)
    assert not PaperOnFile.objects.exists()
    register.verify_certificate(row.pk, keeper)
    register.verify_certificate(row.pk, keeper)
    paper = PaperOnFile.objects.get()
    assert (paper.material, paper.person_id, paper.verified_by) == (
        "martyr-certificate",
        made.pk,
        keeper,
    )
    other = make_beneficiary(keeper, "葛长顺")
    with pytest.raises(ValidationError) as caught:
        register.add_certificate(other.pk, values, [another_photo()], keeper)
    assert set(caught.value.message_dict) == {"number"}
    register.withdraw_certificate(row.pk, keeper)
    paper.refresh_from_db()
    assert paper.withdrawn_on == TODAY
    assert register.add_certificate(other.pk, values, [another_photo()], keeper).pk


def test_an_expired_certificate_cannot_be_verified(keeper: User) -> None:
    made = make_beneficiary(keeper)
    values = {
        "kind": "preference",
        "number": "YD1",
        "issued_on": datetime.date(2020, 1, 1),
        "valid_until": datetime.date(2025, 1, 1),
    }
    row = register.add_certificate(made.pk, values, [], keeper)
    with pytest.raises(RegisterRefused):
        register.verify_certificate(row.pk, keeper)


def test_relatives_stand_aside_and_make_a_household(keeper: User) -> None:
    made, son = make_beneficiary(keeper), make_person("秦小山", identity_number=new_number())
    values = {
        "name": son.name,
        "identity_number": son.identity_number,
        "kind": "child",
        "same_household": True,
    }
    tie = register.add_tie(made.pk, values, keeper)
    assert Kinship.objects.filter(person=made.person, relative=son).exists()
    assert register.household_of(made.pk) == register.household_of(son.pk) == {made.pk, son.pk}
    for changed in (
        {"name": "别人"},
        {"name": made.person.name, "identity_number": made.person.identity_number},
    ):
        with pytest.raises(ValidationError):
            register.add_tie(made.pk, {**values, **changed}, keeper)
    register.remove_tie(tie.pk, made.pk, keeper)
    assert not Kinship.objects.exists()
    assert register.household_of(made.pk) == {made.pk}


def test_who_left_stays_in_the_table_but_not_in_the_list(keeper: User) -> None:
    made = make_beneficiary(keeper)
    register.leave(made.pk, TODAY, "去世", keeper)
    with pytest.raises(ChangedMeanwhile):
        register.leave(made.pk, TODAY, "去世", keeper)
    client = signed_in(keeper)
    address = reverse("support_beneficiaries")
    assert not client.get(address).context["page_obj"].object_list
    assert list(client.get(address, {"state": "left"}).context["page_obj"]) == [made]


@given(
    day=some.dates(datetime.date(1950, 1, 1), datetime.date(2090, 12, 31)),
    months=some.integers(0, 400),
)
def test_months_later_keeps_the_day_where_there_is_one(day: datetime.date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + datetime.timedelta(days=1)).day == 1


@given(born=some.dates(datetime.date(1950, 1, 1), datetime.date(2026, 11, 23)))
def test_somebody_is_of_age_from_the_eighteenth_birthday_on(born: datetime.date) -> None:
    from tests.factories.people import identity_number

    number = identity_number(f"{born:%Y%m%d}", 21)
    birthday = months_later(born, 18 * 12)
    if born.month == 2 and born.day == 29:
        birthday += datetime.timedelta(days=1)
    assert is_minor(number, birthday - datetime.timedelta(days=1))
    assert not is_minor(number, birthday)


# ---- Pages


def pages_of(made: Beneficiary) -> dict[str, str]:
    return {
        "list": reverse("support_beneficiaries"),
        "detail": reverse("support_beneficiary", args=[made.pk]),
        "benefits": reverse("support_benefits_office"),
        "add": reverse("support_beneficiary_add"),
        "edit": reverse("support_beneficiary_edit", args=[made.pk]),
        "category": reverse("support_category_add", args=[made.pk]),
        "certificate": reverse("support_certificate_add", args=[made.pk]),
        "family": reverse("support_tie_add", args=[made.pk]),
        "leave": reverse("support_beneficiary_leave", args=[made.pk]),
        "acting": reverse("support_representation_add", args=[made.pk]),
        "apply": reverse("support_apply_for", args=[made.pk]),
        "invite": reverse("support_invite", args=[made.pk]),
        "import": reverse("support_register_import"),
        "template": reverse("support_register_import_template"),
    }


READ = {"list", "detail", "benefits"}


def test_exactly_who_opens_which_page(keeper: User) -> None:
    made = make_beneficiary(keeper)
    pages = pages_of(made)
    expected: dict[str, set[str]] = {role: set() for role in ROLES} | {
        "veterans_officer": set(pages),
        "discipline_auditor": READ,
    }
    for role, allowed in expected.items():
        client = signed_in(make_user(role))
        opened = {name for name, page in pages.items() if client.get(page).status_code == 200}
        assert opened == allowed, role
    for client in (signed_in(make_user(is_superuser=True)), signed_in(make_user())):
        assert {client.get(page).status_code for page in pages.values()} == {403}
    assert {Client().get(page).status_code for page in pages.values()} == {302}


def test_numbers_are_masked_on_every_page(keeper: User) -> None:
    made = make_beneficiary(keeper, bank_name="岚川储蓄银行", bank_card=CARD)
    values = {"kind": "martyr", "number": "LS20250001", "issued_on": None, "valid_until": None}
    register.add_certificate(made.pk, values, [], keeper)
    for user in (keeper, make_user("discipline_auditor")):
        for name in ("list", "detail"):
            page = signed_in(user).get(pages_of(made)[name]).content.decode()
            for secret in (made.person.identity_number, made.person.phone, CARD, "LS20250001"):
                assert secret not in page, (name, secret)
            assert made.masked_identity_number in page


def test_a_whole_number_is_shown_for_a_reason_and_written_down(keeper: User) -> None:
    made = make_beneficiary(keeper, bank_name="岚川储蓄银行", bank_card=CARD)
    row = register.add_certificate(
        made.pk,
        {"kind": "martyr", "number": "LS20250001", "issued_on": None, "valid_until": None},
        [],
        keeper,
    )
    addresses = [
        reverse("reveal_value", args=["people.Person.identity_number", made.pk]),
        reverse("reveal_value", args=["people.Person.phone", made.pk]),
        reverse("reveal_value", args=["veterans.Beneficiary.bank_card", made.pk]),
        reverse("reveal_value", args=["veterans.Certificate.number", row.pk]),
    ]
    for address in addresses:
        assert signed_in(keeper).get(address).status_code == 200
        for role in sorted(set(ROLES) - {"veterans_officer", "system_administrator"}):
            assert signed_in(make_user(role)).get(address).status_code == 404, (role, address)
    stranger = make_person("不在册", identity_number=new_number())
    outside = reverse("reveal_value", args=["people.Person.phone", stranger.pk])
    assert signed_in(keeper).get(outside).status_code == 404, "not in the register"
    assert keeper.person is not None
    Kinship.objects.create(person=keeper.person, relative=made.person, kind="sibling")
    assert signed_in(keeper).get(addresses[0]).status_code == 404, "a relative"
    assert not Reveal.objects.exists()


def test_a_search_stands_in_no_address(keeper: User) -> None:
    made, other = make_beneficiary(keeper), make_beneficiary(keeper, "葛长顺")
    client = signed_in(keeper)
    address = reverse("support_beneficiaries")
    for words in ("月兰", made.person.identity_number, f" {made.person.identity_number[:6]} "):
        response = client.post(address, {"words": words})
        found = list(response.context["page_obj"])
        assert found == ([made] if len(words) != 8 else []), words
        assert response.status_code == 200
    assert set(client.post(address, {"words": "13900000021"}).context["page_obj"]) == {made, other}
    assert client.post(address, {"words": ""}).status_code == 422


def test_filters_and_orders(keeper: User) -> None:
    family = make_beneficiary(keeper, "乙", category="V4")
    make_person("甲", "100777")
    employee = make_beneficiary(
        keeper, "甲", employee_number="100777", identity_number=new_number(), category="V1"
    )
    client = signed_in(keeper)
    address = reverse("support_beneficiaries")

    def shown(**query: str) -> list[Beneficiary]:
        return list(client.get(address, query).context["page_obj"])

    assert shown(category="V4") == [family]
    assert shown(place="inside") == [employee]
    assert shown(place="outside") == [family]
    assert shown(category="V9") == []
    assert shown(order="newest")[0] == employee
    assert set(shown(category="x", place="x", order="x", page="x")) == {family, employee}


def test_the_list_costs_the_same_with_more_people(keeper: User) -> None:
    client = signed_in(keeper)
    address = reverse("support_beneficiaries")
    for _number in range(2):
        make_beneficiary(keeper)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _number in range(18):
        make_beneficiary(keeper)
    with CaptureQueriesContext(connection) as many:
        response = client.get(address)
    assert len(response.context["page_obj"]) == 20
    assert len(many) == len(few)


def test_bad_input_is_said_next_to_the_field_and_stays_typed(keeper: User) -> None:
    client = signed_in(keeper)
    typed = {
        "name": "秦月兰",
        "identity_number": "140000197208010026",
        "phone": "1390",
        "category": "V2",
        "valid_from": "2026-02-30",
        "bank_card": "6200",
    }
    response = client.post(reverse("support_beneficiary_add"), typed)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {
        *("identity_number", "phone", "level", "valid_from", "bank_card"),
    }
    page = response.content.decode()
    assert all(value in page for value in ("秦月兰", "140000197208010026", "1390"))
    assert not Person.objects.filter(name="秦月兰").exists()


def test_the_officer_does_everything_through_the_pages(keeper: User) -> None:
    client = signed_in(keeper)
    number = new_number()
    typed = {
        "name": "秦月兰",
        "identity_number": number,
        "phone": "139 0000 0007",
        "category": "V3",
        "valid_from": "2026-01-01",
    }
    response = client.post(reverse("support_beneficiary_add"), typed)
    made = Beneficiary.objects.get()
    assert response["Location"] == reverse("support_beneficiary", args=[made.pk])
    pages = pages_of(made)
    details = {
        "name": "秦月兰",
        "phone": "13900000008",
        "address": "青石梁街道",
        "note": "听力不好",
    }
    assert client.post(pages["edit"], details).status_code == 302
    certificate = {"kind": "martyr", "number": "ＬＳ 001", "photo": another_photo()}
    assert client.post(pages["certificate"], certificate).status_code == 302
    row = Certificate.objects.get()
    assert (row.number, row.file is not None) == ("LS001", True)
    client.post(reverse("support_certificate_verify", args=[row.pk]))
    relative = {"name": "秦小山", "identity_number": new_number(), "kind": "child"}
    assert client.post(pages["family"], relative).status_code == 302
    made.refresh_from_db()
    assert (made.address, made.person.phone) == ("青石梁街道", "13900000008")
    page = client.get(pages["detail"]).content.decode()
    assert all(words in page for words in ("青石梁街道", "听力不好", "秦小山", "烈士证明书"))
    assert client.get(reverse("stored_file", args=[row.file_id])).status_code == 200
    for role in ("union_staff", "employee", "security_administrator"):
        other = signed_in(make_user(role))
        assert other.get(reverse("stored_file", args=[row.file_id])).status_code == 404, role
    assert client.post(pages["leave"], {"day": "2026-11-23", "reason": "迁出"}).status_code == 302
    assert client.post(reverse("support_beneficiary_return", args=[made.pk])).status_code == 302


# ---- Export


def test_the_register_leaves_the_portal_by_the_approval_of_a_second_person(keeper: User) -> None:
    made = make_beneficiary(keeper, bank_name="岚川储蓄银行", bank_card=CARD)
    security = make_user("security_administrator")
    for whole in (False, True):
        asked = exports.request_export(
            "beneficiaries", keeper, "核对春节慰问名册", whole_numbers=whole
        )
        exports.decide(asked.pk, security, approve=True)
        book = load_workbook(io.BytesIO(exports.fetch(asked.pk, keeper).read()))
        row = [str(cell.value) for cell in list(book.worksheets[0].rows)[2]]
        assert made.person.name in row
        assert (made.person.identity_number in row) is whole
        assert (CARD in row) is whole
        assert "V3" in row
    for role in sorted(set(ROLES) - {"veterans_officer"}):
        kinds = {export.code for export in exports.exports_for(make_user(role))}
        assert "beneficiaries" not in kinds, role
