"""Reviews as tasks of those who may decide them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from portal.pages.kinds import kind_name
from portal.publishing.reviews import may_review_anything, reviewable_by
from portal.workspace.tasks import SHOWN, Task, TaskList


def review_tasks(user: Any) -> TaskList | None:
    """Return the reviews that wait for an account, oldest first; None where it reviews nothing.

    Reviews are told apart by the page under each, so this costs a query for each type of page
    that waits, and never one for each review.
    """
    if not may_review_anything(user):
        return None
    states: list[Any] = reviewable_by(user)
    return TaskList(
        title=_("Waiting for my review"),
        url=reverse("reviews"),
        count=len(states),
        tasks=[
            Task(
                title=state.page.draft_title or state.page.title,
                url=reverse("review", args=[state.pk]),
                note=_("%(kind)s, submitted by %(who)s on %(date)s")
                % {
                    "kind": kind_name(state.page.kind),
                    "who": state.workflow_state.requested_by or "—",
                    "date": formats.date_format(timezone.localdate(state.started_at)),
                },
            )
            for state in states[:SHOWN]
        ],
    )
