"""One address for a case: the applicant reads where it stands, the office everything."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.cases.actions import office_actions, steps_for
from portal.cases.calls import open_calls
from portal.cases.flow import Flow, PartyKind
from portal.cases.history import CONSENT_WITHDRAWN, nameless_party, step_name
from portal.cases.models import Case, CaseClock, CaseEvent
from portal.cases.ownership import may_read_papers
from portal.cases.permissions import applicant_names, handler_of, knows_applicant
from portal.cases.status import clocks_of, due_sentences, is_paused, running_clock
from portal.cases.views.reading import account, applicant_context, events_of, is_own, readable_case


@require_safe
def case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show a case to its applicant or to the office; 404 to everybody else."""
    found = readable_case(request, case_id)
    if found.is_draft:
        address = found.table.draft_address
        return redirect(address(found)) if address else redirect("my_cases")
    if is_own(request, found):
        return _applicant_page(request, found)
    return _office_page(request, found)


def _applicant_page(request: HttpRequest, found: Case) -> HttpResponse:
    actions = steps_for(found, account(request), PartyKind.APPLICANT)
    return render(
        request,
        "cases/applicant.html",
        {
            **applicant_context(found),
            "actions": actions,
            "change_address": _change_address(found),
            "facts_template": found.table.templates.get("applicant", ""),
            "documents": list(
                found.documents.filter(replaced_at=None).select_related("file").order_by("pk")
            ),
        },
    )


def _change_address(found: Case) -> str:
    """Return where the applicant changes what was written; empty where nothing can be changed."""
    address = found.table.draft_address
    return address(found) if address is not None and found.standing.change else ""


def _office_page(request: HttpRequest, found: Case) -> HttpResponse:
    clocks = clocks_of(found)
    today = timezone.localdate()
    table = found.table
    knows = knows_applicant(account(request), found)
    applicants = {} if knows else applicant_names(table)
    events = [
        {
            "event": event,
            "who": _who(table, event, applicants),
            "name": step_name(table, event.transition),
            "moved": event.from_state != event.to_state,
            "source": table.state(event.from_state).name,
            "target": table.state(event.to_state).name,
        }
        for event in reversed(events_of(found))
    ]
    return render(
        request,
        "cases/office.html",
        {
            "case": found,
            "state": found.standing,
            "party": table.party(found.standing.party) if found.standing.party else None,
            "due": list(due_sentences(running_clock(found, clocks), today)),
            "is_late": found.due_on is not None and found.due_on < today,
            "handler": handler_of(found),
            "knows_applicant": knows,
            "key": uuid.uuid4(),
            "actions": office_actions(found, account(request)),
            "clocks": [_clock_row(found, clock) for clock in clocks],
            "events": events,
            "documents": list(found.documents.select_related("file").order_by("pk")),
            "opens_papers": may_read_papers(account(request), found),
            "facts_template": table.templates.get("office", ""),
            "consent_withdrawn": any(
                row["event"].transition == CONSENT_WITHDRAWN for row in events
            ),
            "calls": open_calls(found, account(request)),
            "today": today,
        },
    )


def _who(table: Flow, event: CaseEvent, applicants: dict[str, str]) -> str:
    """Return who took a step; of an applicant nobody here may know, the name of the party."""
    if event.party in applicants:
        return applicants[event.party]
    return str(event.actor) if event.actor is not None else nameless_party(table, event)


def _clock_row(found: Case, clock: CaseClock) -> dict[str, Any]:
    row = found.table.clock(clock.code)
    return {"clock": clock, "row": row, "paused": clock.ended_on is None and is_paused(clock)}
