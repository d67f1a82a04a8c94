"""What waits in cases for an account, for its workspace."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cases.flow import flows
from portal.cases.models import Case, ExtensionRequest
from portal.cases.permissions import reads_cases, units_condition, units_of
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks


def case_tasks(user: Any) -> TaskList | None:
    """Return the most urgent cases in which it is the account's turn, and how many there are."""
    if not reads_cases(user):
        return None
    # Counted by itself: beside the rows it would sort all that wait.
    waiting = Case.objects.waiting_for(user)
    rows = list(waiting.most_urgent_first()[:SHOWN])
    count = waiting.count() if len(rows) == SHOWN else len(rows)
    return TaskList(
        title=_("Cases that wait for me"),
        url=reverse("case_desk"),
        count=count,
        tasks=[
            Task(
                title=f"{case.item} {case.number}",
                url=reverse("case", args=[case.pk]),
                note=case.standing.name,
                due_on=case.due_on,
            )
            for case in rows
        ],
    )


def own_tasks(user: Any) -> TaskList | None:
    """Return the own cases that lapse unless their applicant does something, by one query."""
    waits = Q(pk__in=[])
    for flow in flows():
        waits |= Q(
            flow=flow.code,
            state__in=[
                state.code
                for state in flow.states
                if state.clock and flow.clock(state.clock).lapses
            ],
        )
    own = Case.objects.acted_in_by(getattr(user, "person_id", None)).submitted().filter(waits)
    rows = list(own.most_urgent_first().annotate(total=Window(Count("*")))[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=_("My applications that wait for me"),
        url=reverse("my_cases"),
        count=rows[0].total,
        tasks=[
            Task(
                title=f"{case.item} {case.number}",
                url=reverse("case", args=[case.pk]),
                note=case.standing.todo,
                due_on=case.due_on,
            )
            for case in rows
        ],
    )


def extension_tasks(user: Any) -> TaskList | None:
    """Return the requests for more time the account decides on as a leader, by one query."""
    led = Q(pk__in=[])
    for flow in flows():
        units = units_condition(units_of(user, flow.leaders))
        if units is not None:
            led |= Q(flow=flow.code) & units
    if led == Q(pk__in=[]):
        return None
    # Asked of the few requests that wait, not of every case.
    mine = Case.objects.filter(led, pk=OuterRef("clock__case"))
    requests = ExtensionRequest.objects.filter(
        Exists(mine), decided_at=None, clock__ended_on=None
    ).exclude(asked_by=user)
    rows = list(
        requests.select_related("clock__case")
        .order_by("clock__due_on", "pk")
        .annotate(total=Window(Count("*")))[:SHOWN]
    )
    if not rows:
        return None
    return TaskList(
        title=_("More time is asked for"),
        url=reverse("case_desk"),
        count=rows[0].total,
        tasks=[
            Task(
                title=f"{row.clock.case.item} {row.clock.case.number}",
                url=reverse("case", args=[row.clock.case_id]),
                note=_("Decide on more time"),
                due_on=row.clock.due_on,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Register the sources of tasks."""
    register_tasks("cases", case_tasks)
    register_tasks("own-cases", own_tasks)
    register_tasks("case-extensions", extension_tasks)
