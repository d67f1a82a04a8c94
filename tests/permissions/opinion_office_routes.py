"""The addresses of the office of opinions and of openness, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call

# No row of this number exists; what is asked is whether the address holds.
NONE = 4711


def opinion_office_routes() -> dict[str, list[Call]]:
    """Return the calls of every address by its name."""
    nobody = (uuid.uuid4(),)
    return {
        "opinion_help_list": [Call(), Call(query="page=x")],
        "opinion_help": [Call((NONE,), forms=({}, {"answer": "x"}))],
        "opinion_matter_new": [Call(forms=({}, {"branch": "x", "category": "x", "key": "x"}))],
        "opinion_limits": [
            Call(forms=({}, {"code": "x", "days": "-1", "effective_from": "x", "clause": "x"}))
        ],
        "opinion_figures": [Call(), Call(query="year=x&from=%00&to=9")],
        "opinion_figures_sheet": [Call(), Call(query="year=1900")],
        "opinion_figures_count": [Call(forms=({}, {"year": "99999"}, {"year": "2026"}))],
        "opinion_bulletin_new": [Call(forms=({}, {"year": "x"}))],
        "opinion_publish": [Call(nobody, forms=({}, {"title": "x"}))],
        "public_replies": [Call(), Call(query="category=%00&changed=x&page=x")],
        "open_management": [Call(), Call(query="category=x&unit=%00&page=x")],
        "disclosure_questions": [Call(), Call(query="page=x")],
        "disclosure_question": [
            Call((NONE,), forms=({}, {"answer": "x"}, {"release": "yes", "seen": "x"}))
        ],
        "disclosure_ask": [Call((NONE,), forms=({}, {"text": "x"}))],
    }
