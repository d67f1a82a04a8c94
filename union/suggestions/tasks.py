"""What waits for scorers, in their workspace."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.cases.permissions import units_condition, units_of
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks
from union.models import SuggestionScore
from union.suggestions.permissions import FLOW, SCORER_ROLES


def score_tasks(user: Any) -> TaskList | None:
    """Return the suggestions the account has not scored yet, by one query."""
    inside = units_condition(units_of(user, SCORER_ROLES))
    if inside is None:
        return None
    given = SuggestionScore.objects.filter(suggestion=OuterRef("pk"), scorer=user)
    own = Q(applicant=user.person_id) | Q(suggestion__co_authors=user.person_id)
    waiting = (
        Case.objects.filter(inside, ~Exists(given), flow=FLOW, state="verified")
        .exclude(pk__in=Case.objects.filter(own, flow=FLOW).order_by().values("pk"))
        .most_urgent_first()
        .annotate(total=Window(Count("*")))
    )
    rows = list(waiting[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=_("Suggestions to score"),
        url=reverse("suggestions") + "?list=score",
        count=rows[0].total,
        tasks=[
            Task(
                title=f"{case.item} {case.number}",
                url=reverse("suggestion_score", args=[case.pk]),
                note=case.standing.name,
                due_on=case.due_on,
            )
            for case in rows
        ],
    )


def register() -> None:
    """Register the source of tasks."""
    register_tasks("suggestion-scores", score_tasks)
