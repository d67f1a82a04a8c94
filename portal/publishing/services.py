"""The writes of the review: submit, approve what was seen, return, withdraw."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState, WorkflowState

from portal.people.models import User
from portal.publishing.context import act_as
from portal.publishing.permissions import contributors
from portal.publishing.refusals import AlreadyDecided, NewerDraft, NotReviewer, OwnWork
from portal.roles.permissions import may_review


def _locked_state(task_state_id: int) -> TaskState:
    state: TaskState = (
        TaskState.objects.select_for_update(of=("self",))
        .select_related("revision", "finished_by__person", "workflow_state", "task")
        .get(pk=task_state_id)
    )
    return state


def _refuse_decided(state: TaskState, page: Page) -> None:
    if state.status == TaskState.STATUS_IN_PROGRESS:
        return
    who = state.finished_by or _("the system")
    when = timezone.localtime(state.finished_at) if state.finished_at else None
    raise AlreadyDecided(
        _("%(who)s already dealt with “%(title)s” at %(when)s: %(decision)s.")
        % {
            "who": who,
            "title": page.draft_title or page.title,
            "when": when.strftime("%Y-%m-%d %H:%M") if when else "—",
            "decision": state.get_status_display(),
        },
        [
            (_("See the history"), reverse("wagtailadmin_pages:history", args=[page.pk])),
            (_("Back to my reviews"), reverse("reviews")),
        ],
    )


def _refuse_reviewer(page: Any, user: User) -> None:
    if not may_review(user, getattr(page, "section", ""), page.get_unit()):
        raise NotReviewer(_("Your role does not cover this section or unit."))
    if user.pk in contributors(page):
        raise OwnWork(
            _("You wrote or changed “%(title)s”. Please ask a colleague to review it.")
            % {"title": page.draft_title},
            [(_("Back to my reviews"), reverse("reviews"))],
        )


def _refuse_newer_draft(state: TaskState, page: Page, seen_revision_id: int) -> None:
    newest = page.latest_revision_id
    if state.revision_id == seen_revision_id == newest:
        return
    raise NewerDraft(
        _(
            "The draft of “%(title)s” changed after you opened it. Nothing was published. "
            "Please read the difference and review again."
        )
        % {"title": page.draft_title},
        [
            (
                _("See the difference"),
                reverse(
                    "wagtailadmin_pages:revisions_compare", args=[page.pk, seen_revision_id, newest]
                ),
            ),
            (_("Review the newer draft"), reverse("review", args=[state.pk])),
        ],
    )


def _checked_page(state: TaskState, user: User, seen_revision_id: int) -> Any:
    # The page row is locked with the review, so a draft saved at the same moment waits.
    page = Page.objects.select_for_update(of=("self",)).get(pk=state.revision.object_id).specific
    _refuse_decided(state, page)
    _refuse_reviewer(page, user)
    _refuse_newer_draft(state, page, seen_revision_id)
    return page


def approve(task_state_id: int, *, seen_revision_id: int, user: User, comment: str = "") -> Page:
    """Approve the revision the reviewer saw and publish exactly that one.

    Raises:
        AlreadyDecided: somebody else acted first.
        NotReviewer: the account's roles do not cover the page.
        OwnWork: the reviewer wrote part of the draft.
        NewerDraft: the draft changed after the reviewer opened it.
    """
    page_id = int(
        TaskState.objects.values_list("revision__object_id", flat=True).get(pk=task_state_id)
    )
    approved = frozenset([page_id, *_alias_tree(page_id)])
    # The authority must last until the commit, where the capture asks for it.
    with (
        act_as(user_id=user.pk, reviewer_id=user.pk, approved_page_ids=approved),
        transaction.atomic(),
    ):
        state = _locked_state(task_state_id)
        page: Page = _checked_page(state, user, seen_revision_id)
        state.specific.approve(user=user, comment=comment)
    return page


def _alias_tree(page_id: int) -> list[int]:
    found: list[int] = []
    frontier = [page_id]
    while frontier:
        frontier = list(Page.objects.filter(alias_of_id__in=frontier).values_list("pk", flat=True))
        found += frontier
    return found


@transaction.atomic
def return_for_changes(
    task_state_id: int, *, seen_revision_id: int, user: User, comment: str
) -> Page:
    """Return a draft to its author with what should change.

    Raises: the same refusals as `approve`.
    """
    state = _locked_state(task_state_id)
    page: Page = _checked_page(state, user, seen_revision_id)
    state.specific.reject(user=user, comment=comment)
    return page


@transaction.atomic
def submit_for_review(page: Any, user: User) -> WorkflowState:
    """Start the review of the newest draft of a page."""
    state: WorkflowState = page.get_workflow().start(page, user)
    return state
