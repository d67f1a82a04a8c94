"""The addresses of objections to public notices, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call


def notice_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of objections by its name; none of them exists."""
    answer = {"decision": "upheld", "answer": "经核查，异议成立，名单有误。", "final": "on"}
    return {
        "objections": [Call(), Call(query="state=x&page=x"), Call(query="state=open&page=999")],
        "my_objections": [Call(), Call(query="page=x")],
        "objection_new": [Call((uuid.uuid4(),), forms=({}, {"reason": "x", "truthful": "on"}))],
        "objection": [Call((uuid.uuid4(),))],
        "objection_answer": [Call((uuid.uuid4(),), forms=({}, answer))],
    }
