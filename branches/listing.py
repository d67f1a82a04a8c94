"""The list of activities on a branch's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from portal.pages.listing import Filters
from portal.pages.models import Publication

if TYPE_CHECKING:
    from branches.models import BranchPage


def branch_activities(page: BranchPage, request: HttpRequest) -> dict[str, Any]:
    """Return the branch's published activities, newest first, one page at a time."""
    visible = Publication.objects.visible_to(request.user).of_kind("activity").of_unit(page.branch)
    # All lie in this branch, so its unit is no choice.
    return {**Filters(visible, request).context(request), "filter_units": []}
