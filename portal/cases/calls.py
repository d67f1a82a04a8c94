"""Who cannot be reached by SMS is phoned: a task of the clerks of the flow.

Source: what an elderly applicant needs; an SMS that is given up on must not be the end of it.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases import history
from portal.cases.flow import PartyKind, flows
from portal.cases.models import Case, CaseEvent, PhoneCall, Supervision
from portal.cases.permissions import units_condition, units_of
from portal.cases.refusals import AlreadyMoved, NotYourTurn
from portal.cases.services import locked
from portal.notifications.delivery import register_dead_letter
from portal.notifications.models import Channel, Outbox
from portal.people.models import User
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks


def _case_of(event_key: str) -> uuid.UUID | None:
    """Return which case a message to its applicant was about; None for other messages."""
    kind, _colon, rest = event_key.partition(":")
    if kind == "case":
        try:
            return uuid.UUID(rest.partition(":")[0])
        except ValueError:
            return None
    if kind == "supervision" and rest.isdecimal():
        reminder = Supervision.objects.filter(pk=int(rest), clock__of_applicant=True)
        return reminder.values_list("clock__case", flat=True).first()
    return None


def open_call(row: Outbox) -> None:
    """Ask for a call when an SMS about a case was put aside; once for each event."""
    if row.channel != Channel.SMS:
        return
    case_id = _case_of(row.event_key)
    if case_id is None or not Case.objects.filter(pk=case_id).exists():
        return
    PhoneCall.objects.get_or_create(
        event_key=row.event_key,
        defaults={"case_id": case_id, "message": row.code, "opened_at": timezone.now()},
    )


def calls_for(user: Any) -> QuerySet[PhoneCall]:
    """Return the calls that wait for the account as a clerk of a flow."""
    condition = Q(pk__in=[])
    for flow in flows():
        units = units_condition(units_of(user, flow.calling_roles()))
        if units is not None:
            condition |= Q(flow=flow.code) & units
    # Asked of the few calls that wait, not of every case.
    mine = Case.objects.filter(condition, pk=OuterRef("case"))
    return PhoneCall.objects.filter(Exists(mine), done_at=None)


def open_calls(case: Case, user: User) -> list[PhoneCall]:
    """Return the calls of one case that wait for the account."""
    return list(calls_for(user).filter(case=case))


@transaction.atomic
def finish(call_id: int, user: User, result: str) -> CaseEvent:
    """Write down that the applicant was phoned, and what was said.

    Raises:
        AlreadyMoved: a colleague phoned before.
        NotYourTurn: the account is no clerk of the flow.
    """
    found = PhoneCall.objects.get(pk=call_id)
    case = locked(found.case_id)
    call = PhoneCall.objects.select_related("done_by").get(pk=call_id)
    if call.done_at is not None:
        raise AlreadyMoved(_("%(who)s phoned already.") % {"who": call.done_by})
    if not calls_for(user).filter(pk=call_id).exists():
        raise NotYourTurn(_("The clerks of this matter phone the applicant."))
    call.result, call.done_by, call.done_at = result, user, timezone.now()
    call.save(update_fields=["result", "done_by", "done_at"])
    staff = [party.code for party in case.table.parties if party.kind is PartyKind.ROLE]
    return history.write_beside(case, history.PHONED, user, staff[0], note_internal=result)


def call_tasks(user: Any) -> TaskList | None:
    """Return the calls that wait for the account, the oldest first, by one query."""
    if not any(units_of(user, flow.calling_roles()) != [] for flow in flows()):
        return None
    rows = list(calls_for(user).select_related("case").annotate(total=Window(Count("*")))[:SHOWN])
    if not rows:
        return None  # An empty heading for what is rare would only be in the way.
    return TaskList(
        title=gettext_lazy("Applicants to phone"),
        url=reverse("case_desk"),
        count=rows[0].total,
        tasks=[
            Task(
                title=f"{row.case.item} {row.case.number}",
                url=reverse("case", args=[row.case_id]),
                note=row.what,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Register what follows a dead letter, and the tasks."""
    register_dead_letter("case-calls", open_call)
    register_tasks("case-calls", call_tasks)
