"""Template tags of the case desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.cases.doors import case_doors_for
from portal.cases.listing import sees_supervision
from portal.cases.permissions import reads_cases

register = template.Library()


@register.inclusion_tag("cases/doors.html", takes_context=True)
def case_doors(context: dict[str, Any]) -> dict[str, Any]:
    """Show the doors of the desk that this account may open."""
    request: HttpRequest = context["request"]
    found = []
    if reads_cases(request.user):
        found.append((_("Case desk"), reverse("case_desk")))
        found.append((_("My relatives"), reverse("case_relatives")))
    if sees_supervision(request.user):
        found.append((_("Supervision"), reverse("case_supervision")))
    found += [(door.title, door.url) for door in case_doors_for(request.user)]
    found.append((_("My applications"), reverse("my_cases")))
    return {
        "doors": [
            {"title": title, "url": url, "current": request.path == url} for title, url in found
        ]
    }
