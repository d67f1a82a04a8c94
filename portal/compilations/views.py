"""The desk of those who write compilations: all of them, drafts too."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.compilations.models import CompilationIndexPage, CompilationPage
from portal.compilations.permissions import may_compile
from portal.publishing.reviews import with_review_status

ROWS_PER_PAGE = 20


@never_cache
@require_safe
def compilations(request: HttpRequest) -> HttpResponse:
    """List compilations in every state, the last change first.

    Raises:
        PermissionDenied: the account writes no compilations.
    """
    if not may_compile(request.user):
        raise PermissionDenied
    rows = with_review_status(CompilationPage.objects.all())
    rows = rows.order_by("-latest_revision_created_at", "-pk")
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.may_edit = row.permissions_for_user(request.user).can_edit()
    context = {"page_obj": page, "front": CompilationIndexPage.objects.first()}
    return render(request, "compilations/compilations.html", context)
