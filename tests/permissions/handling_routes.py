"""The addresses of payments, appeals, ratings and statistics, each with what is sent to it."""

from __future__ import annotations

import uuid

from tests.permissions.calls import Call

# No row of this number exists; what is asked is whether the address holds.
NONE = 4711


def handling_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of the handling of support by its name."""
    nobody = (uuid.uuid4(),)
    return {
        "support_payments": [
            Call(),
            Call(query="year=x&month=13&item=%00&unit=%00&state=x&page=x"),
        ],
        "support_payments_sheet": [Call(), Call(query="year=2026&month=1")],
        "support_payment_lists": [Call(), Call(query="page=x")],
        "support_payment_list_new": [
            Call(("housing",), forms=({}, {"case": ["x", str(uuid.uuid4())]})),
            Call(("housing",), forms=({"benefit": ["x", str(uuid.uuid4())]},)),
            Call(("nothing",)),
        ],
        "support_payment_list": [Call((NONE,))],
        "support_payment_list_paid": [Call((NONE,), forms=({}, {"payment": ["x", "1"]}))],
        "support_payment_list_sheet": [Call((NONE,))],
        "support_year_failed": [Call((NONE,), forms=({}, {"reason": "x"}))],
        "support_year_taken_back": [Call((NONE,), forms=({}, {"reason": "x"}))],
        "support_budgets": [
            Call(query="year=x", forms=({}, {"item": "x", "amount": "-1"})),
        ],
        "support_budget_approve": [Call((NONE,), forms=({},))],
        "support_limits": [Call(), Call(query="page=x")],
        "support_limit_new": [
            Call(("approval",), forms=({}, {"effective_from": "x", "up_to_union_chair": "-1"})),
            Call(("handling",)),
        ],
        "support_limit_new_of": [
            Call(("handling", "complaint"), forms=({}, {"days": "x", "kind": "x"})),
            Call(("handling", "nothing")),
        ],
        "support_limit": [Call((NONE,), forms=({}, {"accepted": "x"}, {"accepted": "yes"}))],
        "support_appeal_new": [Call(nobody, forms=({}, {"reason": "x", "key": "x"}))],
        "support_appeal_letter": [Call(nobody)],
        "support_statistics": [Call(), Call(query="year=x&item=%00&unit=%00")],
        "support_statistics_sheet": [Call(), Call(query="year=1900")],
        "support_bulletin": [Call()],
        "support_statistics_count": [Call(forms=({}, {"year": "99999"}, {"year": "2026"}))],
        "support_follow_ups": [Call(), Call(query="state=x&page=x")],
        "support_follow_up": [Call((NONE,), forms=({}, {"state": "open", "words": "x"}))],
        "support_visits": [Call(), Call(query="conclusion=x&page=x")],
        "support_visit_new": [Call(nobody, forms=({}, {"visited_on": "x"}))],
        "support_complaint_new": [
            Call(forms=({}, {"channel": "x", "number": "x", "key": "x", "phone": "x"}))
        ],
        "support_recoveries": [Call(), Call(query="state=x&page=x")],
        "support_recovery_new": [Call(nobody, forms=({}, {"amount": "x"}))],
        "support_recovery": [Call((NONE,), forms=({}, {"action": "x"}, {"action": "decide"}))],
    }
