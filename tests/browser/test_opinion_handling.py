"""A named opinion in the browser: accepted, passed on, answered, reviewed, rated, made public."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.people.models import User
from tests.factories.opinions import REPLY, Handled
from tests.factories.people import PASSWORD
from tests.infrastructure import chromium
from tests.infrastructure.browser_watch import BrowserWatch
from union.models import OpinionMode

pytestmark = [pytest.mark.django_db(transaction=True)]
CHANGED = "夜班热餐窗口延长到零点半"


@pytest.fixture
def handled(time_machine: Any, settings: Any, tmp_path: Path) -> Handled:
    """An opinion that hides its name from the unit, just received, on a Monday."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")
    made = Handled(mode=OpinionMode.NAME_HIDDEN)
    made.to("received")
    return made


@pytest.fixture
def opened(browser: Browser, live_server: Any, handled: Handled) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a watched session, signed in to an account."""
    watch = BrowserWatch(live_server.url)
    watch.expect("422")
    contexts: list[BrowserContext] = []

    def open_page(user: User, width: int = 1280) -> Page:
        context = browser.new_context(
            **chromium.VISITOR,
            base_url=live_server.url,
            viewport={"width": width, "height": chromium.VIEWPORTS[width]},
        )
        context.set_default_timeout(60_000)
        watch.attach(context)
        contexts.append(context)
        page = context.new_page()
        chromium.sign_in(page, user.username, PASSWORD)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not watch.complaints, watch.complaints


def test_an_opinion_is_handled_reviewed_rated_and_made_public(
    opened: Callable[..., Page], handled: Handled
) -> None:
    name = handled.applicant.person.name  # type: ignore[union-attr]
    case = f"/cases/{handled.pk}/"
    # 1. The union accepts and passes on.
    office = opened(handled.office)
    office.goto("/cases/")
    office.get_by_role("link", name="食堂班车公寓").first.click()
    expect(office.get_by_role("main")).to_contain_text(name)
    office.get_by_role("link", name="受理", exact=True).click()
    office.get_by_role("button", name="受理", exact=True).click()
    office.get_by_role("link", name="转办", exact=True).click()
    office.get_by_label("承办单位（主办）").select_option(label="后勤服务中心")
    office.get_by_role("button", name="转办", exact=True).click()
    expect(office.get_by_role("main")).to_contain_text("办理中")

    # 2. The unit answers on a phone and learns no name.
    unit = opened(handled.handler, 360)
    unit.goto(case)
    expect(unit.get_by_role("main")).to_contain_text("只有工会知道")
    expect(unit.locator("body")).not_to_contain_text(name)
    unit.get_by_role("link", name="拟写答复", exact=True).click()
    # Too short is refused, and what was typed stays.
    unit.locator("#id_reply").evaluate("field => field.removeAttribute('minlength')")
    unit.locator("#id_reply").fill("好的")
    unit.get_by_role("button", name="拟写答复").click()
    expect(unit.locator("#id_reply")).to_have_value("好的")
    unit.locator("#id_reply").fill(REPLY)
    unit.get_by_role("button", name="拟写答复").click()
    expect(unit.get_by_role("main")).to_contain_text("答复待审核")

    # 3. Another of the union reviews; the sender reads and rates.
    review = opened(handled.second)
    review.goto(f"{case}steps/review_reply/")
    expect(review.get_by_role("main")).to_contain_text(REPLY)
    review.get_by_role("button", name="审核通过并发出答复").click()
    sender = opened(handled.applicant, 360)
    sender.goto(case)
    expect(sender.get_by_role("main")).to_contain_text(REPLY)
    sender.get_by_role("link", name="评价并办结").click()
    sender.get_by_label("满意", exact=True).check()
    sender.get_by_role("button", name="评价并办结").click()
    expect(sender.get_by_role("main")).to_contain_text("这件事已经办完")

    # 4. The union writes the public reply, another publishes it, everybody reads it.
    office.goto(case)
    office.get_by_role("link", name="编写公开答复").click()
    office.locator("#id_title").fill("夜班能不能吃上热饭")
    office.locator("#id_question").fill("夜班食堂只有冷饭。")
    office.locator("#id_improvement").fill(CHANGED)
    office.get_by_role("button", name="提交审核").click()
    expect(office.get_by_role("main")).to_contain_text("已编写公开答复")
    chair = opened(handled.chair)
    chair.goto("/admin/reviews/")
    chair.get_by_role("link", name="夜班能不能吃上热饭").first.click()
    chair.get_by_role("button", name="同意并发布").click()
    sender.goto("/")
    expect(sender.get_by_role("main")).to_contain_text(CHANGED)
    sender.get_by_role("link", name=CHANGED).first.click()
    expect(sender.get_by_role("main")).to_contain_text("办理答复")
    expect(sender.get_by_role("main")).not_to_contain_text(name)
