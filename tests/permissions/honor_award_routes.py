"""The addresses of awards, certificates and records of honors, each with what is sent to it."""

from __future__ import annotations

from tests.permissions.calls import Call

# No award of this number exists; what is asked is whether the address holds.
NONE = 4711


def honor_award_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of awards by its name."""
    one = (NONE,)
    words = {"reason": "x", "number": "x", "decided_on": "x"}
    return {
        "honor_awards": [
            Call(forms=({}, {"words": "x"})),
            Call(query="title=%00&unit=%27&year=x&state=x&page=x"),
            Call(query="state=waiting&year=2026"),
        ],
        "honor_award_new": [
            Call(query="page=4711", forms=({}, {"title": "x", "year": "x", "page": "x"}))
        ],
        "honor_pages": [Call(), Call(query="page=x")],
        "honor_awards_waiting": [Call(), Call(query="page=x")],
        "honor_awards_sheet": [Call(query="year=2026&state=revoked")],
        "honor_award": [Call(one)],
        "honor_award_confirm": [Call(one)],
        "honor_award_discard": [Call(one)],
        "honor_award_page": [Call(one)],
        "honor_award_change": [
            Call((NONE, kind), forms=({}, words))
            for kind in ("suspend", "restore", "revoke", "nothing")
        ],
        "honor_change": [Call(one, forms=({}, {"drop": "1", "answer": "x"}))],
        "honor_reward_new": [Call(one, forms=({}, {"amount": "x"}))],
        "honor_rewards": [Call(), Call(query="year=x&page=x")],
        "honor_rewards_sheet": [Call(query="year=2026")],
        "honor_reward_returned": [Call(one, forms=({}, {"returned_on": "x"}))],
        "honor_reviews": [Call(), Call(query="year=2026&quarter=9"), Call(query="year=x&page=x")],
        "honor_review": [
            Call((NONE, 2026, 2), forms=({}, {"result": "x"})),
            Call((NONE, 1, 9)),
        ],
        "honor_import": [Call(forms=({}, {"sheet": "x"}))],
        "honor_import_template": [Call()],
        "honor_import_preview": [Call(one, forms=({}, {"discard": "yes"}))],
        "honor_import_waiting": [Call(one, forms=({}, {"discard": "yes"}))],
        "honor_statistics": [Call(), Call(query="title=%00&unit=%27&year=x")],
        "honor_statistics_sheet": [Call(query="year=2026")],
        "honor_verification_form": [Call(forms=({}, {"code": "x"}))],
        "honor_verification": [Call(("x",)), Call(("a" * 24,))],
        "honor_certificate": [Call(one)],
        "honor_plate": [Call(one)],
        "honor_batches": [
            Call(query="year=x&title=%00&page=x", forms=({"year": "1950", "plates": "1"},))
        ],
        "honor_batch": [Call(one)],
        "honor_batch_file": [Call(one)],
        "honor_mine": [Call(), Call(query="page=x")],
        "honor_person": [Call(one)],
        "honor_unit": [Call(("none",)), Call(("TEST",), query="page=x")],
    }
