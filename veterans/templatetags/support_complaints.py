"""What the pages show of complaints and calls."""

from __future__ import annotations

from typing import Any

from django import template

from portal.personal_data.masking import masked_phone
from portal.personal_data.reveals import reveal_address, revealable
from veterans.models import Complaint

register = template.Library()


@register.inclusion_tag("veterans/applications/masked.html", takes_context=True)
def complaint_phone(context: dict[str, Any], complaint: Complaint) -> dict[str, Any]:
    """Show the phone masked, and to whom it may be shown whole a way to ask for it."""
    if not complaint.phone:
        return {"value": "—", "url": ""}
    found = revealable("veterans.Complaint.phone")
    allowed = found is not None and found.may_reveal(context["request"].user, complaint)
    return {
        "value": masked_phone(complaint.phone),
        "url": reveal_address(complaint, "phone") if allowed else "",
    }
