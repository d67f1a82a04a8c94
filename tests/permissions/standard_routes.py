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
    }


def standard_areas() -> tuple[tuple[str, int], ...]:
    """Return the areas of the admin with a key to try."""
    return (("support-items", NONE), ("support-standards", NONE))
