"""Objections that wait for an answer, as tasks of those who may answer them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.public_notices.models import Objection
from portal.public_notices.permissions import reviewed_units
from portal.workspace.tasks import SHOWN, Task, TaskList


def objection_tasks(user: Any) -> TaskList | None:
    """Return the open objections of the account's office; None where it has none.

    What an account drafted or approved itself is left out: a colleague has to answer it.
    """
    if not reviewed_units(user):
        return None
    rows = list(
        Objection.objects.in_office_of(user)
        .open()
        .exclude(notice__drafted_by=user.pk)
        .exclude(notice__approved_by=user.pk)
        .select_related("notice")
        .annotate(total=Window(Count("pk")))
        .order_by("raised_at", "pk")[:SHOWN]
    )
    return TaskList(
        title=_("Objections to answer"),
        url=f"{reverse('objections')}?state=open",
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=row.notice.title,
                url=row.get_absolute_url(),
                note=_("The notice stands still until the answer."),
            )
            for row in rows
        ],
    )
