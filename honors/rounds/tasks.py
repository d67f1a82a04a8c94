"""What waits in honors for an account, and what it nominated, for the workspace."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from honors.models import NominationState, Round
from honors.rounds import reading
from honors.rounds.permissions import branches_of, is_employee
from portal.workspace.submissions import (
    SUBMISSIONS_SHOWN,
    Submission,
    SubmissionList,
    register_submissions,
)
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks


def branch_tasks(user: Any) -> TaskList | None:
    """Return the nominations that wait for the account's branches, by one query."""
    if not branches_of(user):
        return None
    waiting = (
        reading.nominations_of_branches(user)
        .filter(state=NominationState.SUBMITTED, round__case__state="nominating")
        .order_by("round__closes_on", "pk")
        .annotate(total=Window(Count("*")))
    )
    rows = list(waiting[:SHOWN])
    return TaskList(
        title=_("Nominations that wait for the branch"),
        url=reverse("honor_branch_nominations"),
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=row.subject_name,
                url=reverse("honor_nomination", args=[row.pk]),
                note=row.round.case.item,
                due_on=row.round.closes_on,
            )
            for row in rows
        ],
    )


def asked_tasks(user: Any) -> TaskList | None:
    """Return what the account is asked for as judge or for a department."""
    if getattr(user, "person_id", None) is None:
        return None
    rows = reading.asked_of(user)
    if not rows:
        return None
    waiting = [row for row in rows if not row.done]
    return TaskList(
        title=_("Nominees I am asked about"),
        url=reverse("honor_asked"),
        count=len(waiting),
        tasks=[
            Task(
                title=row.nomination.subject_name,
                url=reverse("honor_asked"),
                note=f"{row.nomination.round.case.item} · {row.part_name}",
            )
            for row in waiting[:SHOWN]
        ],
    )


def my_nominations(user: Any) -> SubmissionList | None:
    """Return the newest nominations of an account, and the way to the rounds that are open."""
    if not is_employee(user):
        return None
    rows = list(reading.nominations_by(user).annotate(total=Window(Count("*")))[:SUBMISSIONS_SHOWN])
    if not rows and not Round.objects.nominating(timezone.localdate()).exists():
        return None
    return SubmissionList(
        title=_("Honors: rounds and my nominations"),
        url=reverse("honor_my_nominations") if rows else reverse("honor_rounds"),
        count=rows[0].total if rows else 0,  # type: ignore[attr-defined]
        submissions=[
            Submission(
                title=row.subject_name,
                url=reverse("honor_nomination", args=[row.pk]),
                state=row.get_state_display(),
                tone=row.tone,
                note=row.round.case.item,
                at=row.nominated_at,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Register the sources once."""
    register_tasks("honor-branch", branch_tasks)
    register_tasks("honor-asked", asked_tasks)
    register_submissions("honor-nominations", my_nominations)
