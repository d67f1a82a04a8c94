"""The doors of the office on the front page of veterans' support."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from veterans.publicity.permissions import may_read_greetings
from veterans.standards.permissions import may_see_drafts


def office_doors(user: Any) -> list[tuple[str, str]]:
    """Return address and name of the office pages an account may open."""
    doors = []
    if may_see_drafts(user):
        doors.append((reverse("support_standards"), _("Support standards")))
    if may_read_greetings(user):
        doors.append((reverse("support_greeting_lists"), _("Lists of greetings")))
    return doors
