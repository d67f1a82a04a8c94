"""Surveys for tests: drafts, launched ones, and who is asked."""

from __future__ import annotations

import datetime
import itertools
import json
from typing import Any

from django.utils import timezone

from portal.organizations.models import Unit
from portal.people.models import User
from tests.factories.organizations import company, make_unit
from tests.factories.people import identity_number, make_person, make_user
from union.models import Survey
from union.surveys.drafting import design_of, newest_questions
from union.surveys.invitees import Chosen
from union.surveys.launching import launch

_numbers = itertools.count(1)
DAY = datetime.timedelta(days=1)


def make_draft(templates: tuple[str, ...] = ("culture",), **fields: Any) -> Survey:
    """Create a draft of the union that is open for two weeks, with ready-made sections."""
    today = timezone.localdate()
    number = next(_numbers)
    values = {
        "code": f"survey-{number}",
        "title": f"职工满意度调查{number}",
        "purpose": "了解职工的感受，列出整改清单。",
        "unit": company(),
        "segments": ["unit"],
        "opens_on": today - DAY,
        "closes_on": today + 14 * DAY,
        **fields,
    }
    survey = Survey(**values)
    if not fields.get("design"):
        survey.design = design_of(templates)
    survey.save()
    return Survey.objects.get(pk=survey.pk)


def design_with(*rows: dict[str, Any]) -> str:
    """Return a design of one section; a row names a code of the bank and a condition."""
    questions = newest_questions(row["code"] for row in rows)
    values = [
        {
            "question": questions[row["code"]].pk,
            "required": row.get("required", True),
            "after": row.get("after", ""),
            "answers": row.get("answers", ""),
        }
        for row in rows
    ]
    section = {
        "title": "一节",
        "introduction": "",
        "questions": [
            {"type": "item", "id": str(number), "value": value}
            for number, value in enumerate(values)
        ],
    }
    return json.dumps([{"type": "section", "value": section}])


def make_crew(count: int, unit: Unit | None = None, born: str = "19850312") -> list[User]:
    """Create employees with accounts in a unit, born on a day."""
    unit = unit or make_unit()
    made = []
    for _place in range(count):
        earlier, serial = divmod(next(_numbers) - 1, 999)
        number = identity_number(f"{int(born[:4]) - earlier}{born[4:]}", serial + 1)
        person = make_person(unit=unit, identity_number=number)
        made.append(make_user(unit=unit, person=person, password=None))
    return made


def union_officer() -> User:
    """Return a union officer, made on first use."""
    found = User.objects.filter(person__roles__role_code="union_staff").first()
    return found or make_user("union_staff")


def make_open_survey(crew: list[User] | None = None, **fields: Any) -> Survey:
    """Create a launched survey that asks a crew, twelve people by default."""
    crew = crew if crew is not None else make_crew(12)
    draft = make_draft(**fields)
    listed = tuple((user.username, "") for user in crew)
    return launch(draft.pk, Chosen(listed=listed), union_officer())


def full_answers(survey: Survey) -> dict[str, str]:
    """Return what a browser sends for a whole sheet of a survey: the second level everywhere."""
    form: dict[str, str] = {}
    for row in survey.questions:
        name = f"q-{row['code']}"
        if row["kind"] == "text":
            form[name] = "多一些晚场活动"
        elif row["kind"] == "matrix":
            form |= {f"{name}-{place + 1}": "2" for place in range(len(row["lines"]))}
        else:
            form[name] = "2"
    return form
