"""What waits for those who keep a branch: letters to receive, members to be confirmed."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.members.listing import DUE_DAYS
from branches.members.probation import ends_by, ends_on, probation_rule
from branches.models import Membership, MemberTransfer
from branches.year.permissions import BRANCH_ROLES
from portal.roles.permissions import assignments
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks


def _inside(user: Any, path: str) -> Q | None:
    """Return the condition of rows in branches in which the account has a branch role."""
    held = [row.unit for row in assignments(user) if row.role_code in BRANCH_ROLES]
    if not held:
        return None
    condition = Q()
    for unit in held:
        condition |= Q(**{f"{path}__startswith": unit.path})
    return condition


def letters(user: Any) -> TaskList | None:
    """Return the letters that the account's branches have not received yet, by one query."""
    inside = _inside(user, "to_branch__path")
    if inside is None:
        return None
    waiting = (
        MemberTransfer.objects.filter(inside, received_on__isnull=True, cancelled_on__isnull=True)
        .select_related("member__person", "from_branch")
        .order_by("valid_until", "pk")
        .annotate(total=Window(Count("*")))
    )
    rows = list(waiting[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=gettext_lazy("Letters of introduction to receive"),
        url=reverse("branch_transfers"),
        count=rows[0].total,
        tasks=[
            Task(
                title=_("Receive %(name)s") % {"name": row.member.person.name},
                url=reverse("branch_transfer_receive", args=[row.pk]),
                note=row.origin,
                due_on=row.valid_until,
            )
            for row in rows
        ],
    )


def probations(user: Any) -> TaskList | None:
    """Return whose probation ends within sixty days in the account's branches, by two queries."""
    inside = _inside(user, "branch__path")
    if inside is None:
        return None
    soon = timezone.localdate() + datetime.timedelta(days=DUE_DAYS)
    months = probation_rule().number
    waiting = (
        Membership.objects.filter(
            inside, ends_by(soon, months), valid_to__isnull=True, member__confirmed_on__isnull=True
        )
        .select_related("member__person", "branch")
        .order_by("member__joined_on", "pk")
        .annotate(total=Window(Count("*")))
    )
    rows = list(waiting[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=gettext_lazy("Probationary members to be confirmed"),
        url=reverse("branch_members") + "?state=due",
        count=rows[0].total,
        tasks=[
            Task(
                title=_("Confirm %(name)s") % {"name": row.member.person.name},
                url=reverse("branch_member", args=[row.member_id]),
                note=row.branch.name,
                due_on=ends_on(row.member, months),
            )
            for row in rows
        ],
    )


def register() -> None:
    """Register the sources of tasks, once, when the application is ready."""
    register_tasks("branch-letters", letters)
    register_tasks("branch-probations", probations)
