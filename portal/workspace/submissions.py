"""What an account wrote and where it stands."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from wagtail.models import Page, Revision, WorkflowState


def submissions_of(user: Any) -> Any:
    """Return the pages an account owns or changed, newest change first, with `review_status`."""
    newest_state = (
        WorkflowState.objects.filter(object_id=Cast(OuterRef("pk"), CharField()))
        .order_by("-created_at")
        .values("status")[:1]
    )
    own_pages = (
        Revision.objects.page_revisions()
        .filter(user=user)
        .annotate(page_number=Cast("object_id", BigIntegerField()))
        .values("page_number")
    )
    return (
        Page.objects.filter(depth__gt=2, pk__in=own_pages)
        .annotate(review_status=Subquery(newest_state))
        .order_by("-latest_revision_created_at", "-pk")
    )
