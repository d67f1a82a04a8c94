"""The addresses of proposals, the congress and suggestions, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call

# No row of this number exists; what is asked is whether the address holds.
NONE = 4711


def proposal_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of proposals and suggestions by its name."""
    nobody = (uuid.uuid4(),)
    broken = {"subject": "\x00", "category": "x", "reasons": "x", "key": "x", "submit": "1"}
    return {
        "proposals": [
            Call(),
            Call(query="session=x&category=x&state=x&q=%00&mine=x&order=x&page=x"),
        ],
        "proposal_new": [Call((NONE,), forms=({}, broken))],
        "proposal": [Call(nobody)],
        "proposal_edit": [Call(nobody, forms=({}, broken))],
        "proposal_second": [Call(nobody, forms=({}, {"withdraw": "1"}))],
        "proposal_opinion": [Call((NONE,), forms=({}, {"opinion": "x"}))],
        "congress": [
            Call(
                query="page=x",
                forms=(
                    {},
                    {"kind": "term", "term-number": "x"},
                    {"kind": "session", "session-term": "x", "session-opens_on": "x"},
                    {"kind": "x"},
                ),
            )
        ],
        "congress_delegates": [Call((NONE,), forms=({}, {"numbers": "x", "valid_from": "x"}))],
        "congress_mandate_end": [Call((NONE,), forms=({}, {"valid_to": "x"}))],
        "congress_report": [Call((NONE,))],
        "congress_report_pdf": [Call((NONE,))],
        "congress_sheet": [Call((NONE,))],
        "congress_report_action": [
            Call((NONE, "publish"), forms=({}, {"seen": "x"})),
            Call((NONE, "best"), forms=({"best": ["x"]},)),
            Call((NONE, "x")),
        ],
        "suggestions": [Call(), Call(query="class=x&state=x&q=%00&list=x&page=x")],
        "suggestion_new": [
            Call(forms=({}, {"title": "\x00", "unit": "x", "expected_benefit": "-1", "key": "x"}))
        ],
        "suggestion": [Call(nobody)],
        "suggestion_edit": [Call(nobody, forms=({}, {"title": "x"}))],
        "suggestion_score": [Call(nobody, forms=({}, {"points-technique": "31"}))],
        "suggestion_register": [Call(), Call(query="year=x&page=x")],
        "suggestion_sheet": [Call(query="year=99999")],
    }
