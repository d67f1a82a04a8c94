"""Results of closed surveys in the demo: comments seen by two, improvements, the page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import UNION_CHAIR, UNION_STAFF
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from portal.people.models import User
    from union.models import Survey, SurveyResultPage

SHOWN_COMMENTS = 8
# These name a post that only one person holds, so they are not shown.
WITHHELD = 2


@dataclass(frozen=True)
class Line:
    """One line of an improvement list with what was reported of it."""

    problem: str
    measure: str
    unit: str
    due_on: date
    progress: tuple[tuple[date, str, str], ...] = ()


LINES: dict[str, tuple[Line, ...]] = {
    "workers-2025-end": (
        Line(
            "夜班食堂只有凉菜",
            "食堂夜间留一个热菜窗口，供应到凌晨一点。",
            "QL-GH",
            date(2026, 3, 31),
            (
                (date(2026, 2, 9), "running", "设备已到货，正在安装保温台。"),
                (date(2026, 3, 24), "done", "热菜窗口开放，每晚约一百二十人就餐。"),
            ),
        ),
        Line(
            "候车点没有挡风设施",
            "三个候车点加装挡风棚，冬季班车提前十分钟到站。",
            "QL-GH",
            date(2026, 5, 31),
            ((date(2026, 5, 20), "done", "三个挡风棚全部建成，班车到站时间已公布。"),),
        ),
        Line(
            "奖金怎么算讲不清楚",
            "工资条增加奖金计算说明，区队每月班前会讲一次。",
            "QL-GH",
            date(2026, 6, 30),
            ((date(2026, 6, 12), "running", "工资条样式已改好，七月起发放。"),),
        ),
    ),
    "workers-2026-mid": (
        Line(
            "技师名额少，等候时间长",
            "与人力部门商定：2027年起技师评聘每年两次，名额向一线倾斜。",
            "QL-GH",
            date(2027, 3, 31),
            ((date(2026, 9, 18), "running", "方案已提交职代会团（组）长联席会议。"),),
        ),
        Line(
            "夜班职工参加不了白天的培训",
            "每门必修课增开一期夜班专场，并提供线上补课。",
            "QL-GH",
            date(2026, 10, 31),
        ),
        Line(
            "宿舍隔音差",
            "先改三号公寓楼，更换门窗四十二套。",
            "QL-GH",
            date(2026, 12, 15),
            ((date(2026, 11, 6), "running", "已更换二十六套，其余本月完成。"),),
        ),
    ),
}
# The day of the list and the page, and of the last version of the page.
DAYS: dict[str, tuple[date, date]] = {
    "workers-2025-end": (date(2026, 1, 12), date(2026, 6, 15)),
    "workers-2026-mid": (date(2026, 8, 3), date(2026, 11, 9)),
}


def register() -> None:
    """Register the events of results."""
    for code, (first, last) in DAYS.items():
        register_event(DemoEvent(f"survey-results-{code}", first, partial(publish, code=code)))
        register_event(DemoEvent(f"survey-progress-{code}", last, partial(report, code=code)))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def publish(world: DemoWorld, code: str) -> bool:
    """Look at comments, write the improvement list and publish the result page."""
    from union.models import Improvement, Survey, SurveyResultPage
    from union.survey_results import improvements
    from union.survey_results.pages import write_page

    survey = Survey.objects.get(code=code)
    if SurveyResultPage.objects.filter(survey=survey).exists():
        return False
    officer, chair = world.user(UNION_STAFF), world.user(UNION_CHAIR)
    day = DAYS[code][0]
    with set_clock(_at(day, 10)), act_as(user_id=officer.pk), transaction.atomic():
        look_at_comments(survey, officer, chair)
        for number, line in enumerate(LINES[code], start=1):
            improvement = Improvement(
                survey=survey,
                problem=line.problem,
                measure=line.measure,
                unit=world.units[line.unit],
                due_on=line.due_on,
                order=number,
            )
            improvements.write(improvement, officer)
        page = write_page(survey.pk, officer)
    with set_clock(_at(day, 15)), act_as(user_id=chair.pk), transaction.atomic():
        approve(page, chair)
    world.written["survey", "results"] += 1
    return True


def look_at_comments(survey: Survey, officer: User, chair: User) -> None:
    """Take names out of some comments and approve them; leave the rest to be looked at."""
    from union.survey_results import comments

    rows = sorted(survey.comments.all(), key=lambda comment: json.dumps(comment.words))
    for comment in rows[:SHOWN_COMMENTS]:
        comments.redact(comment.pk, comment.words, officer)
        comments.decide(comment.pk, chair, seen=comment.words, show=True)
    for comment in rows[SHOWN_COMMENTS : SHOWN_COMMENTS + WITHHELD]:
        comments.decide(comment.pk, chair, seen="", show=False)


def report(world: DemoWorld, code: str) -> bool:
    """Report progress on the list and publish the next version of the page."""
    from union.models import ImprovementProgress, Survey
    from union.survey_results import improvements
    from union.survey_results.pages import write_page

    survey = Survey.objects.get(code=code)
    if ImprovementProgress.objects.filter(improvement__survey=survey).exists():
        return False
    officer, chair = world.user(UNION_STAFF), world.user(UNION_CHAIR)
    by_problem = {row.problem: row for row in survey.improvements.all()}
    for line in LINES[code]:
        seen = "planned"
        for day, state, words in line.progress:
            with set_clock(_at(day, 11)), transaction.atomic():
                improvements.report_progress(
                    by_problem[line.problem].pk, officer, state=state, words=words, seen=seen
                )
            seen = state
    day = DAYS[code][1]
    with set_clock(_at(day, 9)), act_as(user_id=officer.pk), transaction.atomic():
        page = write_page(survey.pk, officer)
    with set_clock(_at(day, 14)), act_as(user_id=chair.pk), transaction.atomic():
        approve(page, chair)
    world.written["survey", "progress"] += 1
    return True


def approve(page: SurveyResultPage, chair: User) -> None:
    """Let the chair approve the version that waits."""
    from portal.publishing import services as publishing
    from union.models import SurveyResultPage

    found = SurveyResultPage.objects.get(pk=page.pk)
    state = found.current_workflow_task_state
    publishing.approve(state.pk, seen_revision_id=state.revision_id, user=chair)
