"""A family member applies on a phone, corrects, sees approval, notice and payment, and rates.

The portal runs in this process on the database under test, so the same journey shows both
databases, with JavaScript and without; the clock is moved and the daily jobs are run as the
worker does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.archives.models import AccessLevel, Record
from portal.cases import supervision
from portal.cases.models import Case, Rating
from portal.people.models import User
from portal.public_notices.services import end_due_notices
from tests.browser.journeys import fits, follow
from tests.factories.people import IDENTITY_NUMBERS, PASSWORD, make_person, make_user
from tests.factories.support import CARD, DECISION, Office, make_office
from tests.factories.uploads import photo_bytes
from tests.infrastructure import chromium

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
# The longest sentence of a step: 25 characters (reference on accessible pages, E14).
SENTENCE = 25


@pytest.fixture
def people(live_portal: str, time_machine: Any) -> tuple[User, Office]:
    """A widow with an account, and the office; it is a Monday without holidays near it."""
    time_machine.move_to("2026-11-23 09:00+08:00")
    person = make_person("秦月兰", identity_number=IDENTITY_NUMBERS[1], phone="13900000007")
    return make_user("military_family", person=person), make_office()


def sign_in(page: Page, user: User) -> None:
    """Sign in anew; days pass between the steps."""
    page.context.clear_cookies(name=re.compile("session"))
    chromium.sign_in(page, user.username, PASSWORD)


# What a martyr's family that rents a flat answers, by a part of the question.
ANSWERS = {
    "哪一类": "烈士遗属",
    "集团是什么关系": "家属",
    "住房情况": "租房",
}


def choose(group: Any) -> None:
    """Answer one question: as in the table, otherwise with no."""
    question = group.locator("legend").inner_text()
    wanted = next((words for part, words in ANSWERS.items() if part in question), "否")
    found = group.locator("label").filter(has_text=wanted)
    (found.first if found.count() else group.locator("label").last).click()


def answer_everything(page: Page) -> None:
    """Answer one question after another until there is none."""
    for _question in range(12):
        if "/questions/" not in page.url:
            return
        choose(page.locator("form.form fieldset").first)
        page.get_by_role("button", name="保存并继续").click()
    pytest.fail("the questions have no end")


def apply(page: Page) -> str:
    """Fill every part and hand it in; return the tracking code."""
    page.get_by_label("为自己申请").check()
    page.get_by_label("联系电话").or_(page.get_by_label("手机号")).first.fill(
        "１３９ ００００ ０００７"
    )
    page.get_by_role("button", name="保存并继续").click()
    answer_everything(page)
    page.get_by_label("开户银行及网点").fill("岚川储蓄银行")
    page.get_by_label("银行卡号").fill("6200 0000 0000 0000 018")
    follow(page, page.get_by_role("button", name="保存并继续"))
    fits(page)
    photo = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes()}
    while page.locator("section:has(.tag--amber) input[type=file]").count():
        missing = page.locator("section:has(.tag--amber)").first
        missing.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
        missing.get_by_role("button", name="上传这张照片").click()
        expect(page.get_by_text("照片已上传。").first).to_be_visible()
    page.get_by_role("button", name="继续", exact=True).click()
    for box in page.locator("form.form input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="保存并继续").click()
    follow(page, page.get_by_role("link", name="核对并提交"))
    fits(page)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="申请已提交")).to_be_visible()
    code = re.search(r"(\d{4}-){3}\d{4}", page.locator("main").inner_text())
    assert code is not None
    page.get_by_label("我已保存查询码").check()
    page.get_by_role("button", name="继续", exact=True).click()
    expect(page).to_have_url(re.compile("/cases/[0-9a-f-]+/$"))
    return code.group()


def step(page: Page, user: User, case: Case, name: str, **fields: str) -> None:
    """Let somebody of the office take a step through the page of the case."""
    sign_in(page, user)
    page.goto(f"/cases/{case.pk}/")
    page.get_by_role("link", name=name, exact=True).click()
    for label, words in fields.items():
        control = page.get_by_label(label).first
        if control.get_attribute("type") in ("radio", "checkbox"):
            control.check()
        else:
            control.fill(words)
    page.locator("main form button.button").first.click()
    expect(page).to_have_url(re.compile(f"/cases/{case.pk}/$"))


def turn(page: Page, user: User, case: Case) -> str:
    """Return what the applicant reads on the page of the case, in the elderly mode."""
    sign_in(page, user)
    page.goto(f"/cases/{case.pk}/")
    fits(page)
    for sentence in page.locator(".case-status__sentence").all_inner_texts():
        assert len(sentence) <= SENTENCE, sentence
    return page.locator("main").inner_text()


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_from_application_to_rating(
    opened: Callable[..., Page],
    people: tuple[User, Office],
    time_machine: Any,
    javascript: bool,
) -> None:
    widow, office = people
    phone = opened(360, javascript=javascript)
    desk = opened(1280, javascript=javascript)
    phone.goto("/")
    phone.get_by_role("button", name="长辈版").first.click()
    sign_in(phone, widow)
    start_application(phone)
    code = apply(phone)
    case = Case.objects.get()
    assert "服务站受理" in turn(phone, widow, case)

    time_machine.move_to("2026-11-24 10:00+08:00")
    step(desk, office.station, case, "告知补正", **{"收款账户": "请写明开户网点"})
    assert "请写明开户网点" in turn(phone, widow, case)
    phone.get_by_role("link", name="现在去补正").click()
    phone.get_by_role("link", name="收款账户").click()
    phone.get_by_label("开户银行及网点").fill("岚川储蓄银行青石梁支行")
    phone.get_by_role("button", name="保存并继续").click()
    phone.get_by_role("button", name="提交补正").click()
    expect(phone.get_by_text("谢谢，补正已提交。").first).to_be_visible()

    time_machine.move_to("2026-11-25 10:00+08:00")
    step(desk, office.station, case, "受理")
    assert "工会审核" in turn(phone, widow, case)
    step(
        desk,
        office.reviewer,
        case,
        "提交审核意见",
        **{"符合条件，建议通过": "", "核实情况": "已与房产登记信息比对"},
    )
    time_machine.move_to("2026-11-26 10:00+08:00")
    step(desk, office.approver, case, "批准并公示", **{"党委会决定文号": DECISION})
    assert "公示" in turn(phone, widow, case)

    time_machine.move_to("2026-12-10 06:00+08:00")
    end_due_notices()
    supervision.daily()
    assert "财务发放" in turn(phone, widow, case)
    step(
        desk,
        office.payer,
        case,
        "开始发放",
        **{"收款账户属于受益人本人，我已核对户名。": ""},
    )
    step(desk, office.payer, case, "确认已发放")
    assert "18,000" in turn(phone, widow, case).replace("18000", "18,000")

    # Tracking needs no account: the code and the last four characters of the identity number.
    visitor = opened(360, javascript=javascript)
    visitor.goto("/track/")
    visitor.get_by_label("查询码").first.fill(code)
    visitor.get_by_label("后四位").first.fill(IDENTITY_NUMBERS[1][-4:])
    visitor.get_by_role("button", name="查询进度", exact=True).click()
    shown = visitor.locator("main").inner_text()
    assert "秦月兰" not in shown
    assert IDENTITY_NUMBERS[1] not in shown
    assert CARD not in shown
    assert case.number in shown

    sign_in(phone, widow)
    phone.goto(f"/cases/{case.pk}/")
    phone.get_by_role("link", name="评价并办结").click()
    phone.get_by_label("非常满意", exact=True).check()
    phone.locator("main form button.button").first.click()
    expect(phone.get_by_text("这件事已经办完。").first).to_be_visible()

    assert Rating.objects.get(case=case).level == 5
    record = Record.objects.get(source_kind="case", source_id=str(case.pk))
    assert record.access_level == AccessLevel.CONTROLLED
    assert Record.objects.filter(kind="public-notice").exists()


def start_application(page: Page) -> None:
    """Ask first whether one can apply, then open the draft from there."""
    page.goto("/support/items/housing/check/")
    for _round in range(4):
        for group in page.locator("main form.form fieldset").all():
            choose(group)
        follow(page, page.get_by_role("button", name="查看结果"))
        if page.get_by_role("button", name="我要申请").count():
            break
    fits(page)
    page.get_by_role("button", name="我要申请").click()
    expect(page).to_have_url(re.compile("/support/applications/"))
    page.locator("ol.tasks a").first.click()
