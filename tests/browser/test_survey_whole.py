"""A whole survey in the browser: design, launch, forty answers, close, results, improvement.

The portal runs in this process on the database under test.
"""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from portal.people.models import User
from tests.factories.organizations import make_unit
from tests.factories.people import make_user
from tests.factories.surveys import make_crew
from tests.infrastructure import chromium
from tests.infrastructure.browser_watch import BrowserWatch
from union.models import AnswerUrn, Improvement, Invitation, Survey, SurveyState

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=30_000)
ANSWERS = 40
# Answers every question of the page that is asked: the level is given, own words are left open.
FILL = """(level) => {
  for (const question of document.querySelectorAll("[data-question]")) {
    const radio = question.querySelector(`input[type=radio][value="${level}"]`);
    if (radio) { radio.checked = true; radio.dispatchEvent(new Event("change", {bubbles: true})); }
  }
}"""


def signed_in(browser: Browser, address: str, user: User, width: int) -> Any:
    """Return a session of somebody without going through the form."""
    client = Client()
    client.force_login(user)
    context = browser.new_context(
        **chromium.VISITOR,
        base_url=address,
        viewport={"width": width, "height": chromium.VIEWPORTS[width]},  # type: ignore[arg-type]
    )
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return context


def design(page: Page, unit: str) -> None:
    """Begin a draft with two ready-made sections and rename one of them in the editor."""
    today = timezone.localdate()
    page.goto("/participation/surveys/office/")
    page.get_by_role("link", name="新建调查").click()
    page.get_by_label("标题").fill("2026年末职工满意度调查")
    page.get_by_label("代码").fill("workers-2026")
    page.get_by_label("调查目的").fill("听听大家的看法。")
    page.get_by_label("责任单位").select_option(label=f"　{unit}")
    page.get_by_label("开始日期").fill(f"{today:%Y-%m-%d}")
    page.get_by_label("结束日期").fill(f"{today + datetime.timedelta(days=14):%Y-%m-%d}")
    page.get_by_label("单位", exact=True).check()
    page.get_by_label("薪酬福利").check()
    page.get_by_label("心理支持").check()
    page.get_by_role("button", name="生成草稿").click()
    page.get_by_role("link", name="修改题组和题目").click()
    page.locator("input[name='design-0-value-title']").fill("收入和福利")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="选择邀请谁并启动")).to_be_visible()
    page.get_by_role("link", name="预览").first.click()
    expect(page.get_by_text("收入和福利")).to_be_visible()
    page.go_back()


def launch(page: Page, crews: list[str]) -> None:
    """Choose two units, look at the groups, launch."""
    page.get_by_role("link", name="选择邀请谁并启动").click()
    page.get_by_label("单位（含下级）").select_option(label=[f"　{name}" for name in crews])
    page.get_by_role("button", name="先看结果").click()
    for name in crews:
        expect(page.get_by_role("row", name=re.compile(name))).to_be_visible()
    page.get_by_role("button", name="启动调查").click()
    expect(page.get_by_text("不足5人")).to_be_visible()


def test_a_whole_survey(browser: Browser, live_server: Any, settings: Any, tmp_path: Path) -> None:
    """From the first draft to the line of the improvement list."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    office = make_unit(name="集团工会")
    units = [make_unit(name="采煤一队"), make_unit(name="综掘队")]
    crew = [user for unit in units for user in make_crew(ANSWERS // 2, unit)]
    officer = make_user("union_staff", unit=office)
    watch = BrowserWatch(live_server.url)
    context = signed_in(browser, live_server.url, officer, 1280)
    watch.attach(context)
    page = context.new_page()
    design(page, office.name)
    launch(page, [unit.name for unit in units])
    survey = Survey.objects.get(code="workers-2026")
    assert Invitation.objects.filter(survey=survey).count() == ANSWERS

    for number, user in enumerate(crew):
        session = signed_in(browser, live_server.url, user, 360 if number % 2 else 1280)
        watch.attach(session)
        sheet = session.new_page()
        sheet.goto(f"/participation/surveys/{survey.pk}/")
        sheet.evaluate(FILL, 3 + number % 3)
        while sheet.get_by_role("button", name="下一步").is_visible():
            sheet.get_by_role("button", name="下一步").click()
        sheet.get_by_role("button", name="提交答卷").click()
        expect(sheet.get_by_role("heading", name="谢谢您，答卷已收到")).to_be_visible()
        session.close()
    urns = AnswerUrn.objects.filter(survey=survey, question="")
    assert sum(len(json.loads(urn.sheets)) for urn in urns) == ANSWERS

    page.goto(f"/participation/surveys/office/{survey.pk}/")
    expect(page.get_by_text("至少40人（100%）")).to_be_visible()
    page.get_by_role("link", name="结束调查").click()
    page.get_by_role("button", name="结束并固定结果").click()
    page.get_by_role("link", name="结果").click()
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED
    expect(page.get_by_text("薪酬福利").first).to_be_visible()

    with page.expect_download() as report:
        page.get_by_role("link", name="PDF").click()
    with pikepdf.open(report.value.path()) as book:
        assert len(book.pages) >= 1
    with page.expect_download() as table:
        page.get_by_role("link", name="Excel").click()
    target = tmp_path / "results.xlsx"
    table.value.save_as(target)
    assert openpyxl.load_workbook(target).worksheets

    page.goto(f"/participation/surveys/office/{survey.pk}/improvements/new/")
    page.locator("[name=problem]").fill("奖金怎么算的不清楚")
    page.locator("[name=measure]").fill("发工资条时附上计算说明")
    page.locator("[name=unit]").select_option(label=office.name)
    due = timezone.localdate() + datetime.timedelta(days=30)
    page.locator("[name=due_on]").fill(f"{due:%Y-%m-%d}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("奖金怎么算的不清楚").first).to_be_visible()
    assert Improvement.objects.filter(survey=survey).count() == 1
    context.close()
    assert watch.complaints == []
