"""The documentation of a flow, made from its table: nothing in it can be out of date."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.cases.consequences import clock_sentence
from portal.cases.diagram import drawing_of
from portal.cases.flow import PREVIOUS, Flow, PartyKind, Transition, UnknownFlow, flow, flows
from portal.cases.reminders import guards_of
from portal.roles.table import ROLES


def _party_row(table: Flow, code: str) -> dict[str, Any]:
    party = table.party(code)
    return {"name": party.name, "roles": [ROLES[role].name for role in party.roles]}


def _transition_row(table: Flow, number: int, row: Transition) -> dict[str, Any]:
    target = _("back to where it was") if row.target == PREVIOUS else table.state(row.target).name
    return {
        "number": number,
        "row": row,
        "guards": guards_of(table, row),
        "sources": [table.state(code).name for code in row.sources],
        "target": target,
        "parties": [table.party(code).name for code in row.parties],
        "by_portal": all(table.party(code).kind is PartyKind.SYSTEM for code in row.parties),
        "distinct_from": [table.transition(code).name for code in row.distinct_from],
        "clocks": [clock_sentence(table, code, action) for code, action in row.clocks],
    }


@require_safe
def case_flow(request: HttpRequest, code: str) -> HttpResponse:
    """Show states, steps and time limits of a flow, with a diagram.

    Raises:
        Http404: no flow has this code.
    """
    try:
        table = flow(code)
    except UnknownFlow as error:
        raise Http404(_("There is no such flow.")) from error
    return render(
        request,
        "cases/flow.html",
        {
            "flow": table,
            "flows": flows(),
            "drawing": drawing_of(table),
            "parties": [_party_row(table, party.code) for party in table.parties],
            "states": [
                {
                    "state": state,
                    "party": table.party(state.party).name if state.party else "",
                    "clock": table.clock(state.clock).name if state.clock else "",
                }
                for state in table.states
            ],
            "transitions": [
                _transition_row(table, number, row)
                for number, row in enumerate(table.transitions, start=1)
            ],
            "clocks": [
                {
                    "clock": clock,
                    "then": table.transition(clock.then).name if clock.then else "",
                }
                for clock in table.clocks
            ],
        },
    )
