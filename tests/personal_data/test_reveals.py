"""A whole number is seen with a reason, once, by who may, and the auditors read it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.personal_data import retention, reveals
from portal.personal_data.models import Reveal
from portal.personal_data.refusals import DataFrozen, RevealRefused
from portal.personal_data.reveals import checked_reason, reveal, reveal_address
from portal.roles.table import ROLES
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user

pytestmark = pytest.mark.django_db

NUMBER, REASON = IDENTITY_NUMBERS[0], "发放前核对账户"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, address: str, **form: Any) -> Any:
    return client.post(address, {"reason": REASON, "request_id": str(uuid.uuid4()), **form})


def test_a_look_is_written_down_before_the_value_is_given() -> None:
    officer, person = (
        make_user("system_administrator"),
        make_person("欧阳明", identity_number=NUMBER),
    )
    assert reveal(person, "identity_number", officer, f"  {REASON}\n ") == NUMBER
    row = Reveal.objects.get()
    assert (row.user, row.name, row.reason) == (officer, str(officer), REASON)
    assert row.field == "people.Person.identity_number"
    assert (row.person_id, row.subject, row.object_id) == (person.pk, "欧阳*", str(person.pk))
    assert officer.person is not None
    assert row.unit == str(officer.person.unit)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM personal_data_reveal")
        assert NUMBER not in str(cursor.fetchone())
    assert NUMBER not in str(row) + repr(row)


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_nothing_is_revealed() -> None:
    """What is rolled back afterwards would have been seen unlogged."""
    officer, person = make_user("system_administrator"), make_person(identity_number=NUMBER)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        reveal(person, "identity_number", officer, REASON)


def test_exactly_these_roles_see_whole_numbers_of_people() -> None:
    person = make_person(identity_number=NUMBER)
    address = reveal_address(person, "identity_number")
    allowed = []
    for code in ROLES:
        client = signed_in(make_user(code))
        codes = {client.get(address).status_code, send(client, address).status_code}
        assert len(codes) == 1
        if codes == {200}:
            allowed.append(code)
    assert allowed == ["system_administrator"]
    assert Reveal.objects.count() == 1
    superuser = make_user(is_superuser=True)
    assert signed_in(superuser).get(address).status_code == 404
    with pytest.raises(RevealRefused):
        reveal(person, "identity_number", superuser, REASON)
    assert Client().get(address).status_code == 302


def test_a_stranger_learns_nothing_from_the_address() -> None:
    person = make_person(identity_number=NUMBER)
    client = signed_in(make_user("system_administrator"))
    for label, pk in (
        ("people.Person.name", person.pk),
        ("people.Person.identity_number", 999_999),
        ("people.Person.identity_number", "x"),
        ("people.User.password", 1),
        ("nonsense", 1),
    ):
        assert client.get(reverse("reveal_value", args=[label, pk])).status_code == 404


def test_the_value_is_shown_once_and_nowhere_else() -> None:
    officer, person = make_user("system_administrator"), make_person("张三", identity_number=NUMBER)
    client, address = signed_in(officer), reveal_address(person, "identity_number")
    assert NUMBER not in address
    asked = client.get(address)
    assert NUMBER not in asked.content.decode()
    key = str(asked.context["form"].initial["request_id"])
    shown = send(client, address, request_id=key)
    assert shown.status_code == 200
    assert NUMBER in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["Referrer-Policy"] == "same-origin"
    again = send(client, address, request_id=key)
    assert again.status_code == 409
    assert NUMBER not in again.content.decode()
    assert "只显示一次" in again.content.decode()
    assert Reveal.objects.count() == 1
    assert NUMBER in send(client, address).content.decode()
    assert Reveal.objects.count() == 2


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "事由"),
        ("   ", "事由"),
        ("看", "事由"),
        ("。。。。。。", "事由"),
        (f"核对 {NUMBER}", "不要写"),
        ("电话１３９ ００００ ００７７是否正确", "不要写"),
    ],
)
def test_a_reason_has_to_say_something_and_holds_no_number(reason: str, words: str) -> None:
    person = make_person(identity_number=NUMBER)
    client = signed_in(make_user("system_administrator"))
    response = send(client, reveal_address(person, "identity_number"), reason=reason)
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert NUMBER not in text.replace(reason, "") if reason.strip() else NUMBER not in text
    assert not Reveal.objects.exists()


def test_reasons_are_kept_in_one_line() -> None:
    assert checked_reason(" 核对\r\n账户信息 ") == "核对 账户信息"
    with pytest.raises(ValidationError):
        checked_reason("核对账户" * 100)


def test_frozen_data_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.people.models import Person

    officer, person = make_user("system_administrator"), make_person(identity_number=NUMBER)
    monkeypatch.setattr(reveals, "_revealables", dict(reveals._revealables))
    reveals.register_revealable(
        Person, "phone", lambda user, row: True, owner_of=lambda row: ("person", str(row.pk))
    )
    retention.freeze("person", str(person.pk), clause="争议处理")
    with pytest.raises(DataFrozen):
        reveal(person, "phone", officer, REASON)
    assert send(signed_in(officer), reveal_address(person, "phone")).status_code == 403
    retention.lift("person", str(person.pk), by=officer)
    assert reveal(person, "phone", officer, REASON) == person.phone


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_the_log_is_neither_changed_nor_deleted() -> None:
    person = make_person(identity_number=NUMBER)
    reveal(person, "identity_number", make_user("system_administrator"), REASON)
    for change in (
        lambda: Reveal.objects.update(reason="别的"),
        lambda: Reveal.objects.all().delete(),
        lambda: Reveal.objects.all()._raw_delete("default"),  # type: ignore[attr-defined]
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert Reveal.objects.get().reason == REASON


# ---- The auditors' list


def test_exactly_the_auditors_read_the_log() -> None:
    person = make_person(identity_number=NUMBER)
    reveal(person, "identity_number", make_user("system_administrator"), REASON)
    readers = []
    for code in ROLES:
        response = signed_in(make_user(code)).get(reverse("reveals"))
        assert response.status_code in (200, 404)
        if response.status_code == 200:
            readers.append(code)
            assert REASON in response.content.decode()
            assert NUMBER not in response.content.decode()
    assert readers == ["discipline_auditor", "audit_administrator"]


def test_the_log_is_paged_and_costs_the_same() -> None:
    officer = make_user("system_administrator")
    client = signed_in(make_user("audit_administrator"))
    client.get(reverse("reveals"))
    costs = []
    for _number in range(2):
        for _row in range(15):
            reveal(make_person(phone="13900000077"), "phone", officer, REASON)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse("reveals"))
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert len(response.context["page_obj"]) == 20
    assert "page=2" in response.content.decode()
    found = client.get(reverse("reveals"), {"q": officer.username, "page": "x"})
    assert found.context["page_obj"].paginator.count == 30
    assert client.get(reverse("reveals"), {"q": "nobody"}).context["page_obj"].paginator.count == 0


# ---- The ways there


@pytest.mark.parametrize("code", ["system_administrator", "security_administrator"])
def test_the_list_of_people_leads_who_may_to_the_number(code: str) -> None:
    person = make_person(identity_number=NUMBER)
    text = signed_in(make_user(code)).get("/admin/people/").content.decode()
    for field in ("identity_number", "phone"):
        assert (reveal_address(person, field) in text) == (code == "system_administrator")
    assert NUMBER not in text


@pytest.mark.parametrize(
    ("code", "addresses"),
    [
        ("audit_administrator", {"reveals", "data_inventory", "data_exports"}),
        ("discipline_auditor", {"reveals", "data_inventory", "data_exports"}),
        ("system_administrator", {"data_inventory", "data_exports"}),
        ("security_administrator", {"data_inventory", "data_exports"}),
        ("party_staff", {"data_exports"}),
        ("union_staff", set()),
    ],
)
def test_the_menu_shows_the_doors_one_may_open(code: str, addresses: set[str]) -> None:
    text = signed_in(make_user(code)).get("/admin/").content.decode()
    doors = {"reveals", "data_inventory", "data_exports"}
    assert {name for name in doors if f'"url": "{reverse(name)}"' in text} == addresses
