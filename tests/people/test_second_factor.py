"""Authenticator apps, passkeys and recovery codes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.people.models import User
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STAFF_PATHS = ("/admin/", "/admin/reports/site-history/", "/workspace/", "/archives/")


def code(secret: str = SECRET, steps: int = 0) -> str:
    """Return the six digits that an app shows now, or some steps of 30 seconds away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(client: Client, username: str = "100001", next: str = "/workspace/") -> Any:
    """Post number and password."""
    return client.post(
        reverse("account_login"), {"login": username, "password": PASSWORD, "next": next}
    )


def confirm_password(client: Client) -> None:
    """Type the password once more, as everything around second factors asks for."""
    response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert response.status_code == 302


def set_up_app(client: Client) -> str:
    """Set up an authenticator app in a signed-in browser and return its secret."""
    confirm_password(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret: str = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return secret


@pytest.fixture
def user() -> User:
    """A member of staff."""
    return make_user("party_staff", username="100001")


class TestRequired:
    """What the setting asks of staff."""

    @pytest.fixture(autouse=True)
    def required(self, settings: Settings) -> None:
        """Switch the setting on."""
        settings.REQUIRE_MULTI_FACTOR = True

    @pytest.mark.parametrize("path", STAFF_PATHS)
    def test_staff_is_sent_to_set_it_up(self, client: Client, user: User, path: str) -> None:
        """Before any page of work stands the explanation, which leads on afterwards."""
        client.force_login(user)
        response = client.get(path)
        assert response.status_code == 302
        page = client.get(response["Location"]).content.decode()
        assert "任选一种方式" in page
        assert f'href="{path}"' in page
        assert reverse("mfa_activate_totp") in page
        assert reverse("mfa_add_webauthn") in page

    @pytest.mark.parametrize("path", STAFF_PATHS)
    def test_a_form_is_not_handed_in_without_it(
        self, client: Client, user: User, path: str
    ) -> None:
        """Posting does not get around it."""
        client.force_login(user)
        response = client.post(path, {"a": "b"})
        assert response.status_code == 302
        assert response["Location"] == reverse("second_factor")

    def test_with_an_app_the_pages_open(self, client: Client, user: User) -> None:
        """Also at once after it was set up."""
        TOTP.activate(user, SECRET)
        client.force_login(user)
        assert client.get("/workspace/").status_code == 200
        assert client.get("/admin/").status_code == 200
        assert client.get(reverse("second_factor"), {"next": "/admin/"})["Location"] == "/admin/"
        assert client.get(reverse("second_factor"), {"next": "//evil"})["Location"] == "/workspace/"

    def test_recovery_codes_alone_do_not_count(self, client: Client, user: User) -> None:
        """They are the spare key, not the lock."""
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0}
        )
        client.force_login(user)
        assert client.get("/workspace/").status_code == 302

    def test_employees_do_not_need_it(self, client: Client) -> None:
        """Reading one's own workspace is no staff work."""
        client.force_login(make_user("employee"))
        assert client.get("/workspace/").status_code == 200

    def test_a_superuser_needs_it_too(self, client: Client) -> None:
        """No rank goes around it."""
        client.force_login(make_user(is_superuser=True))
        assert client.get("/admin/").status_code == 302

    def test_the_own_account_stays_open(self, client: Client, user: User) -> None:
        """Otherwise nobody could set it up."""
        client.force_login(user)
        for path in (reverse("mfa_index"), reverse("usersessions_list")):
            assert client.get(path).status_code == 200
        assert client.post("/admin/logout/").status_code == 302

    @pytest.mark.parametrize("path", ["/", "/branches/", "/search/?q=ab", "/documents/1/a.pdf"])
    def test_no_page_is_read_with_the_reach_of_staff_before(
        self, client: Client, user: User, path: str
    ) -> None:
        """Lists, search and files show staff more than others, so they wait as well."""
        client.force_login(user)
        assert client.get(path).headers["Location"].startswith(reverse("second_factor"))


@pytest.mark.parametrize("path", STAFF_PATHS)
def test_not_required(client: Client, user: User, settings: Settings, path: str) -> None:
    """With the setting off everybody may, nobody must."""
    settings.REQUIRE_MULTI_FACTOR = False
    client.force_login(user)
    response = client.get(path)
    assert getattr(response, "url", "") != reverse("second_factor")
    assert response.status_code in (200, 302)


class TestApp:
    """An authenticator app (TOTP, RFC 6238)."""

    def test_setting_up_and_signing_in(self, client: Client, user: User) -> None:
        """The whole way: set up with a code, get recovery codes, sign in with both factors."""
        sign_in(client)
        assert client.get(reverse("mfa_activate_totp")).status_code == 302
        secret = set_up_app(client)
        other = Client()
        response = sign_in(other)
        assert response["Location"] == reverse("mfa_authenticate")
        assert other.get("/workspace/").status_code == 302
        response = other.post(reverse("mfa_authenticate"), {"code": code(secret, 1)})
        assert response["Location"] == "/workspace/"
        assert other.get("/workspace/").status_code == 200

    def test_a_wrong_code_opens_nothing(self, client: Client, user: User) -> None:
        """And says so in Chinese."""
        TOTP.activate(user, SECRET)
        sign_in(client)
        wrong = str((int(code()) + 1) % 1_000_000).zfill(6)
        response = client.post(reverse("mfa_authenticate"), {"code": wrong})
        assert response.status_code == 200
        assert response.context["form"].errors
        assert "_auth_user_id" not in client.session

    def test_a_code_counts_once(self, user: User) -> None:
        """Somebody who reads the digits over a shoulder comes too late (F31)."""
        TOTP.activate(user, SECRET)
        digits = code()
        first, second = Client(), Client()
        sign_in(first)
        assert first.post(reverse("mfa_authenticate"), {"code": digits}).status_code == 302
        sign_in(second)
        assert second.post(reverse("mfa_authenticate"), {"code": digits}).status_code == 200
        assert "_auth_user_id" not in second.session

    @pytest.mark.parametrize(
        ("steps", "accepted"), [(-1, True), (1, True), (-3, False), (3, False)]
    )
    def test_clocks_that_are_a_little_off(
        self, client: Client, user: User, time_machine, steps: int, accepted: bool
    ) -> None:
        """One step of 30 seconds is tolerated, three are not."""
        time_machine.move_to("2026-11-20 09:00:10+08:00", tick=False)
        TOTP.activate(user, SECRET)
        sign_in(client)
        response = client.post(reverse("mfa_authenticate"), {"code": code(steps=steps)})
        assert (response.status_code == 302) is accepted

    def test_the_password_alone_opens_nothing_else(self, client: Client, user: User) -> None:
        """Between the two factors every page still asks to sign in."""
        TOTP.activate(user, SECRET)
        sign_in(client)
        for path in ("/admin/", "/workspace/", reverse("mfa_index"), reverse("usersessions_list")):
            response = client.get(path)
            assert response.status_code == 302
            assert "login" in response["Location"] or "authenticate" in response["Location"]

    def test_the_secret_is_encrypted_at_rest(self, user: User) -> None:
        """A copy of the database makes no codes."""
        TOTP.activate(user, SECRET)
        with connection.cursor() as cursor:
            cursor.execute("SELECT data FROM mfa_authenticator")
            stored = str(cursor.fetchone()[0])
        assert SECRET not in stored
        assert "v1:" in stored


def test_recovery_codes_open_once(client: Client, user: User) -> None:
    """A lost phone is no lost account; a used code is used up."""
    sign_in(client)
    set_up_app(client)
    page = client.get(reverse("mfa_view_recovery_codes"))
    first = page.context["unused_codes"][0]
    for answer in (302, 200):
        other = Client()
        sign_in(other)
        response = other.post(reverse("mfa_authenticate"), {"code": first})
        assert response.status_code == answer


def test_passkeys_can_be_set_up(client: Client, user: User) -> None:
    """The page carries a challenge for the browser and scripts of our own origin only."""
    sign_in(client)
    confirm_password(client)
    response = client.get(reverse("mfa_add_webauthn"))
    assert response.status_code == 200
    assert response.context["js_data"]["creation_options"]["publicKey"]["challenge"]
    sign_in_page = Client().get(reverse("account_login")).content.decode()
    assert "passkey_login" in sign_in_page


def test_removing_asks_for_the_password_again(client: Client, user: User, time_machine) -> None:
    """A browser left open is not enough to take the second factor away."""
    time_machine.move_to("2026-11-20 09:00:10+08:00")
    TOTP.activate(user, SECRET)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    time_machine.move_to("2026-11-20 09:25+08:00")
    response = client.post(reverse("mfa_deactivate_totp"))
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
    assert Authenticator.objects.filter(user=user).exists()


class TestTemporaryPassword:
    """A one-time password leads to a new one and nowhere else."""

    def test_only_the_new_password(self, client: Client) -> None:
        """Every page leads to the form until a new password is set."""
        user = make_user("party_staff", username="100001")
        User.objects.filter(pk=user.pk).update(password_is_temporary=True)
        sign_in(client)
        form = reverse("account_change_password")
        for path in ("/", "/workspace/", "/admin/", "/notices/"):
            assert client.get(path)["Location"] == form
        assert client.get(form).status_code == 200
        same = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
        assert client.post(form, same).status_code == 200
        new = "Pit-Lamp-2027-x"
        answer = client.post(form, {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert answer["Location"] == reverse("workspace")
        assert client.get("/workspace/").status_code == 200
        assert not User.objects.get(pk=user.pk).password_is_temporary
