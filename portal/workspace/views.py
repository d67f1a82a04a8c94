"""What waits for the account, what it handed in, and where that stands."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.roles.permissions import is_staff_member
from portal.workdays import calendar
from portal.workspace.submissions import submission_lists, submissions_of
from portal.workspace.tasks import most_urgent, task_lists_of

SUBMISSIONS_PER_PAGE = 20


@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    """Show the tasks of all sources by their last day, and the account's own submissions."""
    lists = task_lists_of(request)
    paginator = Paginator(submissions_of(request.user), SUBMISSIONS_PER_PAGE)
    return render(
        request,
        "workspace/workspace.html",
        {
            "task_lists": lists,
            "urgent": most_urgent(lists, timezone.localdate(), calendar.current()),
            "total": sum(found.count for found in lists),
            "submission_lists": submission_lists(request.user),
            "is_staff_member": is_staff_member(request.user),
            "page_obj": paginator.get_page(request.GET.get("page")),
        },
    )
