"""Pool items as tasks: the archivist's to accept, a unit's to put right."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.archives.models import RecordState
from portal.archives.permissions import may_receive, sees_pool
from portal.archives.pool.listing import visible_items
from portal.workspace.tasks import SHOWN, Task, TaskList


def pool_tasks(user: Any) -> TaskList | None:
    """Return what waits in the pool for this account; None when the pool is not its concern."""
    receives = may_receive(user)
    if not receives and not sees_pool(user):
        return None
    state = RecordState.POOL if receives else RecordState.RETURNED
    items = list(
        visible_items(user)
        .filter(record__state=state)
        .select_related("record")
        .annotate(total=Window(Count("pk")))
        .order_by("due_on", "entered_at", "pk")[:SHOWN]
    )
    return TaskList(
        title=_("Archive items to accept") if receives else _("Archive items to put right"),
        url=f"{reverse('archive_pool')}?list={'waiting' if receives else 'returned'}",
        count=items[0].total if items else 0,
        tasks=[
            Task(
                title=item.record.title,
                url=reverse("archive_pool_item", args=[item.pk]),
                note="" if receives else item.get_return_reason_display(),
                due_on=item.due_on,
            )
            for item in items
        ],
    )
