"""Who reads which suggestions, who scores them, who keeps the register of awards."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from portal.cases.models import Case
from portal.cases.permissions import is_party, must_stand_aside, units_condition, units_of
from portal.people.models import User
from portal.roles.permissions import has_role, is_external
from union.models import Suggestion

FLOW = "union-suggestion"
REVIEWER_ROLES = ("opinion_handler", "union_staff")
SCORER_ROLES = ("union_staff", "party_staff", "opinion_handler")
REGISTER_ROLES = ("union_staff", "union_chair", "discipline_auditor")
# What was adopted, and what became of it, is for everybody who works here.
OPEN_STATES = ("adopted", "implemented", "verified", "awarded", "closed")
SCORER = "scorer"


def reads_suggestions(user: Any) -> bool:
    """Whether the list of suggestions is for this account: for those who work here."""
    return isinstance(user, User) and user.person_id is not None and not is_external(user)


def reads_register(user: Any) -> bool:
    """Whether the account reads the register of awards and the figures."""
    return has_role(user, *REGISTER_ROLES)


def visible_suggestions(user: Any) -> QuerySet[Suggestion]:
    """Return the suggestions an account may read.

    Authors read their own, reviewers those of their unit, the union and the auditor all, everybody
    else what was adopted.
    """
    handed_in = Suggestion.objects.filter(case__sequence__gt=0)
    if not reads_suggestions(user):
        return handed_in.none()
    if reads_register(user):
        return handed_in
    condition = Q(case__state__in=OPEN_STATES) | Q(case__applicant=user.person_id)
    condition |= Q(co_authors=user.person_id)
    inside = units_condition(units_of(user, ("opinion_handler",)))
    if inside is not None:
        condition |= Q(case__in=Case.objects.filter(inside, flow=FLOW))
    return handed_in.filter(condition).distinct()


def may_change(user: Any, case: Case) -> bool:
    """Whether the account may still change a suggestion: its author, before it is handed in."""
    own = case.applicant_id is not None and case.applicant_id == getattr(user, "person_id", None)
    return own and case.state in ("draft", "deferred")


def is_scorer(user: Any, case: Case) -> bool:
    """Whether the account scores a suggestion: a role of scorers, and neither author nor kin."""
    party = case.table.party(SCORER)
    return is_party(user, case, party) and not must_stand_aside(user, case)
