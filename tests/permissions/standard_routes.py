"""The addresses of support standards, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call

# No version of this number exists; what is asked is whether the address holds.
NONE = 4711


def standard_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of the standards by its name."""
    answers = {"category": "V3", "housing_status": "x", "seen": ["category"]}
    return {
        "support_self_check": [
            Call(("housing",), forms=({}, answers)),
            Call(("nothing",)),
        ],
        "support_standard_seen": [
            Call((uuid.uuid4(),), forms=({}, {"version": "1"}, {"version": "x"}))
        ],
        "support_standards": [Call(), Call(query="page=x")],
        "support_standard": [Call((NONE,))],
        "support_standard_difference": [Call((NONE,))],
        "support_standard_propose": [Call((NONE,), forms=({},))],
        "support_standard_publish": [Call((NONE,), forms=({}, {"seen": "x"}))],
        "support_standard_return": [Call((NONE,), forms=({}, {"reason": "x"}))],
        "support_standard_copy": [Call((NONE,), forms=({}, {"effective_from": "x"}))],
        "support_standard_sheet": [Call((NONE,))],
        "support_standard_take_sheet": [Call((NONE,), forms=({},))],
        "support_standard_page": [Call((NONE,), forms=({},))],
        **_publicity_routes(),
    }


def _publicity_routes() -> dict[str, list[Call]]:
    """Return the calls of answers, leaflets, briefings, greetings and consultations."""
    ticked = {f"row-{NONE}": "self", "row-x": "self", "page": "x"}
    days = {"first_day": "2026-12-01", "last_day": "x"}
    return {
        "support_answers": [Call(), Call(query="q=%00&topic=x&item=x&page=x")],
        "support_leaflet": [Call(("nothing",)), Call(("housing",), query="region=x")],
        "support_briefing_sign_up": [Call((NONE,), forms=({}, {"companions": "x"}))],
        "support_briefing_cancel": [Call((NONE,), forms=({},))],
        "support_briefing_attendance": [Call((NONE,), forms=({}, {"came": "x"}))],
        "support_briefing_sheet": [Call((NONE,))],
        "support_greeting_lists": [
            Call(forms=({}, {"festival": "x", "year": "x"}), query="page=x"),
        ],
        "support_greetings": [Call((NONE,), forms=({}, ticked), query="whole=1&page=x")],
        "support_greetings_sheet": [Call((NONE,))],
        "support_greetings_action": [
            Call((NONE, "add"), forms=({},)),
            Call((NONE, "close"), forms=({},)),
        ],
        "support_standard_consult": [Call((NONE,), forms=({}, days))],
        "support_comment": [Call((NONE,), forms=({}, {"text": "x"}))],
        "support_comment_edit": [Call((NONE,), forms=({}, {"text": "x"}))],
        "support_comment_answer": [Call((NONE,), forms=({}, {"outcome": "x", "answer": "x"}))],
        "support_consultation_result": [Call((NONE,), forms=({},))],
    }


def standard_areas() -> tuple[tuple[str, int], ...]:
    """Return the areas of the admin with a key to try."""
    return (("support-items", NONE), ("support-standards", NONE))
