"""A reviewed record becomes a page in two clicks: prepare the draft, submit it for review."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from branches.activities.keeping import locked, note
from branches.activities.permissions import keeps_branch
from branches.activities.signing_in import counts
from branches.models import Activity, ActivityPage, ActivityState, BranchPage
from portal.people.models import User
from portal.publishing.services import submit_for_review
from portal.refusals import NotPossible, NotYours, TooLate

_NAMESPACE = uuid.UUID("0d6c1c0e-6a35-4b53-9d4e-3c2b5a0f7e42")


def page_of(activity: Activity) -> ActivityPage | None:
    """Return the page of an activity, a draft included."""
    return ActivityPage.objects.filter(activity=activity).first()


def _refuse(activity: Activity, user: User) -> None:
    if not keeps_branch(user, activity.branch):
        raise NotYours(_("Pages are written by the branch and the Party department."))
    if activity.state != ActivityState.REVIEWED:
        raise TooLate(_("A page is made from a reviewed record that has none yet."))


def _body(activity: Activity) -> list[dict[str, Any]]:
    """Return the body: the text for the page and how many came, and nothing else of the record.

    Names of those who were away, reasons, points of speakers, votes, resolutions and supplements
    stay in the record.
    """
    paragraphs = [line.strip() for line in activity.account.splitlines() if line.strip()]
    number = counts(list(activity.attendances.all()))
    if number.should:
        paragraphs.append(f"应到{number.should}人，实到{number.attended}人。")
    html = "".join(f"<p>{escape(line)}</p>" for line in paragraphs)
    return [{"type": "text", "value": html, "id": str(uuid.uuid5(_NAMESPACE, str(activity.pk)))}]


@transaction.atomic
def prepare_page(activity_id: int, user: User) -> ActivityPage:
    """Write the draft of the page from the record.

    Raises:
        NotYours: the account writes no pages of this branch.
        TooLate: the record is not reviewed, or has a page.
        NotPossible: there is no text for the page, or the branch has no page of its own.
    """
    activity = locked(activity_id)
    _refuse(activity, user)
    if page_of(activity) is not None:
        raise TooLate(_("A page is made from a reviewed record that has none yet."))
    if not activity.account.strip():
        raise NotPossible(
            _("The record was reviewed without a text for the page, so nothing of it is published.")
        )
    parent = BranchPage.objects.filter(branch=activity.branch).first()
    if parent is None:
        raise NotPossible(_("The branch has no page of its own yet."))
    with override("zh-hans"):
        page = ActivityPage(
            title=activity.topic,
            slug=f"activity-record-{activity.pk}",
            activity=activity,
            activity_kind=activity.kind,
            held_on=activity.held_on,
            place=activity.place,
            host_name=activity.host.name if activity.host else "",
            recorder_name=activity.recorder.name if activity.recorder else "",
            body=_body(activity),
            unit=activity.branch,
            live=False,
            owner=user,
        )
        parent.add_child(instance=page)
        page.save_revision(user=user, log_action=True)
    note(activity, "page", user)
    return page


@transaction.atomic
def submit_page(activity_id: int, user: User) -> ActivityPage:
    """Submit the draft of the page for the usual review.

    Raises:
        NotYours: the account writes no pages of this branch.
        TooLate: the record is not reviewed, there is no draft, or it is in review already.
    """
    activity = locked(activity_id)
    _refuse(activity, user)
    page = page_of(activity)
    if page is None or page.workflow_in_progress:
        raise TooLate(_("There is no draft of the page that waits to be submitted."))
    submit_for_review(page, user)
    return page
