"""A survey from its design to the improvement list: forty answers on two widths, page, Excel, PDF.

The portal runs in this process on the database under test.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from portal.archives.models import Record
from tests.browser.journeys import fits
from tests.factories.organizations import make_unit
from tests.factories.people import make_user
from tests.factories.surveys import make_crew
from union.models import AnswerUrn, Survey, SurveyResultPage

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WIDTHS = (360, 1280)


def design(page: Page) -> None:
    """Make a draft of ready-made sections."""
    page.goto("/participation/surveys/office/new/")
    page.get_by_label("标题").fill("2026年职工满意度调查")
    page.get_by_label("代码").fill("journey-2026")
    page.get_by_label("目的").fill("了解职工的感受。")
    page.get_by_label("主办单位").or_(page.get_by_label("责任单位")).first.select_option(index=1)
    page.get_by_label("文体活动").check()
    page.get_by_label("单位", exact=True).check()
    page.evaluate(
        """() => {
          const day = (shift) => new Date(Date.now() + shift * 86400000).toISOString().slice(0, 10);
          document.querySelector('[name=opens_on]').value = day(-1);
          document.querySelector('[name=closes_on]').value = day(9);
        }"""
    )
    page.locator("form.form button[type=submit]").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2026年职工满意度调查")


def launch(page: Page, survey: Survey, units: list[Any]) -> None:
    """Ask two units."""
    page.goto(f"/participation/surveys/office/{survey.pk}/launch/")
    page.get_by_label("单位（含下属）").or_(page.locator("[name=units]")).first.select_option(
        [str(unit.pk) for unit in units]
    )
    page.locator("form.form button[type=submit]").click()
    page.locator("button[name=confirmed]").click()
    expect(page).to_have_url(re.compile(rf"/surveys/office/{survey.pk}/$"))


def answer(page: Page, survey: Survey, chance: random.Random) -> None:
    """Choose a level of every question and send the sheet."""
    page.goto(f"/participation/surveys/{survey.pk}/")
    chosen = {row["code"]: chance.randint(2, 5) for row in survey.questions if row["choices"] == []}
    page.evaluate(
        """(chosen) => {
          for (const [code, level] of Object.entries(chosen)) {
            const field = document.querySelector(`input[name="q-${code}"][value="${level}"]`);
            field?.click();
          }
        }""",
        chosen,
    )
    fits(page)
    while page.get_by_role("button", name="下一步").is_visible():
        page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_role("heading", name="谢谢您，答卷已收到")).to_be_visible()


def test_from_the_design_to_the_improvement_list(
    opened: Callable[..., Page],
) -> None:
    """Everybody does their part through the pages."""
    units = [make_unit(name="机电队"), make_unit(name="综采队")]
    crew = [*make_crew(20, units[0]), *make_crew(20, units[1])]
    officer, chair = make_user("union_staff"), make_user("union_chair")
    office = opened(1280, user=officer)

    design(office)
    survey = Survey.objects.get(code="journey-2026")
    launch(office, survey, units)
    survey.refresh_from_db()
    assert survey.invitations.count() == 40

    chance = random.Random(40)
    for number, user in enumerate(crew):
        page = opened(WIDTHS[number % 2], user=user)
        answer(page, survey, chance)
        page.context.close()
    held = AnswerUrn.objects.filter(survey=survey)
    assert sum(len(json.loads(urn.sheets)) for urn in held) == 40

    office.goto(f"/participation/surveys/office/{survey.pk}/close/")
    office.locator("form .button").first.click()
    office.goto(f"/participation/surveys/office/{survey.pk}/results/")
    expect(office.get_by_role("heading", name="调查结果")).to_be_visible()
    expect(office.get_by_text("40", exact=True).first).to_be_visible()

    office.goto(f"/participation/surveys/office/{survey.pk}/improvements/new/")
    office.locator("[name=problem]").fill("活动都在白班")
    office.locator("[name=measure]").fill("每月办一次晚场活动。")
    office.locator("[name=unit]").select_option(str(units[0].pk))
    office.locator("[name=due_on]").fill("2030-03-31")
    office.get_by_role("button", name="保存").click()
    expect(office.get_by_role("heading", name="活动都在白班")).to_be_visible()
    office.get_by_role("button", name="发布更新内容").click()

    result = SurveyResultPage.objects.get(survey=survey)
    assert not result.live
    review = opened(1280, user=chair)
    state = result.current_workflow_task_state
    review.goto(reverse("review", args=[state.pk]))
    review.locator("button[name=decision][value=approve]").click()
    expect(
        review.get_by_role("link", name="返回我的审核").or_(review.locator("main"))
    ).to_be_visible()
    result.refresh_from_db()
    assert result.live
    assert Record.objects.filter(source_kind="page", source_id=str(result.pk)).exists()

    reader = opened(360, user=crew[0])
    reader.goto(result.url)
    expect(reader.get_by_role("heading", name="2026年职工满意度调查结果")).to_be_visible()
    expect(reader.get_by_role("heading", name="活动都在白班")).to_be_visible()
    fits(reader)
    with reader.expect_download() as sheet:
        reader.get_by_role("link", name="下载 Excel").click()
    book = load_workbook(io.BytesIO(sheet.value.path().read_bytes()))
    assert "整改清单" in book.sheetnames
    with reader.expect_download() as report:
        reader.get_by_role("link", name="下载报告（PDF）").click()
    with pikepdf.open(report.value.path()) as document:
        assert len(document.pages) >= 1
