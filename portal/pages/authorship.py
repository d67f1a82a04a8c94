"""Who drafted, submitted, approved and published what is live now, and when."""

from __future__ import annotations

from typing import Any

from django.db.models import FilteredRelation, Q
from django.utils import timezone
from wagtail.models import Revision, TaskState

from portal.archives.actors import acting
from portal.archives.statements import FixedRead
from portal.people.models import User

_APPROVED = Q(task_states__status=TaskState.STATUS_APPROVED)
# Names are read apart: with them PostgreSQL plans a join of seven tables, which takes longer
# than all other reads of a capture together.
_revision_read = FixedRead(
    lambda revision_id: (
        Revision.objects.filter(pk=revision_id)
        .annotate(approval=FilteredRelation("task_states", condition=_APPROVED))
        .order_by("-approval__finished_at")
        .values_list(
            "user_id",
            "created_at",
            "approval__workflow_state__requested_by_id",
            "approval__started_at",
            "approval__finished_by_id",
            "approval__finished_at",
            "approval__comment",
        )[:1]
    ),
    int,
)
_accounts_read = FixedRead(
    lambda *keys: (
        User.objects.filter(pk__in=keys)
        .select_related("person")
        .only("first_name", "last_name", "username", "person__name")
        .order_by()
    ),
    *[int] * 4,
)


def _event(action: str, account_id: int | None, moment: Any, remark: str = "") -> dict[str, Any]:
    return {"action": action, "account": account_id, "at": moment, "remark": remark}


def _add_names(events: list[dict[str, Any]], using: str) -> None:
    keys = sorted({event["account"] for event in events} - {None})
    names: dict[int | None, str] = {}
    if keys:
        filled = keys + keys[-1:] * (4 - len(keys))
        names = {account.pk: str(account) for account in _accounts_read.rows(*filled, using=using)}
    for event in events:
        event["person"] = names.get(event["account"], "")


def process(page: Any, using: str) -> list[dict[str, Any]]:
    """Return the steps of a live page, oldest first, each with account, person and moment."""
    events = []
    revision = page.live_revision_id and _revision_read.first(page.live_revision_id, using=using)
    if revision:
        author, drafted_at, submitter, submitted_at, approver, approved_at, comment = revision
        events.append(_event("draft", author, drafted_at))
        if approved_at is not None:
            events.append(_event("submit", submitter, submitted_at))
            events.append(_event("approve", approver, approved_at, comment))
    events.append(_event("publish", acting().user_id, page.last_published_at or timezone.now()))
    _add_names(events, using)
    return events
