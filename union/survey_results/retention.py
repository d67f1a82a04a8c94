"""How long what lies behind the figures of a survey is kept. The figures stay for good.

Source: section 2.6 of the facts on surveys: invitations go thirty days after publication; what
people answered goes by the retention table. Days are data, as of every rule.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.personal_data.retention import register_retention
from union.models import Invitation, Survey, SurveyComment, SurveySheets, SurveyState

INVITATIONS_KEPT_DAYS = 30
ANSWERS_KEPT_DAYS = 3 * 365
OWNER_KIND = "survey"


def _closed_before(before: datetime.datetime) -> list[int]:
    day = timezone.localdate(before)
    closed = Survey.objects.filter(state=SurveyState.CLOSED, closed_on__lt=day)
    return list(closed.values_list("pk", flat=True))


def _lists(surveys: Iterable[int]) -> QuerySet[Invitation]:
    """Return the invitations that are a list only: none under which an answer with a name lies."""
    return Invitation.objects.filter(survey__in=surveys, sheet__isnull=True)


def _with_invitations(before: datetime.datetime) -> Iterable[str]:
    rows = _lists(_closed_before(before))
    return map(str, rows.order_by("survey").values_list("survey", flat=True).distinct())


@transaction.atomic
def _forget_invitations(survey_id: str) -> None:
    _lists([int(survey_id)]).delete()


def _with_answers(before: datetime.datetime) -> Iterable[str]:
    closed = _closed_before(before)
    found = {
        *SurveySheets.objects.filter(survey__in=closed).values_list("survey", flat=True),
        *SurveyComment.objects.filter(survey__in=closed).values_list("survey", flat=True),
    }
    return map(str, sorted(found))


@transaction.atomic
def _forget_answers(survey_id: str) -> None:
    SurveySheets.objects.filter(survey=int(survey_id)).delete()
    SurveyComment.objects.filter(survey=int(survey_id)).delete()
    # With the answer that has a name goes the invitation that holds it.
    Invitation.objects.filter(survey=int(survey_id)).delete()


def register() -> None:
    """Register the two rules."""
    register_retention(
        "survey-invitations",
        title="满意度调查的邀请名单",
        clause="个人信息保护法第十九条：保存期限为实现处理目的所必要的最短时间",
        keep_days=INVITATIONS_KEPT_DAYS,
        owner_kind=OWNER_KIND,
        due=_with_invitations,
        dispose=_forget_invitations,
    )
    register_retention(
        "survey-answers",
        title="满意度调查的答卷和意见原文",
        clause="党群类：满意度调查，答卷3年（报告30年），待核",
        keep_days=ANSWERS_KEPT_DAYS,
        owner_kind=OWNER_KIND,
        due=_with_answers,
        dispose=_forget_answers,
    )
