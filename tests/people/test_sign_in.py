"""Signing in with employee number and password."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from portal.people.authentication import normalized_employee_number
from portal.people.models import User
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def sign_in(client: Client, login: str, password: str = PASSWORD, next: str = "", **extra: Any):
    """Post the sign-in form."""
    data = {"login": login, "password": password, **({"next": next} if next else {})}
    return client.post(LOGIN, data, **extra)


def is_signed_in(client: Client) -> bool:
    """Whether the browser has a signed-in session."""
    return "_auth_user_id" in client.session


def test_employee_number_and_password(client: Client) -> None:
    """The right pair opens the portal; the session key changes with it."""
    user = make_user(username="100001")
    client.get(LOGIN)
    before = client.session.session_key
    response = sign_in(client, "100001")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before


@pytest.mark.parametrize("spelling", ["１００００１", " 100001 ", "1000 01", "\u3000100001"])
def test_any_width_and_spaces(client: Client, spelling: str) -> None:
    """What a Chinese input method makes of a number is the number."""
    make_user(username="100001")
    sign_in(client, spelling)
    assert is_signed_in(client)


def test_letters_in_full_width() -> None:
    """Letters too are brought into half width."""
    assert normalized_employee_number("Ｔ０００１ａ") == "T0001a"


@pytest.mark.parametrize("login", ["100001", "100099"])
def test_one_sentence_for_wrong_number_and_wrong_password(client: Client, login: str) -> None:
    """The answer does not tell whether the number exists; what was typed is still there."""
    make_user(username="100001")
    response = sign_in(client, login, "wrong")
    assert response.status_code == 200
    page = response.content.decode()
    assert "工号或密码不正确" in page
    assert f'value="{login}"' in page
    assert "wrong" not in page
    assert not is_signed_in(client)


def test_empty_fields(client: Client) -> None:
    """Each empty field gets its own sentence."""
    page = sign_in(client, "", "").content.decode()
    assert "请输入工号" in page
    assert "请输入密码" in page


def test_neither_name_nor_mail_signs_in(client: Client) -> None:
    """Only the employee number does."""
    user = make_user(username="100001", name="梁启岳")
    User.objects.filter(pk=user.pk).update(email="liang@example.org")
    for login in ("梁启岳", "liang@example.org"):
        sign_in(client, login)
        assert not is_signed_in(client)


def test_a_disabled_account_stays_outside(client: Client) -> None:
    """Right password, disabled account: no session; a running session ends at once."""
    user = make_user(username="100001")
    other = Client()
    sign_in(other, "100001")
    User.objects.filter(pk=user.pk).update(is_active=False)
    sign_in(client, "100001")
    assert not is_signed_in(client)
    assert other.get(reverse("workspace")).status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https:evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "/\\evil",
    ],
)
@pytest.mark.parametrize("path", [LOGIN, "/admin/login/"])
def test_never_led_elsewhere(client: Client, path: str, target: str) -> None:
    """An address outside the portal is no place to return to (OWASP ASVS 3.7.2)."""
    make_user(username="100001")
    response = client.get(path, {"next": target}, follow=True)
    assert f'href="{target}' not in response.content.decode()
    response = sign_in(client, "100001", next=target)
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_back_to_where_one_wanted_to_go(client: Client) -> None:
    """A page that needs sign-in is shown right after it."""
    make_user(username="100001")
    response = client.get("/workspace/?page=1")
    assert response.status_code == 302
    assert response["Location"] == f"{LOGIN}?next=/workspace/%3Fpage%3D1"
    assert sign_in(client, "100001", next="/workspace/?page=1")["Location"] == "/workspace/?page=1"


@pytest.mark.parametrize(
    "path",
    [
        "/account/signup/",
        "/account/email/",
        "/account/confirm-email/",
        "/account/confirm-email/abc:def/",
        "/account/password/reset/",
        "/account/password/reset/key/1-set/",
        "/account/password/set/",
        "/account/login/code/",
        "/account/login/code/confirm/",
        "/account/3rdparty/",
        "/account/social/login/",
    ],
)
def test_what_is_not_offered(client: Client, path: str) -> None:
    """Nobody registers, and nothing goes by e-mail or through outside providers."""
    client.force_login(make_user())
    for response in (client.get(path), client.post(path, {"email": "a@example.org"})):
        assert response.status_code == 404


class TestAdmin:
    """The Wagtail admin uses the same sign-in."""

    def test_sign_in(self, client: Client) -> None:
        """Every way to the admin leads to the one form."""
        for path, target in (
            ("/admin/", "/admin/"),
            ("/admin/login/", "/admin/"),
            ("/admin/login/?next=/admin/pages/", "/admin/pages/"),
        ):
            response = client.get(path)
            assert response.status_code == 302
            assert unquote(response["Location"]) == f"{LOGIN}?next={target}"

    def test_password_cannot_be_posted_past_the_limits(self, client: Client) -> None:
        """The admin's own form does not answer."""
        make_user("party_staff", username="100001")
        response = client.post("/admin/login/", {"username": "100001", "password": PASSWORD})
        assert response.status_code == 405
        assert not is_signed_in(client)

    def test_sign_out(self, client: Client) -> None:
        """Signing out of the admin ends the session, by POST only."""
        client.force_login(make_user("party_staff"))
        key = client.session.session_key
        assert client.get("/admin/logout/").status_code == 200
        assert is_signed_in(client)
        assert client.post("/admin/logout/").status_code == 302
        assert not is_signed_in(client)
        assert not Session.objects.filter(pk=key).exists()

    @pytest.mark.parametrize("superuser", [False, True])
    @pytest.mark.parametrize(
        "path",
        [
            "/admin/users/",
            "/admin/users/new/",
            "/admin/users/edit/1/",
            "/admin/users/delete/1/",
            "/admin/groups/",
            "/admin/groups/new/",
            "/admin/groups/edit/1/",
            "/admin/groups/users/1/",
            "/admin/password_reset/",
            "/admin/password_reset/done/",
            "/admin/bulk/people/user/delete/",
            "/admin/bulk/people/user/assign_role/",
            "/admin/bulk/people/user/set_active_state/",
            "/admin/bulk/auth/group/delete/",
        ],
    )
    def test_wagtails_accounts_and_groups_are_closed(
        self, client: Client, path: str, superuser: bool
    ) -> None:
        """Rights come from the role table only, for everybody."""
        client.force_login(make_user("system_administrator", is_superuser=superuser))
        for response in (client.get(path), client.post(path, {"groups": ["1"]})):
            assert response.status_code == 403

    def test_an_account_without_staff_role_is_refused(self, client: Client) -> None:
        """No loop between the admin and the sign-in: a page that says no."""
        client.force_login(make_user("employee"))
        response = client.get("/admin/", follow=True)
        assert response.status_code == 403


class TestLimits:
    """Guessing is slow."""

    def test_five_failures_lock_account_and_address(self, client: Client, time_machine) -> None:
        """The sixth attempt is refused even with the right password, for 15 minutes."""
        time_machine.move_to("2026-11-20 09:00+08:00")
        make_user(username="100001")
        for _attempt in range(5):
            sign_in(client, "100001", "wrong")
        page = sign_in(client, "100001").content.decode()
        assert "失败次数过多" in page
        assert not is_signed_in(client)
        assert "失败次数过多" in sign_in(client, "１００００１").content.decode()
        time_machine.move_to("2026-11-20 09:14+08:00")
        assert "失败次数过多" in sign_in(client, "100001").content.decode()
        time_machine.move_to("2026-11-20 09:16+08:00")
        sign_in(client, "100001")
        assert is_signed_in(client)

    def test_a_colleague_elsewhere_is_not_locked_out(self, client: Client) -> None:
        """Wrong passwords typed on one computer do not lock the owner's computer."""
        make_user(username="100001")
        for _attempt in range(6):
            sign_in(client, "100001", "wrong", REMOTE_ADDR="10.0.0.9")
        sign_in(client, "100001", REMOTE_ADDR="10.0.0.10")
        assert is_signed_in(client)

    def test_a_success_forgets_no_failure_of_others(self, client: Client) -> None:
        """Another account from the same address still signs in."""
        make_user(username="100001")
        make_user(username="100002")
        for _attempt in range(6):
            sign_in(client, "100001", "wrong")
        sign_in(client, "100002")
        assert is_signed_in(client)

    def test_too_many_from_one_address(self, client: Client, settings: Settings) -> None:
        """Past the limit a Chinese page answers 429 and says what to do."""
        settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
        for _attempt in range(3):
            assert sign_in(client, "100001", "wrong").status_code == 200
        response = sign_in(client, "100001", "wrong")
        assert response.status_code == 429
        page = response.content.decode()
        assert 'lang="zh-Hans"' in page
        assert "请稍等一分钟" in page


class TestSessions:
    """Everybody sees and ends the own sessions."""

    def test_list_and_end_the_others(self) -> None:
        """Two browsers are listed; one ends the other and stays signed in."""
        make_user(username="100001")
        desk = Client(headers={"User-Agent": "desk"})
        phone = Client(headers={"User-Agent": "phone"})
        sign_in(desk, "100001")
        sign_in(phone, "100001")
        page = desk.get("/account/sessions/").content.decode()
        assert "desk" in page
        assert "phone" in page
        assert desk.post("/account/sessions/").status_code == 302
        assert phone.get("/workspace/").status_code == 302
        assert desk.get("/workspace/").status_code == 200
        assert "phone" not in desk.get("/account/sessions/").content.decode()

    def test_sessions_of_others_are_not_listed(self) -> None:
        """Nor can they be ended."""
        make_user(username="100001")
        make_user(username="100002")
        mine, theirs = Client(), Client(headers={"User-Agent": "theirs"})
        sign_in(mine, "100001")
        sign_in(theirs, "100002")
        assert "theirs" not in mine.get("/account/sessions/").content.decode()
        mine.post("/account/sessions/")
        assert theirs.get("/workspace/").status_code == 200

    def test_a_new_password_ends_the_other_sessions(self) -> None:
        """After a change of password the old cookie of another browser opens nothing."""
        make_user(username="100001")
        desk, phone = Client(), Client()
        sign_in(desk, "100001")
        sign_in(phone, "100001")
        new = "Pit-Lamp-2027-x"
        response = desk.post(
            "/account/password/change/",
            {"oldpassword": PASSWORD, "password1": new, "password2": new},
        )
        assert response.status_code == 302
        assert desk.get("/workspace/").status_code == 200
        assert phone.get("/workspace/").status_code == 302

    def test_reading_pages_writes_nothing(self, client: Client) -> None:
        """The list of sessions is kept up every few minutes, not at every page."""
        make_user(username="100001")
        sign_in(client, "100001")
        client.get("/workspace/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/workspace/")
        statements = [query["sql"] for query in queries]
        assert [text for text in statements if not text.startswith("SELECT")] == []


class TestDemo:
    """One login a role stands on the sign-in page, in demo mode only."""

    @pytest.fixture(autouse=True)
    def people(self) -> None:
        """Two of the demo's people, as `load_demo` would make them."""
        make_user("party_staff", username="100006", name="林晓岚")
        make_user("employee", username="100099", name="未列出")

    def test_on(self, client: Client, settings: Settings) -> None:
        """Accounts that exist are listed with their role; no page but this one shows them."""
        settings.DEMO = True
        page = client.get(LOGIN).content.decode()
        assert "100006" in page
        assert "林晓岚" in page
        assert "qinlan-demo-2026" in page
        assert "100020" not in page
        assert "100099" not in page
        assert "qinlan-demo-2026" not in client.get("/").content.decode()

    def test_off(self, client: Client, settings: Settings) -> None:
        """Neither logins nor the password."""
        settings.DEMO = False
        page = client.get(LOGIN).content.decode()
        assert "100006" not in page
        assert "qinlan-demo-2026" not in page
