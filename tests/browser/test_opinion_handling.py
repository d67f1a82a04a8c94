"""A named opinion in the browser: accepted, passed on, answered, reviewed, rated, made public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories.opinions import REPLY, Handled
from tests.infrastructure.browser_watch import BrowserWatch
from union.models import OpinionMode

pytestmark = [pytest.mark.django_db(transaction=True)]
CHANGED = "夜班热餐窗口延长到零点半"


@pytest.fixture
def handled(live_portal: str, time_machine: Any) -> Handled:
    """An opinion that hides its name from the unit, just received, on a Monday."""
    time_machine.move_to("2026-11-23 09:00+08:00")
    made = Handled(mode=OpinionMode.NAME_HIDDEN)
    made.to("received")
    return made


def test_an_opinion_is_handled_reviewed_rated_and_made_public(
    opened: Callable[..., Page], live_watch: BrowserWatch, handled: Handled
) -> None:
    live_watch.expect("422")
    name = handled.applicant.person.name  # type: ignore[union-attr]
    case = f"/cases/{handled.pk}/"
    # 1. The union accepts and passes on.
    office = opened(user=handled.office)
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
    unit = opened(360, user=handled.handler)
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
    review = opened(user=handled.second)
    review.goto(f"{case}steps/review_reply/")
    expect(review.get_by_role("main")).to_contain_text(REPLY)
    review.get_by_role("button", name="审核通过并发出答复").click()
    sender = opened(360, user=handled.applicant)
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
    chair = opened(user=handled.chair)
    chair.goto("/admin/reviews/")
    chair.get_by_role("link", name="夜班能不能吃上热饭").first.click()
    chair.get_by_role("button", name="同意并发布").click()
    sender.goto("/")
    expect(sender.get_by_role("main")).to_contain_text(CHANGED)
    sender.get_by_role("link", name=CHANGED).first.click()
    expect(sender.get_by_role("main")).to_contain_text("办理答复")
    expect(sender.get_by_role("main")).not_to_contain_text(name)
