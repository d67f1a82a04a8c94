"""The addresses of safety work and of the calendar, each with what is sent to it."""

from __future__ import annotations

from tests.permissions.calls import Call

# No row of this number exists; what is asked is whether the address holds.
NONE = 4711


def safety_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of safety work by its name."""
    one, here = (NONE,), ("none",)
    bad = {"day": "x", "version": "x", "kind": "x", "people": "x", "due_on": "x"}
    shown = "branch=%00&state=x&year=x&page=x"
    return {
        "safety_areas": [Call(query=shown)],
        "my_safety": [Call()],
        "safety_area_people": [Call(one, forms=({}, bad))],
        "safety_area_month": [Call(one, forms=({}, bad))],
        "safety_area_close": [Call(one, forms=({}, bad))],
        "safety_pledges": [Call(query=shown), Call(query="state=open")],
        "safety_pledges_sheet": [Call(query="state=signed")],
        "safety_pledge": [Call(one)],
        "safety_pledge_sign": [Call(one, forms=({}, {"digest": "x"}))],
        "safety_pledge_paper": [Call(one, forms=({}, {"scan": "x"}))],
        "safety_pledge_result": [Call(one, forms=({}, {"result": "x"}))],
        "safety_pledge_take_back": [Call(one, forms=({},))],
        "safety_inspections": [Call(query=shown)],
        "safety_hazards": [Call(query=shown), Call(query="state=overdue")],
        "safety_hazards_sheet": [Call(query="state=closed")],
        "safety_hazard": [Call(one)],
        "safety_hazard_removed": [Call(one, forms=({}, bad))],
        "safety_hazard_later": [Call(one, forms=({}, bad))],
        "safety_hazard_check": [Call(one, forms=({}, {"answer": "gone", "version": "x"}))],
        "safety_ledger": [Call(query=shown), Call(query="state=reward")],
        "safety_ledger_sheet": [Call(query="state=penalty")],
        "safety_ledger_take_back": [Call(one, forms=({}, {"reason": "x"}))],
        "safety_area_add": [Call(here, forms=({}, bad))],
        "safety_pledge_add": [Call(here, forms=({}, bad))],
        "safety_inspection_add": [Call(here, forms=({}, bad))],
        "safety_hazard_add": [Call(here, query="inspection=x", forms=({}, bad))],
        "safety_ledger_add": [Call(here, forms=({}, bad))],
    }


def calendar_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of the calendar by its name."""
    return {
        "agenda": [Call()],
        "agenda_month": [Call((2026, 11)), Call((2026, 13))],
        "agenda_subscribe": [Call(forms=({},))],
        "agenda_unsubscribe": [Call(forms=({},))],
        "agenda_feed": [Call(("x",)), Call(("x" * 400,))],
    }
