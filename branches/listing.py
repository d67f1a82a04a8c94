"""The list of activities on a branch's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from portal.pages.listing import filtered
from portal.pages.models import Publication
from portal.pages.models.base import PAGE_SIZE

if TYPE_CHECKING:
    from branches.models import BranchPage


def branch_activities(page: BranchPage, request: HttpRequest) -> dict[str, Any]:
    """Return the branch's published activities, newest first, one page at a time."""
    visible = Publication.objects.visible_to(request.user).of_kind("activity").of_unit(page.branch)
    publications, chosen, problems = filtered(visible, request, [page.branch])
    paginator = Paginator(publications.listed(), PAGE_SIZE)
    years = visible.order_by("-year").values_list("year", flat=True).distinct()
    return {
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
        "filters": chosen,
        "filter_problems": problems,
        "filter_years": list(years),
        "query_string": f"year={chosen['year']}" if chosen["year"] else "",
    }
