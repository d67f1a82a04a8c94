"""Reads over the reviews that wait."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, TaskState

from portal.publishing.permissions import contributors
from portal.roles.permissions import assignments, may_review
from portal.roles.table import SECTIONS


def waiting() -> Any:
    """Return the reviews in progress, oldest first, with their revision and author."""
    return (
        TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
        .select_related("revision__user__person", "task", "workflow_state__requested_by__person")
        .order_by("started_at", "pk")
    )


def reviewable_by(user: Any) -> list[TaskState]:
    """Return the reviews this account could decide: its sections and units, not its own work.

    Each state carries the page as `page`.
    """
    if not any(
        assignment.role_code in section.grants and section.grants[assignment.role_code].reviews
        for assignment in assignments(user)
        for section in SECTIONS.values()
    ):
        return []
    states = list(waiting())
    pages = {
        str(page.pk): page
        for page in Page.objects.filter(
            pk__in=[state.revision.object_id for state in states]
        ).specific()
    }
    found = []
    for state in states:
        page = pages.get(state.revision.object_id)
        if page is None or not may_review(user, getattr(page, "section", ""), page.get_unit()):
            continue
        if user.pk in contributors(page):
            continue
        state.page = page
        found.append(state)
    return found
