"""What waits for an account: pledges to sign, hazards to remove or to check again."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, When, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Hazard, HazardState, SafetyPledge
from branches.year.permissions import BRANCH_ROLES
from portal.organizations.models import Unit
from portal.roles.permissions import assignments
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks


def pledges(user: Any) -> TaskList | None:
    """Return the pledges that wait for the account's signature, by one query."""
    person = getattr(user, "person_id", None)
    if person is None:
        return None
    rows: list[Any] = list(
        SafetyPledge.objects.filter(
            person=person, signed_at=None, valid_to__gte=timezone.localdate()
        )
        .select_related("branch")
        .annotate(total=Window(Count("pk")))
        .order_by("valid_from", "pk")[:SHOWN]
    )
    if not rows:
        return None
    return TaskList(
        title=_("Safety pledges to sign"),
        url=reverse("my_safety"),
        count=rows[0].total,
        tasks=[
            Task(
                title=row.title,
                url=reverse("safety_pledge", args=[row.pk]),
                note=row.branch.name,
                due_on=row.valid_to,
            )
            for row in rows
        ],
    )


def hazards(user: Any) -> TaskList | None:
    """Return the hazards the account's branches follow, the most urgent first, by one query."""
    held = [row.unit for row in assignments(user) if row.role_code in BRANCH_ROLES]
    if not held:
        return None
    rows: list[Any] = list(
        Hazard.objects.filter(branch__in=Unit.objects.within(held))
        .exclude(state=HazardState.CLOSED)
        .annotate(
            total=Window(Count("pk")),
            waits=Case(When(state=HazardState.REMOVED, then=0), default=1),
        )
        .order_by("waits", "due_on", "pk")[:SHOWN]
    )
    if not rows:
        return None
    return TaskList(
        title=_("Hazards of the branch"),
        url=reverse("safety_hazards"),
        count=rows[0].total,
        tasks=[
            Task(
                title=f"{row.number} {row.place}",
                url=reverse("safety_hazard", args=[row.pk]),
                note=row.get_state_display(),
                due_on=row.due_on,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Register the sources of tasks, once, when the application is ready."""
    register_tasks("safety-pledges", pledges)
    register_tasks("safety-hazards", hazards)
