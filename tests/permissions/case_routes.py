"""The addresses of cases and of tracking, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call


def case_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of cases by its name; no case of the key exists."""
    nobody = (uuid.uuid4(),)
    key = {"key": str(uuid.uuid4())}
    step = {"seen": "1", "key": str(uuid.uuid4()), "reason": "x", "note": "x"}
    batch = {"step": "veterans-support:accept", "case": [str(uuid.uuid4()), "x"]}
    return {
        "case_desk": [
            Call(),
            Call(query="list=x&flow=x&state=x&unit=%00&due=x&q=%00&order=x&page=x"),
            Call(query="list=all&due=overdue&order=newest&page=999"),
            Call(query="list=all&due=week&q=YJ"),
        ],
        "case_export": [Call(), Call(query="list=all&due=overdue")],
        "case_batch": [
            Call(
                forms=(
                    {},
                    batch,
                    {**batch, "step": "veterans-support:approve"},
                    {**batch, "confirmed": "yes", "key": str(uuid.uuid4())},
                    {**batch, "step": "x", "key": "x"},
                )
            )
        ],
        "my_cases": [Call(), Call(query="page=x")],
        "case_flow": [Call(("veterans-support",)), Call(("nothing",))],
        "case_supervision": [Call(), Call(query="list=orders&page=x")],
        "case_supervision_answer": [Call((4711,), forms=({}, {"words": "x"}))],
        "case": [Call(nobody)],
        "case_step": [Call((*nobody, "accept"), forms=({}, step)), Call((*nobody, "x"))],
        "case_take": [Call(nobody, forms=({}, key))],
        "case_hand_over": [Call(nobody, forms=({}, {**key, "handler": "1", "note": "x"}))],
        "case_stand_aside": [Call(nobody, forms=({}, {**key, "reason": "x"}))],
        "case_extend": [Call(nobody, forms=({}, {**key, "reason": "x"}))],
        "case_extension_decide": [Call(nobody, forms=({}, {**key, "granted": "yes"}))],
        "case_call": [Call((*nobody, 4711), forms=({}, {"result": "x"}))],
        "case_relatives": [
            Call(forms=({}, {"name": "x", "kind": "spouse", "employee_number": "x"}))
        ],
        "case_relatives_all": [Call(), Call(query="page=x")],
        "case_relative_end": [Call((4711,), forms=({},))],
        "case_receipt": [Call(nobody, forms=({}, {"code": "1", "pdf": "yes"}))],
        "case_code": [Call(nobody, forms=({},))],
        "case_draft_delete": [Call(nobody, forms=({},))],
        "track": [Call(forms=({}, {"code": "1" * 16, "tail": "0010"}, {"code": "\x00"}))],
        "track_case": [Call()],
        "track_leave": [Call(forms=({},))],
    }
