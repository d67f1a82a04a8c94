"""What waits for an account: records to review, records to write, meetings to come to."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.activities.reading import waiting_for
from branches.models import (
    Activity,
    ActivityState,
    Attendance,
    LifeRequirement,
    Presence,
)
from portal.roles.permissions import assignments
from portal.roles.table import SECTIONS
from portal.workdays.calendar import current
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks

#: Working days in which a record is reviewed; practice, a reminder and no rule.
REVIEW_DAYS = 5
#: Working days in which the record of a kind without a requirement is written. Source: section
#: 2.3 of the domain facts; the other kinds have their own number in `LifeRequirement`.
RECORD_DAYS = 3


def review_tasks(user: Any) -> TaskList | None:
    """Return the records that wait for the account's review, the oldest first."""
    grants = SECTIONS["branches"].grants
    if not any(
        row.role_code in grants and grants[row.role_code].reviews for row in assignments(user)
    ):
        return None
    rows: list[Any] = list(
        waiting_for(user, Activity.objects.all())
        .select_related("branch")
        .annotate(total=Window(Count("pk")))
        .order_by("recorded_on", "pk")[:SHOWN]
    )
    if not rows:
        return None
    known = current()
    return TaskList(
        title=_("Records of activities to review"),
        url=reverse("branch_activities") + "?show=reviews",
        count=rows[0].total,
        tasks=[
            Task(
                title=row.topic,
                url=reverse("branch_activity", args=[row.pk]),
                note=row.branch.display_name,
                due_on=known.add_working_days(row.recorded_on or row.held_on, REVIEW_DAYS).date,
            )
            for row in rows
        ],
    )


def own_tasks(user: Any) -> TaskList | None:
    """Return the records the account writes as host or recorder, and where it is expected."""
    person = getattr(user, "person_id", None)
    if person is None:
        return None
    awaited = Attendance.objects.filter(
        activity=OuterRef("pk"), person=person, presence=Presence.EXPECTED
    )
    now = timezone.now()
    rows: list[Any] = list(
        Activity.objects.filter(
            Q(Q(host=person) | Q(recorder=person), state=ActivityState.HELD)
            | Q(Exists(awaited), state=ActivityState.NOTIFIED, starts_at__gte=now)
        )
        .select_related("branch")
        .annotate(total=Window(Count("pk")))
        .order_by(F("starts_at").asc(nulls_first=True), "pk")[:SHOWN]
    )
    if not rows:
        return None
    known = current()
    written_within = dict(LifeRequirement.objects.values_list("kind", "record_days"))
    return TaskList(
        title=_("Activities of the branch"),
        url=reverse("my_activities"),
        count=rows[0].total,
        tasks=[
            Task(
                title=row.topic,
                url=reverse("branch_activity", args=[row.pk]),
                note=_("Write the minutes and sign them off")
                if row.state == ActivityState.HELD
                else _("You are expected"),
                due_on=known.add_working_days(
                    row.held_on, written_within.get(row.kind, RECORD_DAYS)
                ).date
                if row.state == ActivityState.HELD
                else row.held_on,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Add the tasks to the workspace."""
    register_tasks("activity-reviews", review_tasks)
    register_tasks("activities", own_tasks)
