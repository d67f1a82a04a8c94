"""What was not delivered, as a task of the system administrator."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.notifications.models import FailureReason, Outbox
from portal.notifications.permissions import may_keep_channels
from portal.workspace.tasks import SHOWN, Task, TaskList


def dead_letters(user: Any) -> TaskList | None:
    """Return the messages that were put aside; None for everybody else."""
    if not may_keep_channels(user):
        return None
    rows = list(Outbox.objects.dead().annotate(total=Window(Count("pk")))[:SHOWN])
    reasons = dict(FailureReason.choices)
    return TaskList(
        title=_("Undelivered messages"),
        url=reverse("notifications_undelivered"),
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=f"{row.get_channel_display()} {row.masked_address}",
                url=reverse("notifications_undelivered"),
                note=reasons.get(row.last_error, reasons[FailureReason.FAILED]),
            )
            for row in rows
        ],
    )
