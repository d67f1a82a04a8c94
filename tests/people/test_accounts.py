"""People and accounts in the admin and by command."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from portal.people.account_views import ACTIONS
from portal.people.models import Person, User
from portal.people.services import create_account, one_time_password
from portal.roles.models import RoleAssignment
from tests.factories.organizations import company
from tests.factories.people import IDENTITY_NUMBERS, PASSWORD, make_person, make_user

pytestmark = pytest.mark.django_db
LIST, NEW = "/admin/people/", "/admin/people/new/"
PHONE = "13900000042"


@pytest.fixture
def officer(client: Client) -> User:
    """A signed-in system administrator."""
    user = make_user("system_administrator", name="罗一鸣")
    client.force_login(user)
    return user


def values(**changes: Any) -> dict[str, Any]:
    """Return what the form posts for a new person."""
    return {
        "name": "高平安",
        "employee_number": "200001",
        "unit": company().pk,
        "position": "采煤机司机",
        "phone": PHONE,
        "identity_number": IDENTITY_NUMBERS[0],
        **changes,
    }


def can_sign_in(number: str, password: str) -> bool:
    """Whether the pair opens the portal."""
    client = Client()
    client.post("/account/login/", {"login": number, "password": password})
    return "_auth_user_id" in client.session


def action(client: Client, person: Person, code: str) -> Any:
    """Confirm an officer's action."""
    return client.post(f"/admin/people/{person.pk}/account/{code}/")


class TestList:
    """What the officers see of everybody."""

    def test_numbers_are_masked(self, client: Client, officer: User) -> None:
        """Neither list nor form shows a whole number."""
        person = make_person(phone=PHONE, identity_number=IDENTITY_NUMBERS[0])
        for path in (
            LIST,
            f"/admin/people/edit/{person.pk}/",
            f"/admin/people/history/{person.pk}/",
        ):
            page = client.get(path).content.decode()
            assert PHONE not in page
            assert IDENTITY_NUMBERS[0] not in page
        page = client.get(LIST).content.decode()
        assert "139****0042" in page
        assert "140***********0010" in page

    @pytest.mark.parametrize("query", ["王小满", "小满", "300077"])
    def test_search(self, client: Client, officer: User, query: str) -> None:
        """By name or employee number, of two characters too; not by anything else."""
        make_person("王小满", "300077")
        make_person("赵大春", "300078")
        page = client.get(LIST, {"q": query}).content.decode()
        assert "王小满" in page
        assert "赵大春" not in page

    def test_search_does_not_reach_encrypted_numbers(self, client: Client, officer: User) -> None:
        """A phone number finds nobody here."""
        make_person("王小满", phone=PHONE)
        assert "王小满" not in client.get(LIST, {"q": PHONE}).content.decode()

    def test_as_many_queries_for_many_people(self, client: Client, officer: User) -> None:
        """Paged by twenty; the number of queries does not grow with the people."""
        counts = []
        for number in (15, 60):
            for _person in range(number):
                make_user()
            client.get(LIST)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(LIST)
            counts.append(len(queries))
            assert len(response.context["page_obj"].object_list) <= 20
        assert counts[0] == counts[1]


class TestForm:
    """What the system administrator writes."""

    def test_create(self, client: Client, officer: User) -> None:
        """A person without an account."""
        assert client.post(NEW, values()).status_code == 302
        person = Person.objects.get(employee_number="200001")
        assert (person.phone, person.identity_number) == (PHONE, IDENTITY_NUMBERS[0])
        assert not User.objects.filter(person=person).exists()
        assert ModelLogEntry.objects.get(object_id=str(person.pk)).user == officer

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"identity_number": "140000198503120011"}, "校验位"),
            ({"identity_number": "140000850312001"}, "18"),
            ({"identity_number": "14000019850312"}, "18"),
            ({"identity_number": IDENTITY_NUMBERS[1]}, "已有其他人"),
            ({"phone": "12345"}, "11"),
            ({"employee_number": "1"}, "4"),
            ({"employee_number": "300001"}, "工号"),
            ({"name": ""}, "必填"),
        ],
    )
    def test_what_cannot_be(
        self, client: Client, officer: User, changes: dict[str, Any], sentence: str
    ) -> None:
        """A Chinese sentence; what was typed is still there."""
        make_person("别人", "300001", identity_number=IDENTITY_NUMBERS[1])
        response = client.post(NEW, values(**changes))
        assert response.status_code == 200
        page = response.content.decode()
        assert sentence in response.context["form"].errors.as_text()
        assert "采煤机司机" in page
        assert not Person.objects.filter(name="高平安").exists()

    def test_full_width_and_small_x(self, client: Client, officer: User) -> None:
        """Spellings of input methods are accepted."""
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        client.post(NEW, values(identity_number=IDENTITY_NUMBERS[0].translate(wide)))
        assert Person.objects.get(name="高平安").identity_number == IDENTITY_NUMBERS[0]

    def test_numbers_stay_when_left_empty_and_change_when_filled(
        self, client: Client, officer: User
    ) -> None:
        """They can be replaced without being shown."""
        person = make_person("高平安", "200001", phone=PHONE, identity_number=IDENTITY_NUMBERS[0])
        path = f"/admin/people/edit/{person.pk}/"
        assert client.post(path, values(phone="", identity_number="")).status_code == 302
        person.refresh_from_db()
        assert (person.phone, person.identity_number) == (PHONE, IDENTITY_NUMBERS[0])
        client.post(path, values(phone="13900000043", identity_number=""))
        person.refresh_from_db()
        assert (person.phone, person.identity_number) == ("13900000043", IDENTITY_NUMBERS[0])

    def test_the_number_of_an_account_stays(self, client: Client, officer: User) -> None:
        """Otherwise the person could not sign in any more."""
        user = make_user(username="200001", name="高平安")
        client.post(f"/admin/people/edit/{user.person_id}/", values(employee_number="999999"))
        assert Person.objects.get(user=user).employee_number == "200001"

    def test_nothing_else_can_be_posted(self, client: Client, officer: User) -> None:
        """Extra fields change nothing (mass assignment)."""
        client.post(NEW, values(user="1", id="77", phone_index="x", is_superuser="1"))
        person = Person.objects.get(name="高平安")
        assert person.pk != 77
        assert person.phone_index != "x"

    def test_nobody_is_deleted(self, client: Client, officer: User) -> None:
        """People stay, for the records that name them."""
        person = make_person()
        client.post(f"/admin/people/delete/{person.pk}/")
        assert Person.objects.filter(pk=person.pk).exists()

    @pytest.mark.parametrize(
        "code", ["security_administrator", "party_staff", "audit_administrator", "archivist"]
    )
    def test_others_change_nothing(self, client: Client, code: str) -> None:
        """Only the system administrator writes people."""
        client.force_login(make_user(code))
        person = make_person("高平安", "200002")
        client.post(NEW, values())
        client.post(f"/admin/people/edit/{person.pk}/", values(name="改名"))
        assert Person.objects.filter(employee_number="200001").count() == 0
        assert Person.objects.get(pk=person.pk).name == "高平安"
        expected = 200 if code == "security_administrator" else 302
        assert client.get(LIST).status_code == expected


class TestActions:
    """Accounts: made by one officer, secured by the other."""

    def test_create_and_first_sign_in(self, client: Client, officer: User) -> None:
        """The one-time password is shown once, opens once, and leads to a new one."""
        person = make_person("高平安", "200001")
        ask = client.get(f"/admin/people/{person.pk}/account/create/")
        assert "高平安" in ask.content.decode()
        assert not User.objects.filter(person=person).exists()
        response = action(client, person, "create")
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        found = re.search(r'id="one-time-password">([^<]+)<', response.content.decode())
        assert found is not None
        password = found[1]
        assert can_sign_in("200001", password)
        user = User.objects.get(person=person)
        assert user.password_is_temporary
        assert password not in str(list(ModelLogEntry.objects.values()))
        entry = ModelLogEntry.objects.get(action="people.account_created")
        assert entry.user == officer
        assert password not in client.get(LIST).content.decode()
        assert action(client, person, "create").status_code == 409

    def test_a_person_without_number(self, client: Client, officer: User) -> None:
        """Gets a sentence instead of an account."""
        person = make_person("高平安", None)
        response = action(client, person, "create")
        assert response.status_code == 422
        assert "还没有工号" in response.content.decode()

    def test_disable_and_enable(self, client: Client, officer: User) -> None:
        """A disabled account is signed out at once."""
        user = make_user(username="200001")
        assert user.person is not None
        theirs = Client()
        theirs.post("/account/login/", {"login": "200001", "password": PASSWORD})
        assert action(client, user.person, "disable").status_code == 302
        assert theirs.get("/workspace/").status_code == 302
        assert not can_sign_in("200001", PASSWORD)
        assert action(client, user.person, "enable").status_code == 302
        assert can_sign_in("200001", PASSWORD)

    def test_new_password_ends_everything(self, client: Client) -> None:
        """Old password and old sessions are gone."""
        client.force_login(make_user("security_administrator"))
        user = make_user(username="200001")
        assert user.person is not None
        theirs = Client()
        theirs.post("/account/login/", {"login": "200001", "password": PASSWORD})
        response = action(client, user.person, "password")
        found = re.search(r'id="one-time-password">([^<]+)<', response.content.decode())
        assert found is not None
        assert theirs.get("/workspace/").status_code == 302
        assert not can_sign_in("200001", PASSWORD)
        assert can_sign_in("200001", found[1])

    def test_sign_out_everywhere_and_lost_phone(self, client: Client) -> None:
        """Sessions end; second factors are removed."""
        client.force_login(make_user("security_administrator"))
        user = make_user(username="200001")
        assert user.person is not None
        theirs = Client()
        theirs.post("/account/login/", {"login": "200001", "password": PASSWORD})
        action(client, user.person, "sessions")
        assert theirs.get("/workspace/").status_code == 302
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
        action(client, user.person, "second-factors")
        assert not Authenticator.objects.exists()

    @pytest.mark.parametrize("code", list(ACTIONS))
    @pytest.mark.parametrize(
        "role",
        ["system_administrator", "security_administrator", "audit_administrator", "party_staff"],
    )
    def test_each_action_belongs_to_one_officer(self, client: Client, code: str, role: str) -> None:
        """Nobody else may, a superuser without the role included."""
        client.force_login(make_user(role, is_superuser=True))
        user = make_user(username="200001")
        before = User.objects.filter(pk=user.pk).values().get()
        assert user.person is not None
        response = action(client, user.person, code)
        if ACTIONS[code].role == role:
            assert response.get("Location") != "/admin/"
            assert response.status_code in (200, 302, 409)
        else:
            assert response["Location"] == "/admin/"
            assert User.objects.filter(pk=user.pk).values().get() == before

    @pytest.mark.parametrize("role", ["system_administrator", "security_administrator"])
    def test_not_with_ones_own_account(self, client: Client, role: str) -> None:
        """An officer is under the same rules as everybody."""
        officer = make_user(role)
        client.force_login(officer)
        assert officer.person is not None
        for code, row in ACTIONS.items():
            if row.role == role:
                assert action(client, officer.person, code).status_code == 409
        assert User.objects.get(pk=officer.pk).is_active

    def test_unknown_action_and_person(self, client: Client, officer: User) -> None:
        """No such page."""
        assert action(client, make_person(), "promote").status_code == 404
        assert client.post("/admin/people/999999/account/create/").status_code == 404


class TestCommands:
    """On the server's terminal."""

    def test_create_account(self) -> None:
        """For a known person, and for one that is named."""
        make_person("高平安", "200001")
        output = StringIO()
        call_command("create_account", "２００００１", stdout=output)
        assert can_sign_in("200001", output.getvalue().rsplit(" ", 1)[1].strip())
        call_command("create_account", "200002", name="赵大春", unit="TEST", stdout=StringIO())
        assert User.objects.get(username="200002").get_full_name() == "赵大春"
        for arguments in (["200001"], ["200009"], ["200009", "--name=某", "--unit=NONE"]):
            with pytest.raises(CommandError):
                call_command("create_account", *arguments, stdout=StringIO())
        assert not Person.objects.filter(employee_number="200009").exists()

    def test_first_administrators(self) -> None:
        """A fresh installation has nobody; then three different officers, none a superuser."""
        assert User.objects.count() == 0
        people = ["--system", "100013", "罗一鸣", "--security", "100014", "邵明哲"]
        people += ["--audit", "100015", "冯宁"]
        with pytest.raises(CommandError, match="--company"):
            call_command("create_first_administrators", *people)
        output = StringIO()
        call_command("create_first_administrators", *people, "--company=测试能源", stdout=output)
        lines = output.getvalue().splitlines()
        assert len(lines) == 3
        for line, number in zip(lines, ("100013", "100014", "100015"), strict=True):
            assert can_sign_in(number, line.rsplit(" ", 1)[1])
        assert User.objects.filter(password_is_temporary=True, is_superuser=False).count() == 3
        assert RoleAssignment.objects.count() == 3
        with pytest.raises(CommandError, match="already"):
            call_command("create_first_administrators", *people)

    def test_one_person_cannot_be_two_officers(self) -> None:
        """All three or nothing."""
        same = ["--system", "100013", "罗一鸣", "--security", "100013", "罗一鸣"]
        with pytest.raises(CommandError):
            call_command(
                "create_first_administrators", *same, "--audit", "100015", "冯宁", "--company=测试"
            )
        assert User.objects.count() == 0


def test_one_time_passwords() -> None:
    """Random, readable on paper, and strong enough for the validators."""
    from django.contrib.auth.password_validation import validate_password

    passwords = {one_time_password() for _number in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        assert re.fullmatch(r"([a-zA-Z2-9]{4}-){3}[a-zA-Z2-9]{4}", password)
        assert not set(password) & set("0O1lI")
        validate_password(password)


def test_an_account_comes_with_the_persons_roles() -> None:
    """Roles that were assigned before count at once."""
    from tests.factories.roles import make_assignment

    person = make_person()
    make_assignment(person, "archivist")
    user, _password = create_account(person)
    assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
