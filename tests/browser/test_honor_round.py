"""One round runs from its notice to a certificate, with an objection and a revocation.

Through the pages, on a phone and without JavaScript: the office prepares, the committee opens, an
employee nominates, the branch recommends, departments and judges speak, somebody objects to the
list, the title is conferred. The QR code of the certificate is read from the printed page and opens
the verification page, which says valid and later revoked. Everything published is in the archive.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from honors.models import Award, Nomination, Round
from portal.archives.models import Record
from portal.people.models import User
from portal.public_notices.models import Objection
from portal.public_notices.services import end_due_notices
from tests.browser.journeys import fits, follow
from tests.factories.honor_rounds import DEEDS, FINDINGS, Judged
from tests.factories.people import PASSWORD, make_user
from tests.infrastructure import chromium
from tests.infrastructure.qr_reader import drawn_page, read_code


@pytest.fixture
def monday(live_portal: str, time_machine: Any) -> None:
    """Begin on a Monday without holidays near it."""
    time_machine.move_to("2026-11-23 09:00+08:00")


def sign_in(page: Page, user: User) -> None:
    page.context.clear_cookies(name=re.compile("session"))
    chromium.sign_in(page, user.username, PASSWORD)


def fill(page: Page, **fields: str) -> None:
    """Fill the form of the page by the names of its fields."""
    for name, words in fields.items():
        control = page.locator(f"main form [name={name}]")
        kind = control.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            page.locator(f"main form [name={name}][value='{words}']").check()
        elif control.first.evaluate("(one) => one.tagName") == "SELECT":
            control.select_option(words)
        else:
            control.fill(words)


def send(page: Page, **fields: str) -> None:
    """Fill the form of the page and send it; it leads to another page."""
    fits(page)
    fill(page, **fields)
    before = page.url
    page.locator("main form button.button").first.click()
    expect(page).not_to_have_url(before)
    fits(page)


class Journey:
    """One browser in which everybody signs in, in turn."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.world = Judged()

    def step(self, user: User, name: str, **fields: str) -> None:
        """Take a step on the page of the round."""
        sign_in(self.page, user)
        self.page.goto(f"/cases/{self.world.pk}/")
        fits(self.page)
        self.page.get_by_role("link", name=name, exact=True).click()
        expect(self.page).to_have_url(re.compile("/steps/"))
        send(self.page, **fields)

    def do(self, user: User, address: str, **fields: str) -> None:
        """Open a page as somebody and send its form."""
        sign_in(self.page, user)
        self.page.goto(address)
        send(self.page, **fields)


def number(user: User) -> str:
    assert user.person is not None
    return str(user.person.employee_number)


def prepare(journey: Journey) -> None:
    """Prepare the round and open it."""
    world = journey.world
    sign_in(journey.page, world.office)
    journey.page.goto("/honors/")
    journey.page.get_by_role("link", name="评选", exact=True).click()
    journey.page.get_by_role("link", name=re.compile("拟定评选")).click()
    send(
        journey.page,
        title=str(world.title.pk),
        year="2026",
        closes_on="2026-11-27",
        seats="2",
        quota="2",
        requirements="请附事迹材料。",
        judges=" ".join(number(user) for user in world.judges),
        discipline=number(world.speakers["discipline"]),
        safety=number(world.speakers["safety"]),
        phone="0000-1234",
    )
    world.pk = Round.objects.get().pk
    journey.step(world.committee, "同意开评并发布通知")


def nominate(journey: Journey) -> Nomination:
    """Nominate, and let the branch recommend."""
    page, world = journey.page, journey.world
    sign_in(page, world.nominator)
    page.goto("/workspace/")
    fits(page)
    page.goto("/honor-roll/rounds/")
    follow(page, page.get_by_role("link", name=re.compile("^推荐.+评选$")))
    fits(page)
    fill(
        page,
        kind="other",
        nominee_name="薛大勇",
        employee_number=number(world.nominee),
        branch=str(world.branch.pk),
        brief="三年零违章，查出隐患三十七条",
        deeds=DEEDS,
    )
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("待支部评议")
    fits(page)
    made = Nomination.objects.get()
    journey.do(
        world.secretary,
        f"/honor-roll/nominations/{made.pk}/branch/",
        recommends="yes",
        assembly_on="2026-11-23",
        attended="20",
        agreed="18",
        branch_opinion="同意推荐。",
    )
    return made


def judge(journey: Journey, made: Nomination) -> None:
    """Hear the departments, examine, score, vote, and put the nominee on the list."""
    world = journey.world
    address = f"/honor-roll/nominations/{made.pk}/"
    journey.step(world.office, "结束推荐")
    for part, user in world.speakers.items():
        journey.do(user, f"{address}opinion/{part}/", verdict="agreed")
    sign_in(journey.page, world.office)
    journey.page.goto(f"{address}examine/")
    for place in ("0", "1", "2"):
        fill(journey.page, criteria=place)
    send(journey.page, decision="eligible")
    journey.step(world.office, "提交评审")
    for user in world.judges:
        journey.do(user, f"{address}score/", line_0="28", line_1="38", line_2="18", line_3="9.5")
    votes = {f"yes_{made.pk}": "4", f"no_{made.pk}": "0", f"abstained_{made.pk}": "0"}
    journey.step(
        world.office,
        "登记票决结果，结束评审",
        ballot_on="2026-11-30",
        ballots="4",
        tellers="任监票",
        **votes,
    )
    journey.step(world.office, "提出拟表彰名单", winners=str(made.pk))
    journey.step(world.committee, "审定名单并公示", meeting="党委会", meeting_on="2026-11-30")


def object_and_answer(journey: Journey) -> None:
    """Object by name on the page of the notice; investigate, answer."""
    page, world = journey.page, journey.world
    notice = world.notice
    assert notice.page is not None
    sign_in(page, make_user("employee"))
    page.goto(notice.page.url)
    expect(page.locator("main")).to_contain_text("薛大勇")
    fits(page)
    page.get_by_role("link", name="实名提出异议").click()
    page.get_by_label("事实和理由").fill("去年九月有一次违章记录，请核实后再定。")
    page.get_by_label("我以本人姓名提出异议").check()
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("main")).to_contain_text("您的异议已收到")
    objection = Objection.objects.get()
    assert world.case.state == "objected"
    sign_in(page, world.colleague)
    page.goto(f"/cases/{world.pk}/")
    page.get_by_role("link", name="登记核查情况").click()
    send(page, investigators="周立本、何静", findings=FINDINGS, affects="no")
    page.goto(objection.get_absolute_url())
    fits(page)
    page.get_by_label("异议不成立").check()
    page.get_by_label("答复理由").fill("经核查，反映的违章记录属于另一名职工，不影响表彰。")
    page.get_by_label("我知道答复发出后不能修改").check()
    page.get_by_role("button", name="发出答复").click()
    expect(page.get_by_role("main")).to_contain_text("答复已发出")
    assert world.case.state == "on_notice"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
def test_from_the_notice_to_the_certificate_and_its_revocation(
    opened: Callable[..., Page], monday: None, time_machine: Any, tmp_path: Path
) -> None:
    journey = Journey(opened(360, javascript=False))
    page, world = journey.page, journey.world
    prepare(journey)
    made = nominate(journey)
    time_machine.move_to("2026-11-30 09:00+08:00")
    judge(journey, made)
    time_machine.move_to("2026-12-01 09:00+08:00")
    object_and_answer(journey)
    time_machine.move_to("2026-12-21 09:00+08:00")
    end_due_notices()
    journey.step(
        world.office,
        "起草表彰决定",
        decision_number="测党发〔2026〕33号",
        decision_title="关于表彰2026年度优秀共产党员的决定",
        decided_on="2026-12-21",
    )
    journey.step(world.committee, "印发表彰决定并授予称号")
    award = Award.objects.get()

    sign_in(page, world.office)
    answer = page.request.get(f"/honor-roll/awards/{award.pk}/certificate/")
    assert answer.headers["content-type"] == "application/pdf"
    path = urlsplit(read_code(drawn_page(answer.body(), tmp_path))).path
    page.goto(path)
    expect(page.locator("main")).to_contain_text("证书真实有效")
    fits(page)

    page.goto(f"/honor-roll/awards/{award.pk}/change/revoke/")
    send(page, number="测党发〔2026〕35号", decided_on="2026-12-21", reason="弄虚作假")
    change = award.changes.get()
    sign_in(page, world.committee)
    page.goto(f"/honor-roll/changes/{change.pk}/")
    page.locator("main form button.button").first.click()
    expect(page.locator("main")).to_contain_text("已撤销")
    page.goto(path)
    expect(page.locator("main")).to_contain_text("该证书已撤销")
    fits(page)
    kinds = set(Record.objects.values_list("kind", flat=True))
    expected = {"honor-round", "public-notice", "honor-decision", "honor-round-case"}
    assert expected | {"honor-award"} <= kinds
