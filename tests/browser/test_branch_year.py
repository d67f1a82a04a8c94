"""An officer finds what branches are missing and reminds; a handbook opens; a hazard is closed."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from branches.models import Hazard, SafetyPledge
from tests.browser.journeys import fits, follow
from tests.factories.safety import issue_pledges, make_safety_world
from tests.infrastructure.browser_watch import BrowserWatch

PARTY_STAFF = "100006"


def press(page: Page, name: str) -> None:
    """Press a button of the page's main part."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("width", [1280, 360])
def test_an_officer_finds_the_missing_meetings_of_the_demo_and_reminds(
    signed_in: Callable[..., Page], accessibility: Callable[[Page], None], width: int
) -> None:
    page = signed_in(PARTY_STAFF, width)
    page.goto("/branch-life/year/indicators/")
    fits(page)
    accessibility(page)
    page.get_by_label("显示").select_option("bad")
    press(page, "筛选")
    main = page.get_by_role("main")
    expect(main.locator("tbody th").first).to_be_visible()
    expect(main.locator(".year__cell--light-bad").first).to_contain_text("未达标")

    page.goto("/branch-life/year/?kind=committee-meeting&year=2026")
    fits(page)
    missing = main.locator(".year__cell--missing a").first
    expect(missing).to_have_text("缺")
    follow(page, missing)
    fits(page)
    expect(main).to_contain_text("综掘队党支部")
    page.go_back()
    press(page, "提醒书记")
    expect(page.get_by_text("已提醒").first).to_be_visible()


def test_the_handbook_of_a_branch_has_bookmarks_and_chinese_that_can_be_searched(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in(PARTY_STAFF)
    page.goto("/branch-life/handbook/?branch=DZ02&year=2026")
    address = page.get_by_role("link", name="生成工作手册").get_attribute("href")
    assert address
    body = page.request.get(address).body()
    with pikepdf.open(io.BytesIO(body)) as book, book.open_outline() as outline:
        titles = [str(one.title) for one in outline.root]
    assert any("党员花名册" in title for title in titles)


@pytest.mark.django_db(transaction=True)
def test_a_pledge_is_signed_on_a_phone_and_a_hazard_closed_by_somebody_else(
    opened: Callable[..., Page],
    live_watch: BrowserWatch,
    accessibility: Callable[[Page], None],
    time_machine: Any,
) -> None:
    live_watch.expect("422")
    time_machine.move_to("2026-11-23 09:00+08:00")
    world = make_safety_world()
    (pledge,) = issue_pledges(world, [world.people[0]])

    phone = opened(360, user=world.secretary)
    phone.goto(reverse("my_safety"))
    fits(phone)
    accessibility(phone)
    follow(phone, phone.get_by_role("link", name=pledge.title))
    fits(phone)
    press(phone, "我已阅读，确认签订")
    expect(phone.get_by_role("main")).to_contain_text("已签订")
    assert SafetyPledge.objects.get().is_signed

    desk = opened(1280, user=world.secretary)
    desk.goto(reverse("safety_hazards"))
    desk.get_by_role("main").get_by_role("link", name="登记隐患").click()
    desk.get_by_label("地点").fill("1203工作面")
    desk.get_by_label("隐患情况").fill("顶板离层仪读数超限")
    desk.get_by_label("发现人").select_option(str(world.member.pk))
    desk.get_by_label("责任单位").select_option(str(world.team.pk))
    desk.get_by_label("整改措施").fill("补打锚索")
    press(desk, "保存")
    expect(desk.get_by_role("alert").first).to_be_visible()
    expect(desk.get_by_label("隐患情况")).to_have_value("顶板离层仪读数超限")
    desk.get_by_label("整改期限").fill(str(datetime.date(2026, 11, 30)))
    press(desk, "保存")
    desk.get_by_role("main").get_by_role("link", name="登记整改").click()
    desk.get_by_label("整改人").fill(str(world.people[0].employee_number))
    desk.get_by_label("整改情况").fill("已补打锚索两根")
    press(desk, "保存")
    expect(desk.get_by_role("main")).to_contain_text("由他人复查")

    other = opened(1280, user=world.organizer)
    hazard = Hazard.objects.get()
    other.goto(reverse("safety_hazard", args=[hazard.pk]))
    accessibility(other)
    press(other, "复查合格，销号")
    expect(other.get_by_role("main")).to_contain_text("已销号")
