"""A survey is answered on a phone and at a desk, step by step and without JavaScript.

The portal runs in this process on the database under test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.people.models import User
from tests.browser.journeys import fits, follow
from tests.factories.people import make_user
from tests.factories.surveys import design_with, make_crew, make_open_survey, union_officer
from tests.infrastructure.browser_watch import BrowserWatch
from union.models import AnswerUrn, Survey
from union.surveys import tokens
from union.surveys.drafting import design_of
from union.surveys.invitees import Chosen
from union.surveys.launching import launch

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey(live_portal: str) -> tuple[Survey, list[User]]:
    """An open survey of two sections, with a question that is asked of some only."""
    crew = [make_user(), make_user(), *make_crew(10)]
    conditional = json.loads(
        design_with(
            {"code": "joined-activities"},
            {"code": "why-not-joined", "after": "joined-activities", "answers": "3"},
            {"code": "services-lines"},
            {"code": "recommend"},
        )
    )
    closing = json.loads(design_of([]))
    return make_open_survey(crew, design=json.dumps(conditional + closing)), crew


@pytest.fixture(autouse=True)
def refused_forms(live_watch: BrowserWatch) -> None:
    """Refused forms are answered with 409 and 422, which the browser reports."""
    live_watch.expect("status of 409")
    live_watch.expect("status of 422")


def choose(page: Page, question: str, answer: str) -> None:
    """Choose an answer of a question by its words."""
    group = page.get_by_role("group", name=re.compile(re.escape(question)))
    group.get_by_label(answer, exact=True).check()


def sheets(survey: Survey) -> list[dict[str, Any]]:
    """Return what lies in the urns."""
    rows = AnswerUrn.objects.filter(survey=survey)
    return [sheet["answers"] for urn in rows for sheet in json.loads(urn.sheets)]


@pytest.mark.parametrize("width", [360, 1280])
def test_step_by_step(
    opened: Callable[..., Page], survey: tuple[Survey, list[User]], width: int
) -> None:
    """Progress, a missing answer, a condition, a draft that comes back, and thanks."""
    asked, crew = survey
    page = opened(width, user=crew[0])
    page.goto(f"/participation/surveys/{asked.pk}/")
    fits(page)
    expect(page.get_by_role("status").get_by_text("第1步，共2步")).to_be_visible()
    why = page.get_by_role("group", name=re.compile("没有参加的原因"))
    expect(why).to_be_hidden()
    choose(page, "今年您参加过", "没有参加")
    expect(why).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("status").get_by_text("第1步，共2步")).to_be_visible()
    expect(why.get_by_text("请作答，或者选")).to_be_visible()
    why.get_by_label("不知道有活动").check()
    why.get_by_label("不便回答").check()
    expect(why.get_by_label("不知道有活动")).not_to_be_checked()
    why.get_by_label("不知道有活动").check()
    expect(why.get_by_label("不便回答")).not_to_be_checked()
    for line in ("食堂饭菜", "班车准点", "职工公寓", "洗浴更衣"):
        page.get_by_role("group", name=line).get_by_label("满意", exact=True).check()
    choose(page, "我愿意向亲友推荐", "9")

    # The draft lies in this browser: it comes back when the page is opened anew.
    page.reload()
    expect(why.get_by_label("不知道有活动")).to_be_checked()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("status").get_by_text("第2步，共2步")).to_be_visible()
    fits(page)
    choose(page, "总的来说", "满意")
    choose(page, "我在单位有归属感", "不便回答")
    page.get_by_label(re.compile("您有一条什么建议")).fill("夜班也放一场电影")
    page.get_by_role("button", name="上一步").click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_role("heading", name="谢谢您，答卷已收到")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => /survey-\\d/.test(key))") == []
    assert sheets(asked) == [
        {
            "joined-activities": 3,
            "why-not-joined": [2],
            "services-lines": [4, 4, 4, 4],
            "recommend": 9,
            "overall": 4,
            "belonging": None,
        }
    ]
    page.go_back()
    page.goto(f"/participation/surveys/{asked.pk}/")
    expect(page.get_by_role("heading", name="您已经答过了，谢谢")).to_be_visible()


def test_a_shared_computer_keeps_nothing(
    opened: Callable[..., Page], survey: tuple[Survey, list[User]]
) -> None:
    """The box empties the draft at once and stays; the button clears the page."""
    asked, crew = survey
    page = opened(360, user=crew[0])
    page.goto(f"/participation/surveys/{asked.pk}/")
    choose(page, "我愿意向亲友推荐", "9")
    page.get_by_label("这是公用电脑").check()
    page.reload()
    expect(page.get_by_label("这是公用电脑")).to_be_checked()
    group = page.get_by_role("group", name=re.compile("我愿意向亲友推荐"))
    expect(group.get_by_label("9", exact=True)).not_to_be_checked()
    group.get_by_label("9", exact=True).check()
    page.get_by_role("button", name="清除本页所有答案").click()
    expect(group.get_by_label("9", exact=True)).not_to_be_checked()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_javascript(
    opened: Callable[..., Page], survey: tuple[Survey, list[User]], width: int
) -> None:
    """All on one page; a mistake keeps everything, and the second time it is sent."""
    asked, crew = survey
    page = opened(width, user=crew[1], javascript=False)
    page.goto(f"/participation/surveys/{asked.pk}/")
    fits(page)
    expect(page.get_by_text("第2步，共2步")).to_be_visible()
    choose(page, "今年您参加过", "经常参加")
    for line in ("食堂饭菜", "班车准点", "职工公寓"):
        page.get_by_role("group", name=line).get_by_label("一般", exact=True).check()
    choose(page, "我愿意向亲友推荐", "0")
    choose(page, "总的来说", "一般")
    page.get_by_label(re.compile("您最满意的是什么")).fill("食堂的面条")
    page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_role("heading", name="请看一下标出的题目")).to_be_visible()
    fits(page)
    expect(page.get_by_label(re.compile("您最满意的是什么"))).to_have_value("食堂的面条")
    last = page.get_by_role("group", name="洗浴更衣")
    last.get_by_label("不便回答", exact=True).check()
    choose(page, "我在单位有归属感", "同意")
    page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_role("heading", name="谢谢您，答卷已收到")).to_be_visible()
    assert sheets(asked) == [
        {
            "joined-activities": 1,
            "services-lines": [3, 3, 3, None],
            "recommend": 0,
            "overall": 3,
            "belonging": 4,
        }
    ]


def test_a_slip_is_scanned_and_answered(
    opened: Callable[..., Page], survey: tuple[Survey, list[User]]
) -> None:
    """The token comes behind the sign #, leaves the address, and opens the questionnaire."""
    from tests.factories.surveys import make_draft

    _asked, crew = survey
    draft = make_draft((), segments=[])
    chosen = Chosen(
        listed=tuple((user.username, "") for user in crew),
        tokens=((crew[2].person.unit_id, 5),),  # type: ignore[union-attr,arg-type]
    )
    printed = launch(draft.pk, chosen, union_officer())
    slip = tokens.print_tokens(printed.pk, tokens.EVERYBODY, union_officer())[0]
    page = opened(360)
    page.goto(f"/participation/surveys/token/#{slip}")
    expect(page.get_by_label("答题码")).to_have_value(slip)
    assert "#" not in page.url
    follow(page, page.get_by_role("button", name="打开问卷"))
    fits(page)
    choose(page, "总的来说", "非常满意")
    choose(page, "我在单位有归属感", "同意")
    page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_role("heading", name="谢谢您，答卷已收到")).to_be_visible()
    assert sheets(printed) == [{"overall": 5, "belonging": 4}]
    page.get_by_role("link", name="请下一位作答").click()
    expect(page.get_by_label("答题码")).to_have_value("")
