"""Template tags that show ways from a unit or a person to what subjects keep of them."""

from __future__ import annotations

from typing import Any

from django import template

from portal.record_links import person_links as links_of_person
from portal.record_links import unit_links as links_of_unit

register = template.Library()


@register.inclusion_tag("components/record_links.html", takes_context=True)
def unit_links(context: dict[str, Any], unit: Any) -> dict[str, Any]:
    """Show the ways from a unit."""
    return {"links": links_of_unit(unit, context["request"].user) if unit else []}


@register.inclusion_tag("components/record_links.html", takes_context=True)
def person_links(context: dict[str, Any], person: Any) -> dict[str, Any]:
    """Show the ways from a person."""
    return {"links": links_of_person(person, context["request"].user)}
