"""What follow-ups of bad ratings add to the portal: a door, tasks, the inventory."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.roles.permissions import has_role
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks
from veterans.models.handling import FollowUpState
from veterans.ratings.services import HANDLERS, reads_follow_ups, visible_follow_ups


def follow_up_tasks(user: Any) -> TaskList | None:
    """Return the follow-ups that wait for the account, by one query."""
    if not has_role(user, *HANDLERS):
        return None
    waiting = visible_follow_ups(user).exclude(state=FollowUpState.CLOSED)
    rows = list(waiting.annotate(total=Window(Count("*"))).order_by("due_on", "pk")[:SHOWN])
    return TaskList(
        title=_("Bad ratings to follow up"),
        url=reverse("support_follow_ups"),
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=row.rating.case.item,
                url=reverse("support_follow_up", args=[row.pk]),
                note=row.get_state_display(),
                due_on=row.due_on,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Register once, when the application is ready."""
    register_case_door(_("Bad ratings"), "support_follow_ups", reads_follow_ups)
    register_tasks("support-follow-ups", follow_up_tasks)
    register_personal_fields(
        "veterans.FollowUp",
        {"finding": ORDINARY, "measures": ORDINARY, "answer": ORDINARY},
        purpose="核实、整改和回访差评",
        basis="个人信息保护法第十三条第一款第三项",
        retention="随案卷保管30年",
    )
