"""The addresses of applications for support, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call

PARTS = ("about", "questions", "materials", "bank", "consent")


def application_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of applications by its name."""
    # No case has this number; what is asked is whether the address holds.
    nobody = uuid.uuid4()
    typed = {"name": "x", "answer": "x", "material": "x", "remove": "x", "bank_card": "x"}
    return {
        "support_start": [Call(("housing",), forms=({},)), Call(("nothing",), forms=({},))],
        "support_application": [Call((nobody,))],
        "support_part": [
            *(Call((nobody, part), query="question=x", forms=({}, typed)) for part in PARTS),
            Call((nobody, "nothing")),
        ],
        "support_check": [Call((nobody,))],
        "support_hand_in": [Call((nobody,), forms=({}, {"key": "x"}))],
        "support_letter": [Call((nobody, 1)), Call((nobody, 4711))],
    }
