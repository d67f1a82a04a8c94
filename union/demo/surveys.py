"""Surveys of the demo: two that were closed, two that are open, and the draft of the next.

Sheets are drawn by lot around the means of the demo company; the lot is always the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import UNION_CHAIR, UNION_STAFF, VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event
from union.demo.survey_comments import COMMENTS

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from union.models import Invitation, Survey

WORKERS = ("pay", "career", "conditions", "democracy", "culture", "mind")
# Crews without accounts answer with printed tokens.
CREWS = (
    *(("QL-QS-CM", 46), ("QL-QS-ZJ", 34), ("QL-QS-JY", 40), ("QL-BP-TF", 32)),
    *(("QL-XM", 36), ("QL-RD", 38), ("QL-JH", 6)),
)
# Whoever signs in to look at the demo still has something to answer.
UNANSWERED = ("100063", "100076", "100028", "100082")
NO_ANSWER = 0.04
COMMENTING = 0.16


@dataclass(frozen=True)
class DemoSurvey:
    """One survey of the demo.

    Attributes:
        launched: the day of the launch; the sheets come three days later.
        scores: mean of each dimension on the scale from 0 to 100, and of what has none as "".
        share: part of those invited who answered.
        comments: which of the comments were written in it.
        closed: the day of the close; None while it is open.
    """

    code: str
    title: str
    purpose: str
    launched: date
    opens_on: date
    closes_on: date
    templates: tuple[str, ...] = WORKERS
    office: str = "union"
    unit: str = "QL-GH"
    series: str = "workers"
    scores: dict[str, float] = field(default_factory=dict)
    share: float = 0.0
    crews: tuple[tuple[str, int], ...] = CREWS
    comments: slice = field(default_factory=lambda: slice(0))
    closed: date | None = None


SURVEYS: tuple[DemoSurvey, ...] = (
    DemoSurvey(
        code="workers-2025-end",
        title="2025年末职工满意度调查",
        purpose="了解职工对薪酬福利、职业发展、工作条件、民主管理、文体活动和心理支持的感受。",
        launched=date(2025, 11, 20),
        opens_on=date(2025, 11, 24),
        closes_on=date(2025, 12, 12),
        scores={
            **{"pay": 70.9, "career": 73.8, "conditions": 77.6, "democracy": 81.0},
            **{"culture": 83.7, "mind": 75.2, "": 77.2},
        },
        share=0.78,
        comments=slice(0, 6),
        closed=date(2025, 12, 15),
    ),
    DemoSurvey(
        code="workers-2026-mid",
        title="2026年中职工满意度调查",
        purpose="对照2025年末的整改清单，看看哪些变好了，哪些还要改。",
        launched=date(2026, 6, 11),
        opens_on=date(2026, 6, 15),
        closes_on=date(2026, 7, 3),
        scores={
            **{"pay": 72.6, "career": 75.3, "conditions": 79.8, "democracy": 82.4},
            **{"culture": 84.9, "mind": 77.0, "": 78.7},
        },
        share=0.81,
        comments=slice(6, 14),
        closed=date(2026, 7, 6),
    ),
    DemoSurvey(
        code="workers-2026-end",
        title="2026年末职工满意度调查",
        purpose="年底前听一听大家的感受，结果和整改清单在三十天内公布。",
        launched=date(2026, 11, 12),
        opens_on=date(2026, 11, 16),
        closes_on=date(2026, 12, 4),
        scores={
            **{"pay": 73.4, "career": 75.8, "conditions": 80.3, "democracy": 82.9},
            **{"culture": 85.0, "mind": 77.8, "": 79.3},
        },
        share=0.41,
        comments=slice(6),
    ),
    DemoSurvey(
        code="veterans-2026",
        title="2026年拥军优属服务满意度调查",
        purpose="请退役军人和军属评一评服务站一年来的工作，意见用于修订办事指南。",
        launched=date(2026, 11, 9),
        opens_on=date(2026, 11, 10),
        closes_on=date(2026, 12, 10),
        templates=("veterans-support",),
        office="veterans",
        unit="QL-FW",
        series="veterans",
        scores={"veterans-support": 84.0, "": 82.0},
        share=0.35,
        crews=(("QL-FW", 40),),
    ),
)
DRAFT_CODE = "workers-2027-mid"


def register() -> None:
    """Register every survey on its days."""
    for row in SURVEYS:
        register_event(DemoEvent(row.code, row.launched, partial(begin, row=row)))
        if row.closed is not None:
            register_event(DemoEvent(f"{row.code}-closed", row.closed, partial(close, row=row)))
    register_event(DemoEvent(DRAFT_CODE, date(2026, 11, 20), prepare_next))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), SHANGHAI)


def begin(world: DemoWorld, row: DemoSurvey) -> bool:
    """Design and launch a survey, publish its page, and let people answer."""
    from portal.organizations.models import Unit
    from union.models import Survey
    from union.surveys import drafting
    from union.surveys.invitees import Chosen
    from union.surveys.launching import launch

    if Survey.objects.filter(code=row.code).exists():
        return False
    is_unions = row.office == "union"
    officer = world.user(UNION_STAFF if is_unions else VETERANS_OFFICER)
    departments = Unit.objects.filter(parent_is_company()) if is_unions else Unit.objects.none()
    with (
        set_clock(_at(row.launched, 10)) as clock,
        act_as(user_id=officer.pk),
        transaction.atomic(),
    ):
        draft = Survey(
            code=row.code,
            series=row.series,
            title=row.title,
            purpose=row.purpose,
            office=row.office,
            unit=world.units[row.unit],
            segments=["unit"] if is_unions else [],
            opens_on=row.opens_on,
            closes_on=row.closes_on,
        )
        survey = drafting.begin_draft(draft, row.templates, officer)
        chosen = Chosen(
            units=tuple(departments.values_list("pk", flat=True)),
            tokens=tuple((world.units[code].pk, count) for code, count in row.crews),
            level=3,
        )
        survey = launch(survey.pk, chosen, officer)
        if is_unions:
            page = drafting.write_page(survey.pk, officer)
            reviewer = world.user(UNION_CHAIR)
            world.take_through_review(
                page, officer, reviewer, clock, "published", "", _at(row.launched, 16)
            )
    day = row.opens_on.replace(day=row.opens_on.day + 2)
    with set_clock(_at(day, 12)), transaction.atomic():
        answered = answer(survey, row)
    world.written["survey", "launched"] += 1
    world.written["survey", "answers"] += answered
    return True


def parent_is_company() -> Any:
    """Return the condition of the administrative units right below the company."""
    from django.db.models import Q

    from portal.organizations.models import UnitKind

    return Q(depth=2, kind=UnitKind.ADMINISTRATIVE)


def answer(survey: Survey, row: DemoSurvey) -> int:
    """Let part of those invited answer, through the service everybody uses."""
    from union.models import Invitation
    from union.surveys.submitting import submit

    chance = random.Random(row.code)  # noqa: S311  a demo that is always the same
    invitations = list(
        Invitation.objects.filter(survey=survey)
        .exclude(person__employee_number__in=UNANSWERED)
        .order_by("pk")
    )
    chance.shuffle(invitations)
    wanted = round(survey.invitations.count() * row.share)
    comments = {code: list(words[row.comments]) for code, words in COMMENTS.items()}
    for invitation in invitations[:wanted]:
        submit(survey, invitation, _sheet(survey, invitation, row, chance, comments))
    return min(wanted, len(invitations))


def _sheet(
    survey: Survey,
    invitation: Invitation,
    row: DemoSurvey,
    chance: random.Random,
    comments: dict[str, list[str]],
) -> dict[str, Any]:
    # Some units are a little more content than others, the same in each survey.
    group = invitation.segments.get("unit", "")
    leaning = random.Random(f"unit {group}").uniform(-0.35, 0.3)  # noqa: S311
    mood = chance.gauss(0, 0.45)
    sheet: dict[str, Any] = {}
    for question in survey.questions:
        code, kind = question["code"], question["kind"]
        if kind == "text":
            waiting = comments.get(code, [])
            if waiting and chance.random() < COMMENTING:
                sheet[code] = waiting.pop()
        elif chance.random() < NO_ANSWER:
            sheet[code] = None
        elif kind == "single":
            sheet[code] = chance.choice(range(1, len(question["choices"]) + 1))
        else:
            score = row.scores[(question["dimension"] or {}).get("code", "")]
            mean = 1 + 4 * score / 100 + leaning + mood
            sheet[code] = min(5, max(1, round(chance.gauss(mean + 0.12, 0.8))))
    return sheet


def close(world: DemoWorld, row: DemoSurvey) -> bool:
    """Close a survey the day after its end."""
    from union.models import Survey, SurveyState
    from union.surveys import closing

    survey = Survey.objects.get(code=row.code)
    if row.closed is None or survey.state == SurveyState.CLOSED:
        return False
    with set_clock(_at(row.closed, 9)):
        closing.close(survey.pk)
    world.written["survey", "closed"] += 1
    return True


def prepare_next(world: DemoWorld) -> bool:
    """Copy the last survey as the draft of the next."""
    from union.models import Survey
    from union.surveys import drafting

    if Survey.objects.filter(code=DRAFT_CODE).exists():
        return False
    officer = world.user(UNION_STAFF)
    with set_clock(_at(date(2026, 11, 20), 15)), act_as(user_id=officer.pk):
        drafting.copy_survey(Survey.objects.get(code="workers-2026-mid").pk, officer)
    world.written["survey", "draft"] += 1
    return True
