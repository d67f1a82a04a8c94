"""The pages of veterans' support for readers of eighty, measured in a browser.

Source: the rules for elderly readers in the reference on cases (chapter 5, E1 to E8), after the
specifications of the ministry of 2021 and WCAG 2.2 AA.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.people.models import User
from tests.factories.people import make_user
from tests.factories.publicity import make_answer, make_briefing
from tests.factories.standards import published_item, standard_page
from tests.factories.support import make_draft

pytestmark = [pytest.mark.django_db(transaction=True)]
# Pixels: targets in the elderly mode and else (E3), text of it (E1), distance of lines (E2).
LARGE_TARGET, TARGET, TEXT, LINE = 60, 44, 18, 1.5
PHONE = {"width": 320, "height": 640}
# A desk of 1280 × 1024 at 400 %: a quarter of the pixels, each drawn with sixteen.
ZOOMED = {"width": 320, "height": 256}
# What the switch of the elderly mode leaves in the browser.
LARGE = {"display_text": "large"}

# Everything a finger is to hit: links in running text are left out, as WCAG 2.5.8 does.
TARGETS = """() => [...document.querySelectorAll(
    "main :is(.button, .task, .door, summary, input:not([type=hidden], [type=radio], " +
    "[type=checkbox]), select, textarea), main label:has(input)")]
  .filter(one => one.getClientRects().length && !one.closest(".visually-hidden"))
  .map(one => { const box = one.getBoundingClientRect();
    return [Math.round(Math.min(box.height, Math.max(box.width, box.height))),
      (one.innerText || one.name || one.tagName).trim().slice(0, 30)]; })"""
TEXTS = """() => [...document.querySelectorAll("main :is(p, li, dd, dt, td, th, label, legend)")]
  .filter(one => one.getClientRects().length && one.innerText.trim()
    && !one.closest(".visually-hidden, .tag, .facts__note, .field__hint, .print-only"))
  .map(one => { const style = getComputedStyle(one);
    return [parseFloat(style.fontSize), parseFloat(style.lineHeight) / parseFloat(style.fontSize),
      one.innerText.trim().slice(0, 30)]; })"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def world(live_portal: str, time_machine: Any) -> tuple[User, list[str], list[str]]:
    """Return a family account, and the addresses for everybody and for this account."""
    time_machine.move_to("2026-11-23 09:00+08:00")
    standard = standard_page(published_item("medical"))
    answer = make_answer()
    briefing = make_briefing()
    family = make_user("employee")
    draft = make_draft(family, item="medical")
    public = [
        *("/veterans/", standard.url, "/support/items/medical/check/"),
        *("/support/questions/", answer.url, briefing.url),
    ]
    base = f"/support/applications/{draft.pk}/"
    own = [
        *(base, f"{base}about/", f"{base}bank/", f"{base}materials/", f"{base}consent/"),
        *(f"{base}questions/?question=category", f"{base}check/"),
    ]
    return family, public, own


def measured(page: Page, address: str, target: int) -> list[str]:
    """Return what is wrong on a page: too wide, targets too small."""
    page.goto(address)
    wrong = []
    if (wider := page.evaluate(WIDER)) > 0:
        wrong.append(f"{address}: {wider} pixels too wide")
    small = [(size, words) for size, words in page.evaluate(TARGETS) if size < target]
    wrong += [f"{address}: {words} is {size} pixels" for size, words in small]
    return wrong


def readable(page: Page, address: str) -> list[str]:
    """Return texts that are too small or too close."""
    found = page.evaluate(TEXTS)
    wrong = [f"{address}: {words}, {size} px" for size, _line, words in found if size < TEXT]
    return wrong + [
        f"{address}: {words}, lines {line:.2f}"
        for _size, line, words in found
        if line < LINE - 0.01
    ]


def number_to_call(page: Page) -> tuple[str, bool]:
    """Return where the number is dialled, and whether it is the last thing of the page."""
    last = page.locator("main .wrap > .station-call")
    assert last.count() == 1, page.url
    after = last.evaluate("one => one.nextElementSibling.className")
    return last.locator("a[href^='tel:']").get_attribute("href") or "", after == "print-only"


def test_large_text_targets_and_narrow_screens(
    opened: Callable[..., Page], world: tuple[User, list[str], list[str]]
) -> None:
    family, public, own = world
    wrong: list[str] = []
    visitor, account = opened(**PHONE, cookies=LARGE), opened(**PHONE, cookies=LARGE, user=family)
    for page, addresses in ((visitor, public), (account, own)):
        for address in addresses:
            wrong += measured(page, address, LARGE_TARGET)
            wrong += readable(page, address)
            assert number_to_call(page) == ("tel:00001235", True), address
    assert not wrong, "\n".join(wrong)


def test_the_usual_text_on_a_phone_and_at_400_percent(
    opened: Callable[..., Page], world: tuple[User, list[str], list[str]]
) -> None:
    family, public, own = world
    wrong: list[str] = []
    for viewport in (PHONE, ZOOMED):
        visitor, account = opened(**viewport), opened(**viewport, user=family)
        for page, addresses in ((visitor, public), (account, own)):
            for address in addresses:
                wrong += measured(page, address, TARGET)
    assert not wrong, "\n".join(wrong)


def test_papers_are_photographed_several_at_once(
    opened: Callable[..., Page], world: tuple[User, list[str], list[str]]
) -> None:
    """E8: the camera is offered, and it is said that readable is good enough."""
    family, _public, own = world
    page = opened(**PHONE, cookies=LARGE, user=family)
    page.goto(next(address for address in own if address.endswith("/materials/")))
    for chosen in page.locator("input[type=file]").all():
        assert "image/*" in (chosen.get_attribute("accept") or "")
        assert chosen.get_attribute("multiple") is not None
    assert "看得清" in page.locator("main").inner_text()
