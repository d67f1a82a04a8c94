"""Requests for exports that wait for the security administrator, among the tasks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.personal_data.exports import export_of
from portal.personal_data.models import ExportRequest, ExportState
from portal.personal_data.permissions import may_approve_exports
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks


def waiting_exports(user: Any) -> TaskList | None:
    """Return the requests this account may decide on; None for everybody else."""
    if not may_approve_exports(user):
        return None
    waiting = ExportRequest.objects.filter(state=ExportState.REQUESTED).exclude(requested_by=user)
    rows = list(waiting.select_related("requested_by__person").order_by("requested_at"))
    tasks = [
        Task(
            title=str(export.title if (export := export_of(row.kind)) else row.kind),
            url=row.get_absolute_url(),
            note=str(row.requested_by),
        )
        for row in rows[:SHOWN]
    ]
    return TaskList(
        _("Exports of personal data to approve"), reverse("data_exports"), len(rows), tasks
    )


def register() -> None:
    """Register once, when the application is ready."""
    register_tasks("data_exports", waiting_exports)
