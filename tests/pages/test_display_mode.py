"""Elderly mode, high contrast and language are chosen by forms that work without JavaScript."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from portal.pages.display_mode import CONTRAST_COOKIE, TEXT_COOKIE


@pytest.fixture
def strict_client() -> Client:
    return Client(enforce_csrf_checks=True)


def test_choice_is_kept_in_a_cookie_and_leads_back(strict_client: Client) -> None:
    response = strict_client.post(
        reverse("display_mode"), {"text": "large", "next": "/notices/?year=2026"}
    )
    assert response.status_code == 302
    assert response["Location"] == "/notices/?year=2026"
    cookie = response.cookies[TEXT_COOKIE]
    assert cookie.value == "large"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert CONTRAST_COOKIE not in response.cookies


def test_normal_takes_the_cookie_away(strict_client: Client) -> None:
    strict_client.cookies[CONTRAST_COOKIE] = "high"
    response = strict_client.post(reverse("display_mode"), {"contrast": "normal", "next": "/"})
    assert response.cookies[CONTRAST_COOKIE]["max-age"] == 0


@pytest.mark.parametrize(
    "address", ["//evil.example/", "https:evil.example", "\\\\evil.example", "javascript:x", ""]
)
def test_foreign_addresses_lead_to_the_home_page(strict_client: Client, address: str) -> None:
    response = strict_client.post(reverse("display_mode"), {"text": "large", "next": address})
    assert response["Location"] == "/"


def test_unknown_values_change_nothing(strict_client: Client) -> None:
    response = strict_client.post(reverse("display_mode"), {"text": "<b>", "contrast": "9"})
    assert response.status_code == 302
    assert not response.cookies


def test_other_sites_and_links_are_refused(strict_client: Client) -> None:
    for name in ("display_mode", "set_language"):
        address = reverse(name)
        assert strict_client.get(address).status_code == 405
        refused = strict_client.post(address, headers={"sec-fetch-site": "cross-site"})
        assert refused.status_code == 403


@pytest.mark.django_db
def test_pages_carry_the_mode_and_the_way_back(client: Client) -> None:
    client.cookies[TEXT_COOKIE] = "large"
    client.cookies[CONTRAST_COOKIE] = "nonsense"
    page = client.get(reverse("account_login")).content.decode()
    assert 'data-text="large"' in page
    assert 'data-contrast="normal"' in page
    assert 'name="text" value="normal"' in page
    assert "标准版" in page
    assert 'lang="zh-Hans"' in page
