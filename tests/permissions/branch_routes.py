"""The addresses of Party branches, each with what is sent to it."""

from __future__ import annotations

from tests.permissions.calls import Call


def branch_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of branches by its name."""
    return {
        "branch_year": [Call(), Call(query="year=x&kind=x&unit=%00")],
        "branch_year_sheet": [Call(query="year=1900")],
        "branch_year_pdf": [Call(query="kind=theme-day")],
        "branch_year_remind": [Call(forms=({},))],
        "branch_year_cell": [Call(("none", "theme-day", 2026, 1), forms=({}, {"reason": "x"}))],
    }
