"""Template tags of the archive office."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from portal.archives.models import RetentionPeriod
from portal.archives.office import DoorGroup, doors_for
from portal.archives.sources import publishable_kinds, subkinds_of

register = template.Library()


#: With more doors than this, the group that one is in is shown and the others by their names.
MOST_TOGETHER = 6


@register.inclusion_tag("archives/office_doors.html", takes_context=True)
def office_doors(context: dict[str, Any]) -> dict[str, Any]:
    """Show the doors of the office that this account may open, with what waits behind them."""
    request: HttpRequest = context["request"]
    doors = doors_for(request.user)
    above = [door.url for door in doors if request.path.startswith(door.url)]
    current = max(above, key=len, default="")
    shown = [
        {
            "title": door.title,
            "url": door.url,
            "group": door.group,
            "current": door.url == current,
            "waiting": door.waiting(request.user) if door.waiting else None,
        }
        for door in doors
    ]
    if len(shown) <= MOST_TOGETHER:
        return {"request": request, "doors": shown}
    here = next((door["group"] for door in shown if door["current"]), shown[0]["group"])
    return {
        "request": request,
        "doors": [door for door in shown if door["group"] == here],
        "groups": _groups(shown, here),
    }


def _groups(doors: list[dict[str, Any]], here: DoorGroup) -> list[dict[str, Any]]:
    """Return the groups of doors, each with the address of its first and all that waits."""
    found = []
    for group in DoorGroup:
        if inside := [door for door in doors if door["group"] == group]:
            found.append(
                {
                    "title": group.label,
                    "url": inside[0]["url"],
                    "current": group == here,
                    "waiting": sum(door["waiting"] or 0 for door in inside),
                }
            )
    return found


@register.filter
def period_name(code: str) -> str:
    """Return the name of a retention period by its code; nothing for an empty one."""
    return str(RetentionPeriod(code).label) if code else ""


@register.filter
def record_kind(kind: str) -> str:
    """Return the name of a kind of record; an unknown code is shown as it is."""
    return str(publishable_kinds().get(kind, kind))


@register.simple_tag
def record_subkind(kind: str, subkind: str) -> str:
    """Return the name of what is told apart within a kind."""
    return str(subkinds_of(kind).get(subkind, subkind)) if subkind else ""
