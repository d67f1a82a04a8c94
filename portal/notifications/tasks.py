"""What was not delivered, as a task of the system administrator."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.notifications.models import Channel, Outbox
from portal.notifications.permissions import may_keep_channels
from portal.workspace.tasks import Task, TaskList


def dead_letters(user: Any) -> TaskList | None:
    """Return what was put aside, by channel; None for everybody else."""
    if not may_keep_channels(user):
        return None
    names = dict(Channel.choices)
    rows = list(
        Outbox.objects.dead().order_by("channel").values("channel").annotate(count=Count("pk"))
    )
    return TaskList(
        title=_("Undelivered messages"),
        url=reverse("notifications_undelivered"),
        count=sum(row["count"] for row in rows),
        tasks=[
            Task(
                title=ngettext(
                    "%(channel)s: %(count)d message was not delivered",
                    "%(channel)s: %(count)d messages were not delivered",
                    row["count"],
                )
                % {"channel": names[row["channel"]], "count": row["count"]},
                url=f"{reverse('notifications_undelivered')}?channel={row['channel']}",
            )
            for row in rows
        ],
    )
