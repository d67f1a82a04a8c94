"""A year of the demo goes from capture to the shelf: one return, its correction, all numbers."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import sign_in
from tests.infrastructure.demo_site import DemoSite

ARCHIVIST, ORGANIZATION_MEMBER, AUDITOR = "100010", "100051", "100012"
RETURNED = "通风瓦斯党支部瓦斯超限处置演练：报警之后的第一分钟"
# The worker makes the files of every page of the demo before this can begin.
PATIENCE_SECONDS = 900
YEAR = 2026


def wait_for_the_worker(site: DemoSite) -> None:
    """Wait until everything that was published is in the pool, checked, or kept apart."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(site.folder / "portal.sqlite3", timeout=30)) as database:
            (left,) = database.execute(
                "SELECT COUNT(*) FROM archives_record r WHERE state = 'captured' OR "
                "(state = 'pool' AND NOT EXISTS (SELECT 1 FROM archives_inspection i "
                "WHERE i.record_id = r.id))"
            ).fetchone()
        if not left:
            return
        time.sleep(2)
    pytest.fail(f"{left} records are not in the pool yet\n{site.log()}")


def return_one(page: Page) -> None:
    """The archivist gives an item back: the drill belongs to accidents, which stay for ever."""
    sign_in(page, ARCHIVIST)
    page.goto("/workspace/")
    expect(page.get_by_role("heading", name="待接收的归档材料")).to_be_visible()
    page.goto("/archives/pool/?unit=DZ05")
    page.get_by_role("link", name=RETURNED).click()
    page.get_by_label("退回原因").select_option(label="保管期限错误")
    page.get_by_label("需要更正的内容").fill("演练涉及瓦斯超限，本单位按永久保管。")
    page.get_by_role("button", name="退回单位").click()
    expect(page.get_by_text("已退回。").first).to_be_visible()


def correct_it(page: Page) -> None:
    """On a phone, the organization member finds the task, corrects the period, sends it back."""
    sign_in(page, ORGANIZATION_MEMBER)
    page.goto("/workspace/")
    # The account has the same title below, among its own drafts.
    page.get_by_role("link", name=RETURNED).first.click()
    expect(page.get_by_text("本单位按永久保管")).to_be_visible()
    page.get_by_label("保管期限", exact=True).select_option(label="永久")
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_text("更正已保存。")).to_be_visible()
    page.get_by_label("已更正的内容").fill("已改为永久。")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已重新提交档案员。").first).to_be_visible()


def accept_everything(page: Page) -> int:
    """The archivist accepts page by page; return how many items there were."""
    accepted = 0
    while True:
        page.goto("/archives/pool/?list=waiting")
        boxes = page.locator("input[name=record]")
        count = boxes.count()
        if not count:
            return accepted
        for position in range(count):
            boxes.nth(position).check()
        page.get_by_role("button", name="接收所选件").click()
        expect(page.get_by_text("将接收")).to_be_visible()
        page.get_by_role("button", name="确认接收").click()
        expect(page.get_by_text(f"已接收{count}件。")).to_be_visible()
        accepted += count


def test_a_year_from_capture_to_its_numbers(site: DemoSite, page_at: Callable[..., Page]) -> None:
    wait_for_the_worker(site)
    archivist = page_at(1280)
    return_one(archivist)
    correct_it(page_at(360))

    archivist.goto("/archives/pool/?unit=DZ05")
    archivist.get_by_role("link", name=RETURNED).click()
    expect(archivist.get_by_text("已改为永久。")).to_be_visible()
    archivist.get_by_role("button", name="接收并编号").click()
    expect(archivist.get_by_text(f"Q001-WS·{YEAR}-Y-DQ02-").first).to_be_visible()

    assert accept_everything(archivist) > 20
    expect(archivist.get_by_text("没有待接收的件")).to_be_visible()

    archivist.goto(f"/archives/codes/?year={YEAR}")
    expect(archivist.get_by_text(f"{YEAR}年度没有缺号和重号。")).to_be_visible()

    auditor = page_at(1280)
    sign_in(auditor, AUDITOR)
    auditor.goto(f"/archives/?title={RETURNED[:8]}")
    auditor.get_by_role("link", name=RETURNED).first.click()
    expect(auditor.get_by_text(f"Q001-WS·{YEAR}-Y-DQ02-").first).to_be_visible()
    history = auditor.get_by_role("region", name="经过")
    for words in ("退回此件", "接收此件"):
        expect(history.get_by_text(words).first).to_be_visible()
