"""A form whose sign-in had expired loses no text (guarantee 9)."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.people import typed_text
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
FORM = "/admin/pages/add/pages/newspage/3/"
TEXT = "综掘队连续安全生产一千天。\n感谢每一位同志。"
TYPED = {
    "title": "安全生产一千天",
    "body-0-value": TEXT,
    "body-count": "1",
    "comments-TOTAL_FORMS": "0",
    "password": "Secret-2026-x",
    "csrfmiddlewaretoken": "abc",
}


def post_signed_out(client: Client, path: str = FORM, **extra: Any):
    """Hand in a form without a session."""
    return client.post(path, TYPED, **extra)


def sign_in(client: Client, next: str) -> str:
    """Sign in and return where the portal leads."""
    return client.post(
        reverse("account_login"), {"login": "100001", "password": PASSWORD, "next": next}
    )["Location"]


def test_the_text_is_shown_again_after_sign_in(client: Client) -> None:
    """Explained with 409, kept, shown, handed in to the same address with the same fields."""
    make_user("party_staff", username="100001")
    response = post_signed_out(client)
    assert response.status_code == 409
    page = response.content.decode()
    assert "登录已过期" in page
    assert TEXT not in page
    target = reverse("typed_text")
    assert f"?next={target.replace('/', '%2F')}" in page
    assert sign_in(client, target) == target
    page = client.get(target).content.decode()
    assert f'action="{FORM}"' in page
    assert 'name="title" value="安全生产一千天"' in page
    assert "综掘队连续安全生产一千天。<br>感谢每一位同志。" in page
    assert 'name="body-count" value="1"' in page
    assert "Secret-2026-x" not in page
    assert 'value="abc"' not in page


def test_nothing_is_readable_in_the_database(client: Client) -> None:
    """The text waits encrypted; no address holds any of it."""
    response = post_signed_out(client)
    assert "安全" not in response.wsgi_request.get_full_path()
    session = Session.objects.get(pk=client.session.session_key)
    stored = session.get_decoded()[typed_text.SESSION_KEY]
    assert stored.startswith("v1:")
    assert "安全" not in stored


def test_another_sign_in_forgets_it(client: Client) -> None:
    """Who signs in later on the same computer, not from the page that says so, sees nothing."""
    make_user("party_staff", username="100001")
    post_signed_out(client)
    sign_in(client, "/")
    assert "安全生产" not in client.get(reverse("typed_text")).content.decode()


def test_it_is_forgotten_once_handed_in_or_discarded(client: Client) -> None:
    """Neither the one nor the other leaves a copy behind."""
    make_user("party_staff", username="100001")
    target = reverse("typed_text")
    for path in (FORM, target):
        client.logout()
        post_signed_out(client)
        sign_in(client, target)
        assert typed_text.SESSION_KEY in client.session
        client.post(path, {"title": ""})
        assert typed_text.SESSION_KEY not in client.session


def test_it_is_forgotten_after_an_hour(client: Client, time_machine) -> None:
    """Old text is removed when it is asked for."""
    make_user("party_staff", username="100001")
    time_machine.move_to("2026-11-20 09:00+08:00")
    post_signed_out(client)
    sign_in(client, reverse("typed_text"))
    time_machine.move_to("2026-11-20 10:01+08:00")
    assert "安全生产" not in client.get(reverse("typed_text")).content.decode()
    assert typed_text.SESSION_KEY not in client.session


def test_scripts_are_sent_to_sign_in_as_before(client: Client) -> None:
    """Nobody reads the answer to a request of a script, so nothing is kept."""
    for extra in (
        {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
        {"HTTP_SEC_FETCH_MODE": "cors"},
        {"HTTP_ACCEPT": "application/json"},
    ):
        response = post_signed_out(client, **extra)
        assert response.status_code in (302, 403)
        assert typed_text.SESSION_KEY not in client.session


def test_too_much_is_not_kept_and_said_so(client: Client) -> None:
    """More than a mebibyte stays in the browser only; the page says how to save it."""
    response = client.post(FORM, {"title": "煤" * typed_text.MAXIMUM_BYTES})
    assert response.status_code == 409
    assert "后退" in response.content.decode()
    assert typed_text.SESSION_KEY not in client.session


def test_many_from_one_address(client: Client) -> None:
    """A machine that only fills the session table is stopped."""
    answers = [post_signed_out(client).status_code for _attempt in range(31)]
    assert answers[:30] == [409] * 30
    assert answers[30] == 429


@pytest.mark.parametrize("path", ["//evil.example/form/", "/\\evil.example/"])
def test_the_form_never_goes_elsewhere(path: str) -> None:
    """An address that a browser would read as another machine is not kept."""
    request = RequestFactory().post("/", TYPED)
    request.path = request.path_info = path
    request.get_full_path = lambda force_append_slash=False: path  # type: ignore[method-assign]
    request.session = {}  # type: ignore[assignment]
    assert typed_text.keep(request) is None


def test_markup_is_text(client: Client) -> None:
    """Typed markup is shown as text."""
    make_user("party_staff", username="100001")
    client.post(FORM, {"title": '"><script>alert(1)</script>'})
    sign_in(client, reverse("typed_text"))
    assert "<script>alert" not in client.get(reverse("typed_text")).content.decode()
