"""What the pages of a case show of a proposal."""

from __future__ import annotations

from typing import Any

from django import template

from portal.personal_data.masking import masked_phone
from portal.personal_data.reveals import reveal_address, revealable
from union.models import Proposal
from union.proposals.guards import needed_seconders
from union.proposals.permissions import may_change
from union.proposals.supporters import Supporter, supporters_of

register = template.Library()


@register.filter
def supporters(proposal: Proposal) -> list[Supporter]:
    """Return who stands behind a proposal."""
    return supporters_of(proposal)


@register.filter
def seconders_needed(proposal: Proposal) -> int:
    """Return how many seconders it needs."""
    return needed_seconders(proposal)


@register.simple_tag(takes_context=True)
def can_change(context: dict[str, Any], proposal: Proposal) -> bool:
    """Whether who reads may still change the text."""
    return may_change(context["request"].user, proposal.case)


@register.simple_tag(takes_context=True)
def proposal_phone(context: dict[str, Any], proposal: Proposal) -> dict[str, Any]:
    """Return the masked phone, and to whom it may be shown whole the way to ask for it."""
    if not proposal.phone:
        return {"value": "—", "url": ""}
    found = revealable("union.Proposal.phone")
    allowed = found is not None and found.may_reveal(context["request"].user, proposal)
    return {
        "value": masked_phone(proposal.phone),
        "url": reveal_address(proposal, "phone") if allowed else "",
    }
