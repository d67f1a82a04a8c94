"""Who runs surveys, and who looks on.

Source: the column of surveys in the roles chapter of the domain facts: the union officer runs
them, the chair supervises; surveys of the effect of veterans' support are run by the service
officer.
"""

from __future__ import annotations

from typing import Any

from portal.roles.permissions import has_role
from union.models import Survey, SurveyOffice

RUNNERS: dict[str, str] = {
    SurveyOffice.UNION: "union_staff",
    SurveyOffice.VETERANS: "veterans_officer",
}
LOOK_ON: dict[str, tuple[str, ...]] = {
    SurveyOffice.UNION: ("union_chair", "discipline_auditor"),
    SurveyOffice.VETERANS: ("union_chair", "discipline_auditor"),
}


def run_offices(user: Any) -> list[str]:
    """Return the offices whose surveys an account designs, launches and closes."""
    return [office for office, role in RUNNERS.items() if has_role(user, role)]


def seen_offices(user: Any) -> list[str]:
    """Return the offices whose surveys an account sees in the office, in counts only."""
    own = run_offices(user)
    return [office for office, roles in LOOK_ON.items() if office in own or has_role(user, *roles)]


def may_keep_questions(user: Any) -> bool:
    """Whether the account writes the question bank, which both offices share."""
    return bool(run_offices(user))


def may_see_office(user: Any) -> bool:
    """Whether the account sees any survey in the office."""
    return bool(seen_offices(user))


def may_run(user: Any, survey: Survey) -> bool:
    """Whether the account runs this survey."""
    return survey.office in run_offices(user)


def may_see(user: Any, survey: Survey) -> bool:
    """Whether the account sees this survey in the office."""
    return survey.office in seen_offices(user)
