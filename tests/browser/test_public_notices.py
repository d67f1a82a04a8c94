"""An objection and its answer in a browser: on a phone, in the elderly mode, without JavaScript."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.journeys import fits, follow
from tests.infrastructure.chromium import sign_in

TITLE = "关于租房困难退役军人职工住房补贴的公示"
# Published today by two demo accounts, so that it runs whenever the test does.
PUBLISH = f"""
from portal.organizations.models import Unit
from portal.people.models import User
from portal.public_notices.services import publish_notice
from tests.factories.public_notices import make_notice

notice = make_notice(
    owner_kind="browser", title="{TITLE}", unit=Unit.objects.get(code="QL-FW")
)
publish_notice(
    notice, User.objects.get(username="100009"), User.objects.get(username="100006")
)
"""
# The one who objects, and a colleague of those who published the notice.
OBJECTOR, COLLEAGUE, NOT_CONCERNED = "100076", "100001", "100013"
REASON = "名单第一项的同志今年已经离开原单位，请核对是否仍然符合条件。"
ANSWER = "经与人力资源部核对，该同志仍在本单位工作，符合办法第五条规定的条件。"


def sound(page: Page) -> None:
    """Nothing is cut off sideways, and the page has one main heading."""
    fits(page)
    expect(page.locator("h1")).to_have_count(1)


def test_an_objection_and_its_answer(site, page_at, signed_in, accessibility, browser_watch):
    site.manage("shell", "-c", PUBLISH)
    # What was typed comes back with 422, and strangers find nothing.
    browser_watch.expect("404|422")
    reader = page_at(360)
    reader.goto("/public-notices/")
    accessibility(reader)
    sound(reader)
    follow(reader, reader.get_by_role("link", name=TITLE))
    accessibility(reader)
    sound(reader)
    expect(reader.get_by_role("main")).to_contain_text("公示中")
    expect(reader.get_by_role("main")).not_to_contain_text("欧阳明月")

    # Signed out, the button leads over the sign-in to the form.
    objector = page_at(360, javascript=False)
    objector.goto(reader.url)
    objector.get_by_role("button", name="长辈版").click()
    objector.get_by_role("link", name="登录后提出异议").click()
    assert "/account/login/" in objector.url
    sign_in(objector, OBJECTOR)
    objector.goto(reader.url)
    objector.get_by_role("link", name="实名提出异议").click()
    objector.get_by_label("事实和理由").fill(REASON)
    objector.get_by_role("button", name="提交异议").click()
    # The tick was forgotten: the words are still there.
    expect(objector.get_by_role("alert")).to_contain_text("请确认您是实名提出")
    expect(objector.get_by_label("事实和理由")).to_have_value(REASON)
    objector.get_by_label("我以本人姓名提出异议").check()
    objector.get_by_role("button", name="提交异议").click()
    expect(objector.get_by_role("main")).to_contain_text("您的异议已收到")
    own = objector.url

    stranger = signed_in(NOT_CONCERNED, 1280)
    assert stranger.goto(own).status == 404

    office = signed_in(COLLEAGUE, 1280)
    office.goto("/objections/?state=open")
    accessibility(office)
    sound(office)
    follow(office, office.get_by_role("link", name=TITLE).first)
    accessibility(office)
    expect(office.get_by_role("main")).to_contain_text(REASON)
    office.get_by_label("异议不成立").check()
    office.get_by_label("答复理由").fill(ANSWER)
    office.get_by_label("我知道答复发出后不能修改").check()
    office.get_by_role("button", name="发出答复").click()
    expect(office.get_by_role("main")).to_contain_text("答复已发出")

    objector.goto(own)
    expect(objector.get_by_role("main")).to_contain_text(ANSWER)
    expect(objector.get_by_role("main")).to_contain_text("异议不成立")
    scripted = signed_in(OBJECTOR, 360)
    for address in (own, "/objections/mine/"):
        scripted.goto(address)
        accessibility(scripted)
        sound(scripted)
