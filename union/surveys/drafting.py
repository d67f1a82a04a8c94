"""Drafts of surveys: from ready-made sections, or from an earlier survey in one click."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.people.models import User
from portal.refusals import NotYours
from union.models import Survey, SurveyPage, SurveyQuestion, UnionIndexPage
from union.surveys.bank import CLOSING, TEMPLATES, Template
from union.surveys.office_refusals import NotAtThisPoint
from union.surveys.permissions import may_keep_questions, may_run

_YEAR = re.compile(r"20\d\d")


def newest_questions(codes: Iterable[str]) -> dict[str, SurveyQuestion]:
    """Return the newest version of each question that is still used, by its code."""
    found: dict[str, SurveyQuestion] = {}
    rows = SurveyQuestion.objects.filter(code__in=list(codes), is_retired=False)
    for question in rows.order_by("code", "version"):
        found[question.code] = question
    return found


def _block(title: str, introduction: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "section",
        "id": str(uuid.uuid4()),
        "value": {
            "title": title,
            "introduction": introduction,
            "questions": [
                {"type": "item", "id": str(uuid.uuid4()), "value": question}
                for question in questions
            ],
        },
    }


def design_of(templates: Sequence[str]) -> str:
    """Return the sections of a draft from ready-made ones, with the closing section at the end.

    Args:
        templates: codes of `TEMPLATES`, in the order they are asked.
    """
    chosen: list[Template] = [*(TEMPLATES[code] for code in templates), CLOSING]
    questions = newest_questions(row.code for template in chosen for row in template.questions)
    blocks = [
        _block(
            template.name,
            template.introduction,
            [
                {
                    "question": questions[row.code].pk,
                    "required": row.required,
                    "after": row.after,
                    "answers": row.answers,
                }
                for row in template.questions
                if row.code in questions
            ],
        )
        for template in chosen
    ]
    return json.dumps(blocks, ensure_ascii=False)


def free_code(wanted: str) -> str:
    """Return a code no survey has, beginning with the wanted one."""
    taken = set(Survey.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


@transaction.atomic
def begin_draft(survey: Survey, templates: Sequence[str], user: User) -> Survey:
    """Save a new draft with ready-made sections.

    Raises:
        NotYours: the account does not run surveys of this office.
    """
    if not may_run(user, survey):
        raise NotYours(_("You run surveys of your own office only."))
    survey.design = design_of(templates)
    survey.code = free_code(survey.code)
    survey.full_clean()
    survey.save()
    log(instance=survey, action="wagtail.create", user=user)
    return survey


def _a_year_later(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _next_years(words: str) -> str:
    return _YEAR.sub(lambda found: str(int(found.group()) + 1), words)


@transaction.atomic
def copy_survey(survey_id: int, user: User) -> Survey:
    """Write a draft like an earlier survey, a year later, with the newest wording of its questions.

    Days move by a year, and further until they are not over; a year in title and code counts up
    with them. Questions that are no longer used are left out.

    Raises:
        NotYours: the account does not run the survey.
    """
    former = Survey.objects.get(pk=survey_id)
    if not may_run(user, former):
        raise NotYours(_("This survey is run by another office."))
    title, code = former.title, former.code
    opens_on, closes_on = former.opens_on, former.closes_on
    while True:
        opens_on, closes_on = _a_year_later(opens_on), _a_year_later(closes_on)
        title, code = _next_years(title), _next_years(code)
        if closes_on >= timezone.localdate():
            break
    draft = Survey(
        code=free_code(code[:50]),
        series=former.series,
        title=title,
        purpose=_next_years(former.purpose),
        office=former.office,
        unit=former.unit,
        mode=former.mode,
        minimum=former.minimum,
        comment_minimum=former.comment_minimum,
        segments=former.segments,
        crossed=former.crossed,
        opens_on=opens_on,
        closes_on=closes_on,
    )
    draft.design = json.dumps(_copied_design(former), ensure_ascii=False)
    draft.save()
    log(instance=draft, action="wagtail.copy", user=user)
    return draft


def _copied_design(former: Survey) -> list[dict[str, Any]]:
    sections = list(former.design)
    rows = [row for block in sections for row in block.value["questions"] if row["question"]]
    newest = newest_questions(row["question"].code for row in rows)
    return [
        _block(
            block.value["title"],
            block.value["introduction"],
            [
                {
                    "question": newest[row["question"].code].pk,
                    "required": row["required"],
                    "after": row["after"],
                    "answers": row["answers"],
                }
                for row in block.value["questions"]
                if row["question"] and row["question"].code in newest
            ],
        )
        for block in sections
    ]


@transaction.atomic
def new_version(question_id: int, user: User) -> SurveyQuestion:
    """Copy a question as its next version, to be reworded; the earlier one stays as it was asked.

    Raises:
        NotYours: the account does not keep the question bank.
        NotAtThisPoint: the next version exists and was not asked yet.
    """
    if not may_keep_questions(user):
        raise NotYours(_("The question bank is kept by those who run surveys."))
    question = SurveyQuestion.objects.select_for_update().get(pk=question_id)
    last = (
        SurveyQuestion.objects.filter(code=question.code).aggregate(last=Max("version"))["last"]
        or question.version
    )
    newest = SurveyQuestion.objects.get(code=question.code, version=last)
    if not newest.is_bound:
        raise NotAtThisPoint(
            _("Version %(version)d was not asked yet. Please change that one.")
            % {"version": newest.version}
        )
    made = SurveyQuestion.objects.get(pk=newest.pk)
    made.pk, made._state.adding, made.version, made.is_retired = None, True, last + 1, False
    made.save()
    log(instance=made, action="wagtail.create", user=user)
    return made


STORED_ANONYMOUS = (
    "系统不保存您与答卷的对应关系：名单上只记您“已答”，答卷上{groups}，没有姓名、工号、时间和网络地址，"
    "保存时打乱次序。"
)
STORED_NAMED = (
    "本次为实名调查：答卷与您的姓名一起保存，只有组织调查的人员可以看到，截止前可以修改。"
)


@transaction.atomic
def write_page(survey_id: int, user: User) -> SurveyPage:
    """Write the announcement of a survey as a draft; it goes through the usual review.

    Raises:
        NotYours: the account does not run the survey.
        NotAtThisPoint: it was not launched, or has a page.
    """
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not may_run(user, survey):
        raise NotYours(_("This survey is run by another office."))
    if survey.is_draft:
        raise NotAtThisPoint(_("Its page says what is asked, so please launch it first."))
    if survey.pages.exists():
        raise NotAtThisPoint(_("This survey has a page already."))
    page = SurveyPage(
        title=survey.title,
        slug=survey.code,
        survey=survey,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        unit=survey.unit,
        owner=user,
        live=False,
        body=page_body(survey),
        summary=survey.purpose[:200],
    )
    UnionIndexPage.objects.get().add_child(instance=page)
    page.save_revision(user=user, log_action=True)
    return page


def page_body(survey: Survey) -> str:
    """Return purpose, statement and contents as blocks of the page."""
    names = "、".join(segment["name"] for segment in survey.snapshot.get("segments", []))
    groups = f"只有您所在的大组（{names}）" if names else "连单位也没有"
    stored = STORED_ANONYMOUS.format(groups=groups) if survey.is_anonymous else STORED_NAMED
    topics = "".join(f"<li>{escape(section['title'])}</li>" for section in survey.sections)
    text = (
        f"<h2>为什么调查</h2><p>{escape(survey.purpose)}</p>"
        f"<h2>问些什么</h2><ul>{topics}</ul>"
        f"<h2>答案怎么保存</h2><p>{stored}</p>"
        f"<p>不足{survey.minimum}人的组不公布结果；每题都可以选“不便回答”。</p>"
    )
    return json.dumps(
        [{"type": "text", "id": str(uuid.uuid4()), "value": text}], ensure_ascii=False
    )
