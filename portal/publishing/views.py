"""The review pages in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin.views.generic.models import RevisionsCompareView
from wagtail.models import Page, TaskState

from portal.publishing import services
from portal.publishing.forms import ReviewForm
from portal.publishing.permissions import contributors
from portal.publishing.reviews import reviewable_by

REVIEWS_PER_PAGE = 20


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """List what waits for this account's review, oldest first."""
    paginator = Paginator(reviewable_by(request.user), REVIEWS_PER_PAGE)
    return render(
        request,
        "publishing/reviews.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": "", "label": _("To review")},
            ],
        },
    )


def _state_and_page(request: HttpRequest, task_state_id: int) -> tuple[TaskState, Any]:
    """Return a review with its page; refuse whoever may not review the page.

    Raises:
        NotReviewer: the account's roles do not cover the page.
    """
    state = get_object_or_404(
        TaskState.objects.select_related(
            "revision__user__person",
            "finished_by__person",
            "workflow_state__requested_by__person",
        ),
        pk=task_state_id,
    )
    page = get_object_or_404(Page, pk=state.revision.object_id).specific
    services.refuse_stranger(page, request.user)
    return state, page


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """Show the draft under review with its difference from the live page, and decide."""
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # The decision locks and checks everything itself; reading it twice would only cost.
        return _decide(request, task_state_id, form)
    state, page = _state_and_page(request, task_state_id)
    # The form carries the revision that the frame below it shows, and no other.
    form.initial["seen_revision"] = state.revision_id
    shown_revision = state.revision
    if form.is_bound:
        # After a mistake the frame still shows what the form speaks of.
        shown_revision = page.revisions.filter(pk=form.seen_revision_id()).first() or shown_revision
    return render(
        request,
        "publishing/review.html",
        {
            "state": state,
            "reviewed_page": page,
            "revision": shown_revision,
            "form": form,
            "is_open": state.status == TaskState.STATUS_IN_PROGRESS,
            "is_own_work": request.user.pk in contributors(page),
            "live_revision_id": page.live_revision_id if page.live else None,
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": reverse("reviews"), "label": _("To review")},
                {"url": "", "label": page.draft_title},
            ],
        },
        status=422 if form.errors else 200,
    )


def _decide(request: HttpRequest, task_state_id: int, form: ReviewForm) -> HttpResponse:
    arguments: dict[str, Any] = {
        "seen_revision_id": form.cleaned_data["seen_revision"],
        "user": request.user,
        "comment": form.cleaned_data["comment"],
    }
    approving = form.cleaned_data["decision"] == ReviewForm.APPROVE
    try:
        decide = services.approve if approving else services.return_for_changes
        page = decide(task_state_id, **arguments)
    except (TaskState.DoesNotExist, Page.DoesNotExist) as error:
        raise Http404 from error
    if not approving:
        message = _("“%(title)s” was returned to its author.")
    elif services.is_published(page):
        message = _("“%(title)s” is published and archived.")
    else:
        message = _("“%(title)s” is approved and will be published at the set time.")
    messages.success(request, message % {"title": page.draft_title})
    return redirect(reverse("reviews"))


@require_GET
@xframe_options_sameorigin
def review_preview(request: HttpRequest, task_state_id: int, revision_id: int) -> HttpResponse:
    """Show one revision of the page under review as its readers will see it."""
    _state, page = _state_and_page(request, task_state_id)
    revision = get_object_or_404(page.revisions, pk=revision_id)
    draft: Any = revision.as_object()
    response: HttpResponse = draft.make_preview_request(
        request,
        draft.default_preview_mode,
        extra_request_attrs={"revision_id": revision.pk},
    )
    return response


class ReviewDifference(RevisionsCompareView):  # type: ignore[misc]
    """What changed between two revisions, for reviewers who may not edit the page."""

    page_title = gettext_lazy("Difference")
    header_icon = "clipboard-list"

    def setup(
        self,
        request: HttpRequest,
        task_state_id: int,
        revision_id_a: int | str,
        revision_id_b: int,
        **kwargs: Any,
    ) -> None:
        """Find the review, then hand its page to Wagtail's comparison."""
        self.task_state_id = task_state_id
        super().setup(request, task_state_id, revision_id_a, revision_id_b, **kwargs)

    def get_object(self, queryset: Any = None) -> Any:
        """The page under review, for its reviewers only."""
        _state, page = _state_and_page(self.request, self.task_state_id)
        return page

    def get_edit_handler(self) -> Any:
        """The fields the editor shows are the fields that are compared."""
        return self.object.get_edit_handler()

    def get_page_subtitle(self) -> str:
        """The title of the newest draft."""
        return str(self.object.draft_title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way back to the review."""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("reviews"), "label": _("To review")},
            {
                "url": reverse("review", args=[self.task_state_id]),
                "label": self.object.draft_title,
            },
            {"url": "", "label": self.get_page_title()},
        ]


review_difference = ReviewDifference.as_view()
