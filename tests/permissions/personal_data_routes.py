"""The addresses of personal data, each with what is sent to it."""

from __future__ import annotations

import uuid
from typing import Any

from tests.permissions.calls import Call


def personal_data_routes(person_id: int) -> dict[str, list[Call]]:
    """Return the calls of every address of personal data by its name.

    Args:
        person_id: of somebody who exists.
    """
    reason: dict[str, Any] = {"reason": "x", "request_id": "x"}
    decision = {"decision": "approve", "note": "x"}
    return {
        "my_data": [Call()],
        "my_data_download": [Call(forms=({}, {"format": "json"}, {"format": "x"}))],
        "consent_withdraw": [Call((4711,))],
        "privacy_notice_current": [Call(("x",))],
        "privacy_notice": [Call(("x", 1))],
        "reveal_value": [
            Call(("people.Person.phone", person_id), forms=({}, reason)),
            Call(("people.User.password", "x"), forms=(reason,)),
        ],
        "reveals": [Call(), Call(query="q=x&page=x")],
        "data_inventory": [Call(), Call(query="page=x")],
        "data_exports": [Call(forms=({}, {"kind": "people", "reason": "x"}))],
        "data_export": [Call((uuid.uuid4(),), forms=({}, decision))],
        "data_export_fetch": [Call((uuid.uuid4(),))],
    }
