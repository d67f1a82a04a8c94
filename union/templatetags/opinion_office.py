"""What the office reads of an opinion on the page of its case."""

from __future__ import annotations

from typing import Any

from django import template

from portal.cases.models import Case
from portal.cases.permissions import is_party, knows_applicant
from portal.roles.permissions import has_role
from union.opinions.dialogue import writes_to_sender
from union.opinions.permissions import may_make_public

register = template.Library()


@register.simple_tag
def opinion_for(case: Case, user: Any) -> dict[str, Any]:
    """Return what an account reads of an opinion: whoever handles it for a unit, no hidden name."""
    opinion = case.subject
    handler = next((party for party in case.table.parties if party.of_lead_unit), None)
    return {
        "opinion": opinion,
        "knows_applicant": knows_applicant(user, case),
        "is_office": has_role(user, *case.table.unit_roles()),
        "handles": handler is not None and is_party(user, case, handler),
        "replies": list(
            opinion.replies.select_related("drafted_by__person", "approved_by__person")
        ),
        "help": list(opinion.help.select_related("unit", "answered_by__person")),
        "may_publish": may_make_public(user, opinion),
        "writes": writes_to_sender(user, case) and not case.standing.final,
    }
