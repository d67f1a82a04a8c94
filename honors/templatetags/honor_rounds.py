"""Template tags of the page of a round."""

from __future__ import annotations

from typing import Any

from django import template

from honors.rounds.reading import Standing, standing_of

register = template.Library()


@register.simple_tag(takes_context=True)
def round_standing(context: dict[str, Any]) -> Standing:
    """Return round, nominations, members, notices and objections of the case of the page."""
    request = context["request"]
    return standing_of(context["case"], request.user, request.GET.get("page"))
