"""axe finds nothing on one page of each type, each list, each form and its error state.

At a desk and on a phone, in the normal, the elderly and the high-contrast mode. The same walk
checks that nothing is cut off sideways and that each page has one main heading.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.journeys import sign_in

MODES = {
    "normal": {},
    "elderly": {"display_text": "large"},
    "high contrast": {"display_contrast": "high"},
}
WIDTHS = (1280, 360)
FIRST = "first of "
VISITOR = [
    *("/", "/news/", "/notices/", "/honors/", "/veterans/"),
    *("first of /news/", "first of /notices/", "first of /veterans/"),
    *("/compilations/", "first of /compilations/"),
    *("/honors/?stories=1", "/honor-roll/verify/", "/honor-roll/verify/unknown/"),
    *("/veterans/housing/", "/support/items/housing/check/", "/support/invitation/"),
    *("first of /honors/?kind=model-post", "first of /honors/?kind=excellent-member"),
    *("/search/?q=党员", "/search/", "/search/?q=没有这样的词语", "/search/?q=党员&kind=nothing"),
    *("/account/login/", "/no-such-page/", "/participation/surveys/token/"),
]
EMPLOYEE = [
    *("/branches/", "/branches/?kind=activity", "first of /branches/"),
    *("first of first of /branches/", "/union/", "first of /union/", "/workspace/"),
    *("/notifications/", "/participation/surveys/"),
    *("first of /participation/surveys/", "first of /union/?kind=survey-result"),
    *(
        "/account/sessions/",
        "/account/2fa/",
        "/account/password/change/",
        "/account/reauthenticate/",
        "/personal-data/",
    ),
]
ARCHIVIST = [
    *("/archives/", "/archives/?q=党员&kind=nothing", "first of /archives/"),
    *("/archives/?kind=activity&year=2026&late=1", "/archives/searches/"),
    "/archives/compilations/",
    *("/archives/office/", "/archives/statistics/", "/archives/statistics/expected/"),
    *("/archives/statistics/expected/add/", "/workdays/2026/", "/workdays/2027/"),
]


OFFICERS = [
    ("100006", "/honor-roll/awards/new/"),
    ("100006", "first of /honor-roll/awards/"),
    ("100006", "/honor-roll/statistics/"),
    ("100006", "/honor-roll/titles/safety-model-post/edit/"),
    ("100063", "first of /honor-roll/nominations/"),
    ("100020", "/honor-roll/nominations/branch/"),
    ("100008", "/participation/surveys/office/"),
    ("100008", "/participation/surveys/office/new/"),
    ("100003", "first of /participation/surveys/office/"),
    ("100009", "/support/standards/"),
    ("100009", "/support/beneficiaries/"),
    ("100009", "first of /support/beneficiaries/?order=newest"),
    ("100009", "/support/beneficiaries/import/"),
    ("100009", "/support/benefits/office/?list=all"),
    ("J20001", "/support/representations/"),
    ("J20003", "/support/benefits/"),
    ("100003", "/support/budgets/"),
    ("100003", "first of /support/follow-ups/"),
    ("100003", "first of /support/recoveries/"),
    ("100009", "/support/complaints/new/"),
    ("100009", "/support/visits/"),
    ("100012", "/support/payments/"),
    ("100012", "/support/statistics/"),
    ("100019", "/support/payments/lists/"),
    ("100019", "first of /support/payments/lists/"),
    ("100012", "/personal-data/reveals/"),
    ("100013", "/notifications/undelivered/"),
    ("100013", "/personal-data/inventory/"),
    ("100013", "/personal-data/exports/"),
    ("100014", "/personal-data/exports/"),
]


def resolved(page: Page, address: str) -> str:
    """Return an address; `first of` stands for the first entry of the list at an address."""
    if not address.startswith(FIRST):
        return address
    listing = resolved(page, address.removeprefix(FIRST))
    page.goto(listing)
    path = listing.partition("?")[0]
    entries = page.locator(
        f"main a[href^='{path}']:not([href*='?']):not([href='{path}']):not(form a)"
    )
    found = entries.first.get_attribute("href")
    assert found, f"The list {address} is empty."
    return found


def check(page: Page, base_url: str, address: str, accessibility: Callable[[Page], None]) -> None:
    """Walk all modes and widths on one address."""
    target = resolved(page, address)
    for cookies in MODES.values():
        page.context.clear_cookies(name="display_text")
        page.context.clear_cookies(name="display_contrast")
        page.context.add_cookies(
            [{"name": name, "value": value, "url": base_url} for name, value in cookies.items()]
        )
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(target)
            assert page.locator("h1").count() == 1, target
            hidden = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert hidden <= 0, f"{target} is {hidden} pixels too wide at {width}, {cookies}"
            accessibility(page)


@pytest.mark.parametrize("address", VISITOR)
def test_pages_for_visitors(
    page_at: Callable[..., Page],
    base_url: str,
    address: str,
    accessibility: Callable[[Page], None],
) -> None:
    check(page_at(1280), base_url, address, accessibility)


@pytest.mark.parametrize("address", EMPLOYEE)
def test_pages_for_employees(
    page_at: Callable[..., Page],
    base_url: str,
    address: str,
    accessibility: Callable[[Page], None],
) -> None:
    page = page_at(1280)
    sign_in(page, "100063")
    check(page, base_url, address, accessibility)


@pytest.mark.parametrize("address", ARCHIVIST)
def test_pages_for_archivists(
    page_at: Callable[..., Page],
    base_url: str,
    address: str,
    accessibility: Callable[[Page], None],
) -> None:
    page = page_at(1280)
    sign_in(page, "100010")
    check(page, base_url, address, accessibility)


@pytest.mark.parametrize(("number", "address"), OFFICERS)
def test_pages_for_officers(
    page_at: Callable[..., Page],
    base_url: str,
    number: str,
    address: str,
    accessibility: Callable[[Page], None],
) -> None:
    page = page_at(1280)
    sign_in(page, number)
    check(page, base_url, address, accessibility)


def test_a_failed_sign_in_says_what_was_wrong_beside_the_field(
    page_at: Callable[..., Page], accessibility: Callable[[Page], None]
) -> None:
    page = page_at(360)
    page.goto("/account/login/")
    page.get_by_label("工号").fill("100063")
    page.get_by_label("密码", exact=True).fill("not-the-password")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state()
    assert page.title().startswith("错误")
    assert page.get_by_label("工号").input_value() == "100063"
    accessibility(page)
