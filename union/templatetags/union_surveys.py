"""The doors to surveys on the front page of the union."""

from __future__ import annotations

from typing import Any

from django import template

from union.surveys.permissions import may_see_office
from union.surveys.reading import open_invitations

register = template.Library()


@register.inclusion_tag("union/surveys/doors.html", takes_context=True)
def survey_doors(context: dict[str, Any]) -> dict[str, Any]:
    """Say what waits for the reader, and lead to the office whoever works there."""
    user = context["request"].user
    person_id = getattr(user, "person_id", None)
    waiting = (
        open_invitations(person_id).filter(is_done=False).count() if person_id is not None else 0
    )
    return {"is_known": user.is_authenticated, "waiting": waiting, "office": may_see_office(user)}
