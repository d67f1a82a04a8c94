"""Which surveys wait for an employee, and how many have answered, in steps that tell nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.workspace.tasks import SHOWN, Task, TaskList
from union.models import Invitation, Survey, SurveyResult, SurveyState


def open_invitations(person_id: int | None) -> QuerySet[Invitation]:
    """Return the invitations of a person to surveys that take answers today, the next end first."""
    today = timezone.localdate()
    return (
        Invitation.objects.filter(
            person=person_id,
            survey__state=SurveyState.OPEN,
            survey__opens_on__lte=today,
            survey__closes_on__gte=today,
        )
        .exclude(person=None)
        .select_related("survey")
        .defer("survey__snapshot", "survey__design")
        .order_by("survey__closes_on", "survey_id")
    )


def waiting_surveys(user: Any) -> TaskList | None:
    """Return the surveys an account can still answer, for its workspace."""
    person_id = getattr(user, "person_id", None)
    if person_id is None:
        return None
    waiting = list(open_invitations(person_id).filter(is_done=False)[: SHOWN + 1])
    if not waiting:
        return None
    return TaskList(
        _("Surveys"),
        reverse("survey_list"),
        len(waiting),
        [
            Task(
                row.survey.title,
                reverse("survey_answer", args=[row.survey_id]),
                _("Takes about ten minutes"),
                row.survey.closes_on,
            )
            for row in waiting[:SHOWN]
        ],
    )


@dataclass(frozen=True)
class Turnout:
    """How far a survey has come, as the office may know it.

    Attributes:
        invited: how many were asked.
        at_least: how many have answered, rounded down to a multiple of the smallest group, so
            that nobody who asks every few minutes sees one person answer.
        is_final: whether the survey is closed; then it is the frozen number itself.
    """

    invited: int
    at_least: int
    is_final: bool = False

    @property
    def share(self) -> int:
        """The part of those asked, in whole percent, of the rounded number."""
        return self.at_least * 100 // self.invited if self.invited else 0


def turnout(survey: Survey) -> Turnout:
    """Return how many were asked and how many answered, in steps of the smallest group.

    Of a closed survey the frozen figures say it: invitations are deleted some time after.
    """
    result = SurveyResult.objects.filter(survey=survey).values_list("content", flat=True).first()
    if result is not None:
        return Turnout(result["invited"], result.get("answered", 0), is_final=True)
    counts = Invitation.objects.filter(survey=survey).aggregate(
        invited=Count("pk"), done=Count("pk", filter=Q(is_done=True))
    )
    step = max(1, survey.minimum)
    return Turnout(counts["invited"], counts["done"] // step * step)


def stored_segments(survey: Survey) -> list[str]:
    """Return the names of what is kept of a person in an answer, such as unit and age group."""
    return [segment["name"] for segment in survey.snapshot.get("segments", [])]


def home_beside(request: Any) -> dict[str, Any]:
    """Return the open survey the home page leads a reader to; nothing for a visitor."""
    person_id = getattr(request.user, "person_id", None)
    if person_id is None:
        return {}
    waiting = open_invitations(person_id).filter(is_done=False).first()
    return {"survey": waiting.survey if waiting else None}
