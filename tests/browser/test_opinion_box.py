"""An employee sends an opinion without a name, asks back, reads the reply and rates it.

On a phone of 360 pixels with scripts, where the device works for a moment and no cookie is sent;
and without scripts, where a question in words takes the place of that work.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request, Route, expect

from portal.cases import services as cases
from tests.browser.journeys import fits
from tests.factories.opinions import REPLY, category, make_box
from tests.factories.organizations import company
from tests.factories.people import PASSWORD, make_user
from tests.infrastructure import chromium
from tests.infrastructure.browser_watch import BrowserWatch
from union.anonymity import puzzles
from union.models import FeedbackBoxPage, Opinion
from union.opinions import release
from union.opinions.dialogue import write_as_staff

pytestmark = [pytest.mark.django_db(transaction=True)]
WORDS = "二食堂零点班的热餐窗口希望再晚一点关，我们班组都盼着。"


@pytest.fixture
def box(live_portal: str) -> FeedbackBoxPage:
    company()
    return make_box()


def answer_the_question(page: Page) -> None:
    """Do the sum as a person would, from its words."""
    words = page.locator("[data-question] label").inner_text()
    found = re.search(r"([二三四五六七八九十一]+)加([二三四五六七八九十一]+)", words)
    assert found is not None, words
    numbers = {puzzles._in_words(number): number for number in range(100)}
    page.locator("[name=answer]").fill(str(numbers[found[1]] + numbers[found[2]]))


def send(page: Page, box: FeedbackBoxPage, *, javascript: bool) -> str:
    """Send an opinion and leave with the receipt."""
    page.goto("/participation/opinions/")
    page.get_by_role("link", name=re.compile("匿名提交")).click()
    expect(page.get_by_role("heading", name="系统无法隐藏")).to_be_visible()
    page.get_by_role("button", name="匿名提交").click()
    expect(page.get_by_text("请选择反映哪方面的事。").first).to_be_visible()
    page.get_by_label(category("canteen").name).check()
    page.get_by_label("您想说什么？").fill(WORDS)
    if not javascript:
        answer_the_question(page)
    page.get_by_role("button", name="匿名提交").click()
    receipt = page.locator("#opinion-receipt").inner_text().strip()
    page.get_by_role("button", name="离开本页").click()
    expect(page.get_by_text("请先保存好查询码").first).to_be_visible()
    page.get_by_label("我已保存好查询码。").check()
    page.get_by_label("请照您保存的内容输入最后四位").fill(receipt[-4:].lower())
    page.get_by_role("button", name="离开本页").click()
    expect(page.get_by_role("heading", name="感谢您")).to_be_visible()
    assert receipt not in page.content()
    return receipt


def look(page: Page, receipt: str) -> None:
    page.goto("/participation/opinions/anonymous/lookup/")
    page.get_by_role("textbox", name="查询码").fill(receipt.lower().replace("-", " "))
    page.get_by_role("button", name="查看", exact=True).click()


def cookies_of_what_is_sent(page: Page) -> list[str]:
    """Return a list that fills with the cookies of each form that is sent without a name."""
    cookies: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/anonymous/" in request.url:
            cookies.append(request.all_headers().get("cookie", ""))

    page.on("requestfinished", note)
    return cookies


@pytest.mark.parametrize("arrives", [True, False], ids=["script is slow", "script is lost"])
def test_whoever_presses_before_the_script_is_there_loses_nothing(
    opened: Callable[..., Page], live_watch: BrowserWatch, box: FeedbackBoxPage, arrives: bool
) -> None:
    live_watch.expect("422|ERR_FAILED")
    page = opened(360)
    chromium.sign_in(page, make_user("employee").username, PASSWORD)
    cookies = cookies_of_what_is_sent(page)
    waiting: list[Route] = []
    page.route("**/unsigned.js", lambda route: waiting.append(route))
    page.goto(reverse("opinion_anonymous", args=[box.pk]), wait_until="commit")
    page.get_by_role("button", name="匿名提交").click()
    page.get_by_label("您想说什么？").fill(WORDS)
    assert not cookies
    waiting[0].continue_() if arrives else waiting[0].abort()
    expect(page.get_by_text("请选择反映哪方面的事。").first).to_be_visible()
    expect(page.get_by_label("您想说什么？")).to_have_value(WORDS)
    # Without the script the browser alone decides; with it nothing names the sender.
    assert len(cookies) == 1
    if arrives:
        assert cookies == [""]


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_opinion_to_the_rating(
    opened: Callable[..., Page], live_watch: BrowserWatch, box: FeedbackBoxPage, javascript: bool
) -> None:
    # Two forms are sent with something missing, on purpose.
    live_watch.expect("422")
    page = opened(360, javascript=javascript)
    # Signed in beforehand: nothing of it may arrive.
    chromium.sign_in(page, make_user("employee").username, PASSWORD)
    cookies = cookies_of_what_is_sent(page)
    receipt = send(page, box, javascript=javascript)
    look(page, receipt)
    expect(page.get_by_role("heading", name="正在等待送达")).to_be_visible()
    release.release()
    opinion = Opinion.objects.get()
    assert opinion.case.applicant is None

    clerk, other = make_user("union_staff"), make_user("union_staff")
    cases.apply(opinion.pk, "accept", clerk, {})
    write_as_staff(opinion.pk, clerk, "请问是一周里的哪几天？")
    look(page, receipt)
    expect(page.get_by_text("请问是一周里的哪几天？")).to_be_visible()
    page.get_by_role("textbox", name="您的留言").fill("周一到周四都是。")
    page.get_by_role("button", name="发出留言").click()
    expect(page.get_by_text("留言已放入待送达。")).to_be_visible()
    release.release()
    assert [row.body for row in opinion.messages.all()][-1] == "周一到周四都是。"

    cases.apply(opinion.pk, "reply_self", clerk, {"reply": REPLY})
    cases.apply(opinion.pk, "review_reply", other, {})
    look(page, receipt)
    expect(page.get_by_text(REPLY)).to_be_visible()
    if javascript:
        fits(page)
    page.get_by_label("非常满意", exact=True).check()
    page.get_by_role("button", name="评价并办结").click()
    expect(page.get_by_text("感谢您的评价。")).to_be_visible()
    release.release()
    opinion.case.refresh_from_db()
    assert opinion.case.state == "closed"
    assert opinion.case.rating.level == 5
    if javascript:
        assert cookies
        assert not any(cookies)  # not even the reverse proxy gets the mark of the sign-in
