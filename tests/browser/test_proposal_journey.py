"""One proposal runs from its collection to the report to the congress, through the pages.

A delegate writes it, three others second it, the office and the committee review it, a unit
replies, the delegate rates; the report is frozen by one person, published by another and printed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from portal.archives.models import Record
from portal.cases.models import Case
from portal.people.models import User
from tests.browser.journeys import fits
from tests.factories.organizations import make_unit
from tests.factories.people import PASSWORD, make_person, make_user
from tests.factories.proposals import make_delegate, make_session
from tests.infrastructure import chromium
from union.models import CongressReport, Proposal

SUBJECT = "采煤工作面增设饮水点"


@pytest.fixture
def monday(live_portal: str, time_machine: Any) -> None:
    """Begin on a Monday without holidays near it."""
    time_machine.move_to("2026-11-23 09:00+08:00")


def sign_in(page: Page, user: User) -> None:
    page.context.clear_cookies(name=re.compile("session"))
    chromium.sign_in(page, user.username, PASSWORD)


def step(page: Page, user: User, case: Case, name: str, **fields: str) -> None:
    """Take a step through the page of the case."""
    sign_in(page, user)
    page.goto(f"/cases/{case.pk}/")
    fits(page)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(re.compile(f"/cases/{case.pk}/steps/"))
    fits(page)
    for label, words in fields.items():
        control = page.locator(f"main form [name={label}]")
        kind = control.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            page.locator(f"main form [name={label}][value='{words}']").check()
        elif control.first.evaluate("(one) => one.tagName") == "SELECT":
            control.select_option(words)
        else:
            control.fill(words)
    page.locator("main form button.button").first.click()
    expect(page).to_have_url(re.compile(f"/cases/{case.pk}/$"))


def write(page: Page, author: User) -> Case:
    """Write a proposal on the page a delegate finds in the list, and hand it in."""
    sign_in(page, author)
    page.goto("/union/")
    page.get_by_role("link", name="职代会提案", exact=True).click()
    expect(page).to_have_url(re.compile("/participation/proposals/$"))
    fits(page)
    page.get_by_role("link", name=re.compile("提出提案")).click()
    page.get_by_label("案由").fill(SUBJECT)
    page.get_by_label("类别").select_option(label="工作条件与环境")
    page.get_by_label("提案缘由").fill("工作面离最近的饮水点七百米，一班要走三个来回。")
    page.get_by_label("建议措施").fill("在两巷各设一个保温饮水点，每班补水。")
    fits(page)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page).to_have_url(re.compile("/cases/[0-9a-f-]+/$"))
    expect(page.locator("main")).to_contain_text("附议截止")
    fits(page)
    return Case.objects.get(item=SUBJECT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_from_collection_to_the_report(
    opened: Callable[..., Page], monday: None, time_machine: Any, javascript: bool
) -> None:
    session, unit = make_session(), make_unit(name="青石测试矿")
    author = make_delegate(session, make_user("employee", person=make_person("秦月兰")))
    seconders = [make_delegate(session) for _number in range(3)]
    office, checker, chair = (
        make_user(code) for code in ("union_staff", "union_staff", "union_chair")
    )
    handler = make_user("opinion_handler", unit=unit)
    page = opened(360, javascript=javascript)
    case = write(page, author)
    for seconder in seconders:
        sign_in(page, seconder)
        page.goto("/participation/proposals/?mine=open")
        page.get_by_role("link", name=SUBJECT).click()
        expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible()
        fits(page)
        page.get_by_role("button", name="附议", exact=True).click()
        expect(page.get_by_role("button", name="撤回附议")).to_be_visible()
    step(page, office, case, "转入审查")
    step(page, office, case, "提交委员会审查", advice="file")
    step(page, chair, case, "立案")
    step(page, office, case, "交办", lead=str(unit.pk), instruction="年内办完")
    step(
        page,
        handler,
        case,
        "答复",
        result="solved",
        reply="两巷各设一个，十二月一日前完成，机电科负责。",
    )
    step(page, checker, case, "审核通过，送提案人")
    sign_in(page, author)
    page.goto("/cases/mine/")
    page.get_by_role("link", name=re.compile(SUBJECT)).first.click()
    expect(page.locator("main")).to_contain_text("十二月一日前完成")
    step(page, author, case, "评价并办结", reply_level="5", implementation_level="4")

    session.closes_on = session.opens_on
    session.save()
    address = f"/participation/congress/{session.pk}/report/"
    sign_in(page, office)
    page.goto(address)
    fits(page)
    page.get_by_label(re.compile(SUBJECT)).check()
    page.get_by_role("button", name="确定优秀提案").click()
    page.get_by_role("button", name="生成报告").click()
    expect(page.get_by_role("link", name="下载报告（PDF）")).to_be_visible()
    sign_in(page, chair)
    page.goto(address)
    page.get_by_role("button", name="发布报告").click()
    page.get_by_role("link", name="已发布的页面").click()
    expect(page.locator("main")).to_contain_text("立案率100.0%")
    fits(page)
    answer = page.request.get(f"{address}pdf/")
    assert answer.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.body())) as document:
        assert len(document.pages) >= 2
    report = CongressReport.objects.get()
    assert report.figures["best"][0]["number"] == Proposal.objects.get().case.number
    kinds = set(Record.objects.values_list("kind", flat=True))
    assert {"congress-report", "union-proposal-case"} <= kinds
