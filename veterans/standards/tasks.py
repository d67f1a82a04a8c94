"""Standards as tasks: to be published by a second person, or come back to be put right."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks
from veterans.models import ItemVersion
from veterans.models.standards import VersionState
from veterans.standards.permissions import may_publish_standards, may_write_standards


def standard_tasks(user: Any) -> TaskList | None:
    """Return the versions that wait for this account; None when standards are not its concern."""
    publishes = may_publish_standards(user)
    if not publishes and not may_write_standards(user):
        return None
    state = VersionState.PROPOSED if publishes else VersionState.DRAFT
    waiting = ItemVersion.objects.filter(status=state)
    if publishes:
        waiting = waiting.exclude(editors=user).exclude(proposed_by=user)
    rows = list(
        waiting.select_related("item")
        .annotate(total=Window(Count("pk")))
        .order_by("effective_from", "pk")[:SHOWN]
    )
    return TaskList(
        title=_("Standards to publish") if publishes else _("Drafts of standards"),
        url=reverse("support_standards"),
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=str(row),
                url=reverse("support_standard", args=[row.pk]),
                note=row.return_reason,
                due_on=row.effective_from if publishes else None,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Add the tasks to the workspace."""
    register_tasks("support-standards", standard_tasks)
