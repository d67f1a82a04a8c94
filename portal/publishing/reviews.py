"""Reads over the reviews that wait, and over how the review of a page ended."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, ForeignKey, OuterRef, Subquery, prefetch_related_objects
from django.db.models.functions import Cast
from wagtail.models import Page, Revision, TaskState, WorkflowState

from portal.organizations.models import Unit
from portal.roles.permissions import assignments, may_review
from portal.roles.table import SECTIONS


def waiting() -> Any:
    """Return the reviews in progress, oldest first, with their revision and author."""
    return (
        TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
        .select_related("revision__user__person", "task", "workflow_state__requested_by__person")
        # A draft may hold a whole book; the list needs only who wrote it and when.
        .defer("revision__content")
        .order_by("started_at", "pk")
    )


def with_review_status(pages: Any) -> Any:
    """Add `review_status` to pages: the status of the newest workflow, None without one."""
    newest = (
        WorkflowState.objects.filter(object_id=Cast(OuterRef("pk"), CharField()))
        .order_by("-created_at")
        .values("status")[:1]
    )
    return pages.annotate(review_status=Subquery(newest))


def may_review_anything(user: Any) -> bool:
    """Whether any role of the account reviews pages of any section."""
    return any(
        assignment.role_code in section.grants and section.grants[assignment.role_code].reviews
        for assignment in assignments(user)
        for section in SECTIONS.values()
    )


def _pages(states: list[TaskState]) -> dict[str, Any]:
    """The pages under review by their key as text, with their units; queries by type only."""
    pages = list(
        Page.objects.filter(pk__in=[state.revision.object_id for state in states]).specific()
    )
    by_type: dict[type[Any], list[Any]] = defaultdict(list)
    for page in pages:
        by_type[type(page)].append(page)
    for model, of_type in by_type.items():
        units = [
            field.name
            for field in model._meta.get_fields()
            if isinstance(field, ForeignKey) and field.related_model is Unit
        ]
        prefetch_related_objects(of_type, *units)
    return {str(page.pk): page for page in pages}


def _written_by(user: Any, pages: dict[str, Any]) -> set[str]:
    """The keys of the pages whose unpublished part the account wrote.

    The same rule as `portal.publishing.permissions.contributors`, for many pages at once.
    """
    revisions = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=pages,
        user_id=user.pk,
    ).values_list("object_id", "pk")
    written = {key for key, pk in revisions if pk > (pages[key].live_revision_id or 0)}
    return written | {
        key for key, page in pages.items() if not page.live_revision_id and page.owner_id == user.pk
    }


def reviewable_by(user: Any) -> list[TaskState]:
    """Return the reviews this account could decide: its sections and units, not its own work.

    Each state carries the page as `page`. The number of queries depends on the number of
    page types, never on the number of reviews.
    """
    if not may_review_anything(user):
        return []
    states = list(waiting())
    pages = _pages(states)
    written = _written_by(user, pages)
    found = []
    for state in states:
        page = pages.get(state.revision.object_id)
        if page is None or state.revision.object_id in written:
            continue
        if may_review(user, getattr(page, "section", ""), page.get_unit()):
            state.page = page
            found.append(state)
    return found


def open_review_of(page: Any) -> TaskState | None:
    """Return the review of a page that is in progress, if there is one."""
    state: TaskState | None = page.current_workflow_task_state
    return state if state and state.status == TaskState.STATUS_IN_PROGRESS else None
