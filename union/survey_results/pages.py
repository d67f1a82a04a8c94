"""Writes the result page: figures, comments and improvements, copied so that all see the same."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import WorkflowState

from portal.pages.blocks.written import table_block, text_block
from portal.pages.formats import chinese_date
from portal.pages.models import Audience
from portal.people.models import User
from portal.publishing.services import submit_for_review
from portal.refusals import NotPossible, NotYours
from union.models import (
    ImprovementState,
    Survey,
    SurveyResult,
    SurveyResultPage,
    SurveyState,
    UnionIndexPage,
)
from union.survey_results import comments, improvements
from union.survey_results.drawings import charts
from union.survey_results.reading import HIDDEN, Reading, read
from union.surveys.permissions import may_run

DAY_LENGTH = 10


@transaction.atomic
def write_page(survey_id: int, user: User) -> SurveyResultPage:
    """Write the result page, or its next version, and hand it to review.

    Raises:
        NotYours: the account does not run the survey.
        NotPossible: the survey is not closed, or nothing changed since the last version.
    """
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=survey_id)
    if not may_run(user, survey):
        raise NotYours(_("The results are published by those who run the survey."))
    if survey.state != SurveyState.CLOSED:
        raise NotPossible(_("There are no results before the survey is closed."))
    page = SurveyResultPage.objects.filter(survey=survey).first()
    shown = {
        "figures": survey.result.content,
        "comments": comments.shown_by_question(survey),
        "improvements": improvements.as_published(survey),
    }
    if page is None:
        page = _new_page(survey, user)
    else:
        page = page.get_latest_revision_as_object()
        same = all(getattr(page, name) == value for name, value in shown.items())
        if same and not _was_returned(page):
            raise NotPossible(_("Nothing changed since the page was written."))
    for name, value in shown.items():
        setattr(page, name, value)
    with override("zh-hans"):
        reading = read(survey.result, published=True)
        page.summary = summary_of(reading)
        page.body = json.dumps(_body(page, reading), ensure_ascii=False)
    if page.pk is None:
        UnionIndexPage.objects.get().add_child(instance=page)
    page.save_revision(user=user, log_action=True)
    if _was_returned(page):
        page.current_workflow_state.resume(user)
    elif page.current_workflow_state is None:
        submit_for_review(page, user)
    return page


def _was_returned(page: SurveyResultPage) -> bool:
    """Whether its reviewer returned the page, so that it is in nobody's list."""
    state = page.current_workflow_state
    return state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES


def _new_page(survey: Survey, user: User) -> SurveyResultPage:
    return SurveyResultPage(
        title=f"{survey.title}结果",
        slug=f"{survey.code}-results",
        survey=survey,
        unit=survey.unit,
        audience=Audience.EMPLOYEES,
        owner=user,
        live=False,
    )


def summary_of(reading: Reading) -> str:
    """Return the results in one sentence."""
    content = reading.content
    if not reading.enough:
        return f"发出邀请{content['invited']}人，回收不足{reading.facts['minimum']}份，不公布结果。"
    score = reading.overall.now
    known = f"，总体得分{score}分（满分100分）" if score is not None else ""
    return (
        f"发出邀请{content['invited']}人，回收{content['answered']}份，"
        f"回收率{content['rate']}%{known}。"
    )


def _body(page: SurveyResultPage, reading: Reading) -> list[dict[str, Any]]:
    """Return the results as text and tables, for readers of the archive copy as well."""
    facts = reading.facts
    blocks = [
        text_block(
            f"<p>{escape(summary_of(reading))}</p><p>不足{facts['minimum']}人的组及可以据此推算"
            "出它的组不公布，以“—”表示；没有人作答的也是如此。百分比四舍五入取整。</p>"
        )
    ]
    if reading.enough:
        blocks.append(
            table_block(
                "各维度得分",
                ["维度", "得分", "与上次相比"],
                [[row.name, _score(row.score.now), row.score.words] for row in reading.dimensions],
                row_headers=True,
            )
        )
        blocks += [
            table_block(
                f"各{table.name}得分",
                [table.name, *table.columns],
                [[name, *(cell.words for cell in cells)] for name, cells in table.rows],
                row_headers=True,
            )
            for table in reading.heat
        ]
    for row in page.comments:
        words = "".join(f"<li>{escape(text)}</li>" for text in row["words"])
        blocks.append(text_block(f"<h3>{escape(row['question'])}</h3><ul>{words}</ul>"))
    if page.improvements:
        blocks.append(
            table_block(
                "整改清单",
                ["问题", "整改措施", "责任单位", "完成时限", "状态", "进展"],
                [_improvement_row(row) for row in page.improvements],
            )
        )
    return blocks


def _score(score: int | None) -> str:
    return HIDDEN if score is None else str(score)


def _improvement_row(row: dict[str, Any]) -> list[str]:
    steps = "；".join(f"{_day(step['day'])}：{step['words']}" for step in row["progress"])
    state = str(ImprovementState(row["state"]).label)
    unit = f"{row['unit']} {row['owner']}".strip()
    return [row["problem"], row["measure"], unit, _day(row["due_on"]), state, steps or HIDDEN]


def _day(text: str) -> str:
    return chinese_date(parse_date(text[:DAY_LENGTH]))


def page_context(page: SurveyResultPage) -> dict[str, Any]:
    """Return what the template of the page needs, from what was copied into it."""
    if not page.figures:
        return {"reading": None}
    result = SurveyResult(survey=page.survey, content=page.figures)
    reading = read(result, published=True)
    return {"reading": reading, "charts": charts(reading)}
