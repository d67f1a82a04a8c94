"""The addresses of senders and clerks of opinions, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call

# No box of this number exists; what is asked is whether the address holds.
NONE = 4711


def opinion_sender_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of senders and clerks by its name."""
    opinion = {"category": "x", "text": "\x00", "accused_unit": "x", "challenge": "x", "key": "x"}
    return {
        "opinion_boxes": [Call(), Call(query="page=x")],
        "opinion_anonymous": [Call((NONE,), forms=({}, opinion))],
        "opinion_receipt": [
            Call(forms=({}, {"receipt": "x"}, {"receipt": "0" * 16, "tail": "x", "kept": "yes"}))
        ],
        "opinion_lookup": [Call(forms=({}, {"receipt": "x"}, {"receipt": "\x00"}))],
        "opinion_follow_up": [
            Call(forms=({}, {"kind": "x"}, {"kind": "message", "receipt": "x", "body": "x"}))
        ],
        "opinion_named": [Call((NONE,), forms=({}, opinion))],
        "opinion_mine": [Call(), Call(query="page=x")],
        "opinion_claim": [
            Call(forms=({}, {"receipt": "x", "mode": "x"}, {"receipt": "x", "sure": "yes"}))
        ],
        "opinion_message": [Call((uuid.uuid4(),), forms=({}, {"body": "x"}))],
        "opinion_entry_boxes": [Call()],
        "opinion_entry": [Call((NONE,), forms=({}, opinion))],
        "opinion_days": [Call(forms=({}, {"day": "x"}))],
        "opinion_quarantine": [Call(query="page=x", forms=({}, {"item": "x"}, {"item": "1"}))],
    }
