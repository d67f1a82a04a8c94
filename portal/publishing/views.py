"""The review pages in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.models import Page, TaskState

from portal.publishing import services
from portal.publishing.forms import ReviewForm
from portal.publishing.permissions import contributors
from portal.publishing.refusals import NotReviewer
from portal.publishing.reviews import reviewable_by
from portal.roles.permissions import may_review

REVIEWS_PER_PAGE = 20


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """List what waits for this account's review, oldest first."""
    paginator = Paginator(reviewable_by(request.user), REVIEWS_PER_PAGE)
    return render(
        request,
        "publishing/reviews.html",
        {"page_obj": paginator.get_page(request.GET.get("page"))},
    )


def _state_and_page(task_state_id: int) -> tuple[TaskState, Any]:
    state = get_object_or_404(
        TaskState.objects.select_related("revision__user__person", "finished_by__person"),
        pk=task_state_id,
    )
    page = get_object_or_404(Page, pk=state.revision.object_id).specific
    return state, page


def _refuse_stranger(request: HttpRequest, page: Any) -> None:
    if not may_review(request.user, getattr(page, "section", ""), page.get_unit()):
        raise NotReviewer(_("Your role does not cover this section or unit."))


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """Show the draft under review with its difference from the live page, and decide."""
    state, page = _state_and_page(task_state_id)
    _refuse_stranger(request, page)
    form = ReviewForm(request.POST or None, initial={"seen_revision": page.latest_revision_id})
    if request.method == "POST" and form.is_valid():
        return _decide(request, state, form)
    return render(
        request,
        "publishing/review.html",
        {
            "state": state,
            "reviewed_page": page,
            "revision": state.revision,
            "form": form,
            "is_open": state.status == TaskState.STATUS_IN_PROGRESS,
            "is_own_work": request.user.pk in contributors(page),
            "live_revision_id": page.live_revision_id,
        },
        status=422 if form.errors else 200,
    )


def _decide(request: HttpRequest, state: TaskState, form: ReviewForm) -> HttpResponse:
    arguments: dict[str, Any] = {
        "seen_revision_id": form.cleaned_data["seen_revision"],
        "user": request.user,
        "comment": form.cleaned_data["comment"],
    }
    if form.cleaned_data["decision"] == ReviewForm.APPROVE:
        page = services.approve(state.pk, **arguments)
        page.refresh_from_db()
        if page.live:
            message = _("“%(title)s” is published and archived.")
        else:
            message = _("“%(title)s” is approved and will be published at the set time.")
    else:
        page = services.return_for_changes(state.pk, **arguments)
        message = _("“%(title)s” was returned to its author.")
    messages.success(request, message % {"title": page.draft_title})
    return redirect(reverse("reviews"))


@require_GET
@xframe_options_sameorigin
def review_preview(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """Show the draft under review as its readers will see it."""
    state, page = _state_and_page(task_state_id)
    _refuse_stranger(request, page)
    draft: Any = state.revision.as_object()
    response: HttpResponse = draft.make_preview_request(
        request,
        draft.default_preview_mode,
        extra_request_attrs={"revision_id": state.revision_id},
    )
    return response
