"""Surveys that take answers, with people who were invited, for tests of urns and results."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from portal.people.models import Person
from tests.factories.organizations import company
from union.models import Invitation, Survey, SurveyState
from union.surveys import urns
from union.surveys.designing import digest_of

ANSWERED = {"pay": 4, "canteen": None, "recommend": 9, "wish": 2, "wishes": [1, 3], "shift": [4, 2]}


def question(code: str, kind: str, **more: Any) -> dict[str, Any]:
    """Return a question as it stands in a snapshot."""
    scale = {
        "likert": "satisfaction-5",
        "matrix": "satisfaction-5",
        "zero-to-ten": "recommendation-11",
        "text": "words",
    }.get(kind, "choice")
    return {
        "code": code,
        "version": 1,
        "kind": kind,
        "scale": scale,
        "dimension": None,
        "text": f"关于{code}的问题",
        "explanation": "",
        "choices": [],
        "lines": [],
        "required": True,
        "after": "",
        "answers": [],
    } | more


PAY = {"code": "pay", "name": "薪酬福利"}
QUESTIONS = (
    question("pay", "likert", dimension=PAY),
    question("canteen", "likert", dimension=PAY),
    question("recommend", "zero-to-ten"),
    question("wish", "single", choices=["食堂", "班车", "公寓"]),
    question("wishes", "multiple", choices=["照明", "通风", "劳保"]),
    question("shift", "matrix", lines=["早班", "夜班"]),
    question("why", "text", required=False, after="pay", answers=[1, 2]),
    question("words", "text", required=False),
)
UNITS = ("east", "west", "office")


def make_open_survey(
    invited: int,
    *,
    questions: Sequence[dict[str, Any]] = QUESTIONS,
    units: Sequence[str] = UNITS,
    sizes: Sequence[int] | None = None,
    minimum: int = 5,
    mode: str = "anonymous",
    code: str = "satisfaction-2026",
    office: str = "union",
) -> Survey:
    """Create a survey that takes answers, and people invited to it, unit after unit.

    Args:
        sizes: how many are invited of each unit; about the same of each without it.
    """
    today = timezone.localdate()
    segments = [
        {
            "code": "unit",
            "name": "单位",
            "groups": [{"code": unit, "name": f"{unit}区队"} for unit in units],
        }
    ]
    snapshot = {
        "title": "2026年职工满意度调查",
        "purpose": "了解职工的想法。",
        "mode": mode,
        "minimum": minimum,
        "comment_minimum": 10,
        "segments": segments,
        "sections": [{"title": "工作", "introduction": "", "questions": list(questions)}],
    }
    survey = Survey.objects.create(
        code=code,
        series="satisfaction",
        title="2026年职工满意度调查",
        purpose="了解职工的想法。",
        unit=company(),
        office=office,
        mode=mode,
        minimum=minimum,
        segments=["unit"],
        opens_on=today - datetime.timedelta(days=3),
        closes_on=today + datetime.timedelta(days=3),
        state=SurveyState.OPEN,
        snapshot=snapshot,
        snapshot_digest=digest_of(snapshot),
        launched_on=today,
    )
    urns.make(survey)
    people = Person.objects.bulk_create(
        Person(name="受邀职工", employee_number=f"S{survey.pk:05d}{number:06d}")
        for number in range(invited)
    )
    groups = (
        [unit for unit, size in zip(units, sizes, strict=True) for _number in range(size)]
        if sizes
        else [units[number % len(units)] for number in range(invited)]
    )
    Invitation.objects.bulk_create(
        Invitation(survey=survey, person=person, segments={"unit": group})
        for person, group in zip(people, groups, strict=True)
    )
    return survey


def a_sheet(chance: random.Random, questions: Sequence[dict[str, Any]] = QUESTIONS) -> Any:
    """Return answers as somebody might give them."""
    return {row["code"]: _value(chance, row) for row in questions}


def _value(chance: random.Random, row: dict[str, Any]) -> Any:
    choices = range(1, len(row["choices"]) + 1)
    match row["kind"]:
        case "likert":
            return chance.choice((1, 2, 3, 4, 4, 5, None))
        case "zero-to-ten":
            return chance.randint(0, 10)
        case "single":
            return chance.choice(choices)
        case "multiple":
            return sorted(chance.sample(choices, chance.randint(1, len(choices))))
        case "matrix":
            return [chance.randint(1, 5) for _line in row["lines"]]
    return None
