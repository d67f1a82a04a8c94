"""Template tags of the office of honors."""

from __future__ import annotations

from typing import Any

from django import template

from honors.office import doors_for

register = template.Library()


@register.inclusion_tag("honors/doors.html", takes_context=True)
def honor_doors(context: dict[str, Any]) -> dict[str, Any]:
    """Show the doors of the office of honors that this account may open."""
    request = context["request"]
    return {
        "doors": [
            {"title": door.title, "url": door.url, "current": request.path == door.url}
            for door in doors_for(request.user)
        ]
    }
