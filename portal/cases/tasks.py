"""What waits in cases for an account, for its workspace."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.cases.permissions import reads_cases
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks


def case_tasks(user: Any) -> TaskList | None:
    """Return the most urgent cases in which it is the account's turn, by one query."""
    if not reads_cases(user):
        return None
    waiting = Case.objects.waiting_for(user).most_urgent_first().annotate(total=Window(Count("*")))
    rows = list(waiting[:SHOWN])
    return TaskList(
        title=_("Cases that wait for me"),
        url=reverse("case_desk"),
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=f"{case.item} {case.number}",
                url=reverse("case", args=[case.pk]),
                note=case.standing.name,
                due_on=case.due_on,
            )
            for case in rows
        ],
    )


def register() -> None:
    """Register the source of tasks."""
    register_tasks("cases", case_tasks)
