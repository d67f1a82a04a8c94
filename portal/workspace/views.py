"""What waits for the account, what it wrote, and where that stands."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.publishing.reviews import reviewable_by
from portal.roles.permissions import is_staff_member
from portal.workspace.submissions import submissions_of
from portal.workspace.tasks import task_lists

SUBMISSIONS_PER_PAGE = 20


@require_GET
def workspace(request: HttpRequest) -> HttpResponse:
    """Show the reviews that wait and the account's own pages with their state."""
    paginator = Paginator(submissions_of(request.user), SUBMISSIONS_PER_PAGE)
    return render(
        request,
        "workspace/workspace.html",
        {
            "reviews": reviewable_by(request.user),
            "task_lists": task_lists(request.user),
            "is_staff_member": is_staff_member(request.user),
            "page_obj": paginator.get_page(request.GET.get("page")),
        },
    )
