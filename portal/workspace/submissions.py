"""What an account wrote and where it stands."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Subquery
from django.db.models.functions import Cast
from wagtail.models import Page, Revision, WorkflowState


def submissions_of(user: Any) -> Any:
    """Return the pages an account owns or changed, newest change first, with `review_status`."""
    newest_state = (
        WorkflowState.objects.filter(object_id=Cast(OuterRef("pk"), CharField()))
        .order_by("-created_at")
        .values("status")[:1]
    )
    own_revision = Revision.objects.filter(
        object_id=Cast(OuterRef("pk"), CharField()), user=user, base_content_type__model="page"
    )
    return (
        Page.objects.filter(depth__gt=2)
        .annotate(is_mine=Exists(own_revision))
        .filter(is_mine=True)
        .annotate(review_status=Subquery(newest_state))
        .order_by("-latest_revision_created_at", "-pk")
    )
