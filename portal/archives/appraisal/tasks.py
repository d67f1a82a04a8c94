"""Destruction lists as tasks: the approver's to decide, a witness's to sign."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.archives.models import DestructionList, DestructionState
from portal.archives.permissions import may_approve_destruction
from portal.workspace.tasks import SHOWN, Task, TaskList


def destruction_tasks(user: Any) -> TaskList | None:
    """Return the lists that wait for this account; None when none does."""
    condition = Q(
        state=DestructionState.APPROVED,
        witnesses__account=user,
        witnesses__signed_at__isnull=True,
    )
    if may_approve_destruction(user):
        condition |= Q(state=DestructionState.PROPOSED) & ~Q(made_by=user)
    found = list(DestructionList.objects.filter(condition).order_by("proposed_at").distinct())
    if not found:
        return None
    return TaskList(
        title=_("Destruction lists to approve or to sign"),
        url=reverse("archive_destruction_lists"),
        count=len(found),
        tasks=[
            Task(title=one.number, url=one.get_absolute_url(), note=one.get_state_display())
            for one in found[:SHOWN]
        ],
    )
