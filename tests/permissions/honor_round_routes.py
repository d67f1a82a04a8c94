"""The addresses of titles, rounds and nominations, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call

# No row of this number exists; what is asked is whether the address holds.
NONE = 4711


def honor_round_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of titles, rounds and nominations by its name."""
    nobody = (uuid.uuid4(),)
    round_ = {"title": "x", "year": "x", "closes_on": "x", "judges": "x", "quotas": "x", "key": "x"}
    broken = {"kind": "x", "brief": "\x00", "deeds": "x", "branch": "x", "submit": "1"}
    rows = {f"{name}-TOTAL_FORMS": "x" for name in ("criteria", "lines", "vetoes", "quotas")}
    return {
        "honor_titles": [Call()],
        "honor_title_new": [Call(forms=({}, {"name": "全国\x00", **rows}))],
        "honor_title": [Call(("safety-model-post",)), Call(("nothing",))],
        "honor_title_edit": [
            Call(("safety-model-post",), forms=({}, {"name": "x", **rows})),
            Call(("nothing",)),
        ],
        "honor_rounds": [Call(), Call(query="page=x")],
        "honor_round_new": [Call(query="title=x", forms=({}, round_))],
        "honor_round_change": [Call(nobody, forms=({}, round_))],
        "honor_nominate": [Call(nobody, forms=({}, broken))],
        "honor_my_nominations": [Call(), Call(query="page=x")],
        "honor_branch_nominations": [Call(), Call(query="page=999")],
        "honor_nomination": [Call((NONE,))],
        "honor_nomination_edit": [Call((NONE,), forms=({}, broken))],
        "honor_nomination_withdraw": [Call((NONE,), forms=({},))],
        "honor_nomination_assess": [Call((NONE,), forms=({}, {"recommends": "x"}))],
        "honor_examine": [Call((NONE,), forms=({}, {"decision": "x", "criteria": ["x"]}))],
        "honor_opinion": [
            Call((NONE, "discipline"), forms=({}, {"verdict": "x"})),
            Call((NONE, "x")),
        ],
        "honor_score": [Call((NONE,), forms=({}, {"line_0": "x"}))],
        "honor_judge_aside": [Call((NONE,), forms=({}, {"words": "x"}))],
        "honor_asked": [Call(), Call(query="page=x")],
        "honor_decisions": [Call(), Call(query="page=999")],
        "honor_investigation": [Call(nobody, forms=({}, {"affects": "x"}))],
    }
