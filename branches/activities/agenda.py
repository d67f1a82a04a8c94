"""What the activities of branches put into the calendar of a person."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from branches.models import Activity, ActivityState, Attendance
from portal.agenda.entries import Entry, register_agenda


def expected(person: Any, first: datetime.date, last: datetime.date) -> Iterator[Entry]:
    """Yield the activities a person is expected at, or leads, by one query.

    What is only planned is seen by those who lead it; the others learn of it by the notice.
    """
    listed = Attendance.objects.filter(activity=OuterRef("pk"), person=person)
    rows = (
        Activity.objects.filter(
            Q(Q(host=person) | Q(recorder=person))
            | Q(Exists(listed), ~Q(state=ActivityState.PLANNED)),
            held_on__range=(first, last),
        )
        .exclude(state__in=[ActivityState.WITHOUT_RECORD, ActivityState.CANCELLED])
        .select_related("branch")
        .order_by("held_on", "pk")
    )
    for row in rows:
        yield Entry(
            key=f"activity-{row.pk}",
            title=row.topic,
            day=row.held_on,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            place=row.place,
            url=reverse("branch_activity", args=[row.pk]),
            note=row.branch.name,
            is_over=row.state not in (ActivityState.PLANNED, ActivityState.NOTIFIED),
        )


def register() -> None:
    """Register once, when the application is ready."""
    register_agenda("branch-activities", expected)
