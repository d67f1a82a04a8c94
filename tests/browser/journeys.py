"""Steps that several journeys through the portal share."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from portal.demo.texts import DEMO_PASSWORD


def sign_in(page: Page, employee_number: str) -> None:
    """Sign in with a demo account."""
    page.goto("/account/login/")
    page.get_by_label("工号").fill(employee_number)
    page.get_by_label("密码", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    # The menu looks alike for visitors, so the new address is what tells.
    expect(page).not_to_have_url(re.compile("/account/login/"))


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page and wait for that page.

    Whoever clicks while a page still loads and scrolls to its fragment may click beside the link,
    and a check that follows at once may look at the page before.
    """
    page.wait_for_load_state()
    with page.expect_navigation():
        link.click()


def fits(page: Page) -> None:
    """Nothing of the page is cut off sideways."""
    # A click has not always opened the next page yet.
    page.wait_for_load_state()
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url  # type: ignore[index]


def section(page: Page, field: str) -> str:
    """Return the selector of a panel of the page editor by the name of its field."""
    return f"section[id$='-{field}-section']"


def write_text_block(page: Page, words: str) -> None:
    """Add a text block to the body and type into it."""
    body = page.locator(section(page, "body"))
    body.locator("button.c-sf-add-button").first.click()
    page.get_by_role("option", name="文字").first.click()
    editor = body.locator(".public-DraftEditor-content").first
    editor.click()
    editor.press_sequentially(words)
    # The editor writes what was typed into its form field a moment later, and only that is sent.
    value = body.locator("input[type=hidden][name$='-value']").first
    expect(value).to_have_value(re.compile(re.escape(words)))


def submit_for_review(page: Page) -> None:
    """Press the editor's main button, which submits the draft for review."""
    page.get_by_role("button", name="提交审核").first.click()
    expect(page.get_by_text("并提交审核").first).to_be_visible()
