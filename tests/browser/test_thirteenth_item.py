"""The officer adds a thirteenth item with a new table of amounts in the browser, without code.

Two people put it in force; self-check, form and amount of an application follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories.people import make_user
from tests.factories.standards import officer, published_item, publisher
from tests.factories.support import ANSWERS, Journey, Office, make_draft
from tests.infrastructure.browser_watch import BrowserWatch
from veterans.models import Application, ItemVersion

pytestmark = [pytest.mark.django_db(transaction=True)]
NAME = "退役军人假牙补助"


@pytest.fixture
def world(live_portal: str, time_machine: Any) -> ItemVersion:
    """A Monday without holidays near it, and medical support, whose papers are alike."""
    time_machine.move_to("2026-11-23 09:00+08:00")
    return published_item("medical")


def empty_table(page: Page, name: str, rows: int) -> None:
    """Delete the rows of an inline panel."""
    for number in range(rows):
        page.locator(f"#id_{name}-{number}-DELETE-button").click()


def test_a_new_item_is_data_and_everything_follows(
    opened: Callable[..., Page], live_watch: BrowserWatch, world: ItemVersion
) -> None:
    live_watch.expect("422")
    page = opened(user=officer())
    # 1. The item.
    page.goto("/support/standards/")
    page.get_by_role("link", name="优待项目", exact=True).first.click()
    page.goto("/admin/support-items/new/")
    page.fill("#id_code", "dentures")
    page.fill("#id_name", NAME)
    page.select_option("#id_category", "health")
    page.select_option("#id_unit", index=1)
    page.fill("#id_summary", "装假牙自付的部分，分段补助。")
    page.locator("button[type=submit]").filter(
        has_text=re.compile("新建|保存|创建|添加")
    ).first.click()
    expect(page).to_have_url(re.compile("support-items/$|support-items/edit"))

    # 2. Papers, steps and limits are taken over from medical support.
    page.goto(f"/support/standards/{world.pk}/")
    page.locator("summary", has_text="复制").click()
    page.get_by_label("生效日期").last.fill("2026-11-23")
    page.get_by_label("用于哪个项目").select_option(label=NAME)
    page.locator("details[open] button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text(NAME)
    draft_address = page.url

    # 3. A new table: shares by bands.
    page.get_by_role("link", name="修改").first.click()
    page.fill("#id_document_number", "沁岚军服〔2026〕30号")
    page.fill("#id_guide", "装假牙自己掏的钱，集团分段补。\n花得多的，补得也多。")
    page.get_by_role("tab", name=re.compile("金额")).click()
    empty_table(page, "amounts", 4)
    page.locator("#id_amounts-ADD").click()
    row = "#id_amounts-4-"
    page.fill(f"{row}label", "全体人员")
    page.select_option(f"{row}method", "tier")
    page.select_option(f"{row}base_field", "own_payment")
    page.fill(f"{row}bands", "5000 0.6\n4000 0.8")
    page.fill(f"{row}cap_case", "10000")
    page.fill(f"{row}clause", "第二条附表")
    save = page.locator("footer button[type=submit], .footer button[type=submit]").first
    save.click()
    # Bands that do not rise are refused at their field; what was typed is still there.
    expect(page.get_by_text("各档上限要一行比一行大").first).to_be_attached()
    page.get_by_role("tab", name=re.compile("金额")).click()
    bands = page.locator("textarea[name$='-bands']:visible").first
    expect(bands).to_have_value("5000 0.6\n4000 0.8")
    bands.fill("5000 0.6\n以上 0.8")
    page.locator("footer button[type=submit], .footer button[type=submit]").first.click()
    expect(page).to_have_url(draft_address)
    page.get_by_role("button", name="提交发布").click()

    # 4. A second person compares and puts it in force.
    second = opened(user=publisher())
    second.goto(draft_address)
    expect(second.get_by_role("main")).to_contain_text("60%")
    second.get_by_role("button", name="发布这一版").click()
    expect(second.locator("h1 .tag")).to_contain_text("已发布")

    # 5. The self-check follows: 5,000 × 60 % + 7,000 × 80 %.
    visitor = opened(360)
    visitor.goto("/support/items/dentures/check/")
    visitor.get_by_label("退役军人职工").first.check()
    visitor.locator("input[name=employment][value=employee]").check()
    visitor.fill("input[name=own_payment]", "12000")
    if visitor.locator("input[name=by_agent]").count():
        visitor.locator("input[name=by_agent][value=no]").check()
    visitor.get_by_role("button", name="查看结果").click()
    expect(visitor.locator("#result")).to_contain_text("符合条件，可以申请")
    expect(visitor.get_by_role("main")).to_contain_text("8,600")

    # 6. So do the form and the amount of an application.
    applicant = make_user("employee")
    phone = opened(360, user=applicant)
    phone.goto("/support/items/dentures/check/")
    draft = make_draft(applicant, ANSWERS["medical"] | {"own_payment": "12000"}, item="dentures")
    phone.goto(f"/support/applications/{draft.pk}/questions/?question=own_payment")
    expect(phone.get_by_role("main")).to_contain_text("您自己付了多少钱")
    staff = Office(
        station=officer(),
        reviewer=make_user("union_staff"),
        approver=publisher(),
        payer=make_user("finance_payer"),
        version=draft.item.versions.get(),
    )
    case = Journey(staff, applicant, draft).to("reviewed")
    assert Application.objects.get(pk=case.pk).amount == Decimal(8600)
