"""The addresses of Party branches, each with what is sent to it."""

from __future__ import annotations

from tests.permissions.calls import Call
from tests.permissions.member_routes import member_routes
from tests.permissions.safety_routes import calendar_routes, safety_routes

# No record of this number exists; what is asked is whether the address holds.
NONE = 4711


def activity_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of activities by its name."""
    one = (NONE,)
    return {
        "branch_activities": [
            Call(),
            Call(query="state=x&kind=%00&unit=%27&year=x&sort=x&show=x&page=x&q=x"),
            Call(query="show=reviews&sort=branch&year=2026"),
        ],
        "branch_activities_sheet": [Call(query="state=held")],
        "my_activities": [Call(), Call(query="page=x")],
        "branch_activity_new": [
            Call(query="branch=%00", forms=({}, {"kind": "x", "day": "x", "host": "x"}))
        ],
        "branch_activity": [Call(one)],
        "branch_activity_edit": [Call(one, forms=({}, {"version": "x"}))],
        "branch_activity_step": [
            Call((NONE, code), forms=({}, {"version": "x", "reason": "x"}))
            for code in ("notify", "approve", "sign-off", "supplement", "page", "nothing")
        ],
        "branch_activity_files": [Call(one, forms=({}, {"remove": "x"}))],
        "branch_activity_attendance": [Call(one, forms=({}, {"presence-1": "x", "why": "x"}))],
        "branch_activity_told": [Call((NONE, NONE), forms=({}, {"on": "x"}))],
        "branch_activity_minutes": [Call(one, forms=({}, {"version": "x"}))],
        "branch_activity_vote": [Call(one, forms=({}, {"present": "-1"}))],
        "branch_activity_vote_remove": [Call((NONE, NONE))],
        "branch_activity_done": [Call((NONE, NONE), forms=({}, {"on": "x"}))],
        "branch_activity_screen": [Call(one)],
        "branch_activity_scan": [Call((NONE, "x"))],
        "branch_activity_sign_in": [Call(one)],
        "branch_activity_leave": [Call(one, forms=({}, {"reason": "x"}))],
        "branch_theme_day": [
            Call(query="branch=%00&year=x", forms=({}, {"day": "99"}, {"plan": "1", "host": "x"}))
        ],
        "branch_talks": [Call(), Call(query="page=x")],
        "branch_talk_new": [Call(query="branch=%00", forms=({}, {"talker": "x"}))],
        "branch_talk": [Call(one, forms=({}, {"version": "x"}))],
    }


def branch_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of branches by its name."""
    return {
        **activity_routes(),
        **member_routes(),
        **safety_routes(),
        **calendar_routes(),
        "branch_rules": [Call()],
        "branch_rule": [
            Call((table, 4711), forms=({}, {"good": "x"}))
            for table in ("life", "members", "votes", "x")
        ],
        "branch_handbook": [Call(), Call(query="branch=%00&year=x")],
        "branch_handbook_document": [Call(("none", 2026))],
        "branch_handbook_close": [Call(("none", 2025), forms=({},))],
        "branch_year": [Call(), Call(query="year=x&kind=x&unit=%00")],
        "branch_year_sheet": [Call(query="year=1900")],
        "branch_year_pdf": [Call(query="kind=theme-day")],
        "branch_indicators": [Call(query="unit=%00&show=x"), Call(query="show=bad")],
        "branch_indicators_sheet": [Call()],
        "branch_year_remind": [Call(forms=({},))],
        "branch_year_cell": [Call(("none", "theme-day", 2026, 1), forms=({}, {"reason": "x"}))],
    }
