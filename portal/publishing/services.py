"""The writes of the review: submit, approve what was seen, return, withdraw."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState, WorkflowState

from portal.archives.actors import act_as
from portal.archives.statements import FixedRead
from portal.people.models import User
from portal.publishing import approvals
from portal.publishing.permissions import contributors
from portal.publishing.refusals import AlreadyDecided, NewerDraft, NotReviewer, OwnWork
from portal.roles.permissions import may_review

_page_id_read = FixedRead(
    lambda key: TaskState.objects.filter(pk=key).values_list("revision__object_id"), int
)
_aliases_read = FixedRead(
    lambda key: Page.objects.filter(alias_of_id=key).order_by().values_list("pk"), int
)
_page_lock = FixedRead(
    lambda key: (
        Page.objects.select_for_update(of=("self",))
        .filter(pk=key)
        .order_by()
        .values_list("content_type_id")
    ),
    int,
)
_state_lock = FixedRead(
    lambda key: (
        TaskState.objects.select_for_update(of=("self",))
        .select_related("revision", "workflow_state", "task")
        .filter(pk=key)
        .order_by()
    ),
    int,
)
_is_out_read = FixedRead(
    lambda key: (
        Page.objects.filter(pk=key, live=True, has_unpublished_changes=False)
        .order_by()
        .values_list("pk")
    ),
    int,
)


@cache
def _specific_read(model: Any) -> FixedRead:
    return FixedRead(lambda key: model._default_manager.filter(pk=key).order_by(), int)


def _page_id(task_state_id: int) -> int:
    row = _page_id_read.first(task_state_id)
    if row is None:
        raise TaskState.DoesNotExist
    return int(row[0])


def lock_page(page_id: int) -> int:
    """Lock the row of a page until the end of the transaction; return the key of its type.

    The page is locked before its review and its revisions, in the order in which a draft is
    saved, so that a draft saved at the same moment waits instead of running into a deadlock.

    Raises:
        Page.DoesNotExist: there is none.
    """
    row = _page_lock.first(page_id)
    if row is None:
        raise Page.DoesNotExist
    return int(row[0])


def _locked_page(page_id: int) -> Any:
    model: Any = ContentType.objects.get_for_id(lock_page(page_id)).model_class()
    return _specific_read(model).first(page_id)


def _locked_state(task_state_id: int) -> TaskState:
    state: TaskState | None = _state_lock.first(task_state_id)
    if state is None:
        raise TaskState.DoesNotExist
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


def refuse_stranger(page: Any, user: Any) -> None:
    """Refuse whoever may not review the page's section and unit.

    Raises:
        NotReviewer: the account's roles do not cover the page.
    """
    if not may_review(user, getattr(page, "section", ""), page.get_unit()):
        raise NotReviewer(_("Your role does not cover this section or unit."))


def _refuse_reviewer(page: Any, user: User) -> None:
    refuse_stranger(page, user)
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
                reverse("review_difference", args=[state.pk, seen_revision_id, newest]),
            ),
            (_("Review the newer draft"), reverse("review", args=[state.pk])),
        ],
    )


def _open_review(
    task_state_id: int, page_id: int, user: User, seen_revision_id: int
) -> tuple[TaskState, Any]:
    page = _locked_page(page_id)
    state = _locked_state(task_state_id)
    _refuse_reviewer(page, user)
    _refuse_decided(state, page)
    _refuse_newer_draft(state, page, seen_revision_id)
    _make_known(state, page)
    return state, page


def _make_known(state: TaskState, page: Any) -> None:
    """Give the review what was just read under its locks, so that Wagtail does not read it anew."""
    state.revision.content_object = page
    state.revision.object_id = str(page.pk)
    if state.workflow_state.current_task_state_id == state.pk:
        state.workflow_state.current_task_state = state


def approve(task_state_id: int, *, seen_revision_id: int, user: User, comment: str = "") -> Page:
    """Approve the revision the reviewer saw and publish exactly that one.

    Raises:
        AlreadyDecided: somebody else acted first.
        NotReviewer: the account's roles do not cover the page.
        OwnWork: the reviewer wrote part of the draft.
        NewerDraft: the draft changed after the reviewer opened it.
    """
    page_id = _page_id(task_state_id)
    approved = frozenset([page_id, *_alias_tree(page_id)])
    # The authority must last until the commit, where the capture asks for it.
    with (
        act_as(user_id=user.pk, reviewer_id=user.pk, approved_page_ids=approved),
        transaction.atomic(),
    ):
        state, page = _open_review(task_state_id, page_id, user, seen_revision_id)
        # Inside a bigger transaction the commit comes when this block is long over.
        approvals.remember(page_id, seen_revision_id, approved - {page_id})
        state.specific.approve(user=user, comment=comment)
    published: Page = page
    return published


def _alias_tree(page_id: int) -> list[int]:
    found: list[int] = []
    frontier = [page_id]
    while frontier:
        frontier = [pk for key in frontier for (pk,) in _aliases_read.rows(key)]
        found += frontier
    return found


def is_published(page: Page) -> bool:
    """Whether a page is live just as it was reviewed, and does not wait for a later day."""
    return bool(_is_out_read.rows(page.pk))


@transaction.atomic
def return_for_changes(
    task_state_id: int, *, seen_revision_id: int, user: User, comment: str
) -> Page:
    """Return a draft to its author with what should change.

    Raises: the same refusals as `approve`.
    """
    state, page = _open_review(task_state_id, _page_id(task_state_id), user, seen_revision_id)
    state.specific.reject(user=user, comment=comment)
    returned: Page = page
    return returned


@transaction.atomic
def submit_for_review(page: Any, user: User) -> WorkflowState:
    """Start the review of the newest draft of a page."""
    state: WorkflowState = page.get_workflow().start(page, user)
    return state


def follow_draft(page: Any, revision: Any) -> None:
    """Let the open review of a page, if there is one, be a review of its newest draft.

    Called in the transaction that saves the draft, after the page row is written. Whoever has
    the review page open with the older draft is told so when deciding.
    """
    TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__base_content_type_id=revision.base_content_type_id,
        workflow_state__object_id=str(page.pk),
    ).exclude(revision=revision).update(revision=revision)
