"""Pages of honors: drafted from an award, and kept in line with its state."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from honors.awards.permissions import may_prepare
from honors.models import (
    Award,
    AwardState,
    ExcellentMemberPage,
    HonoredCollectivePage,
    HonorIndexPage,
    SafetyModelPostPage,
    SubjectKind,
)
from portal.pages.formats import chinese_date
from portal.pages.forms import free_slug
from portal.pages.models import Audience
from portal.people.models import User
from portal.publishing import services as publishing
from portal.publishing.reviews import open_review_of
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours

LONGEST_REVOCATION = 200


def _paragraphs(words: str) -> list[dict[str, Any]]:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return [{"type": "text", "value": html}] if html else []


def _own_fields(award: Award, nomination: Any) -> tuple[type[Any], dict[str, Any]]:
    figures = {
        "accident_free_days": getattr(nomination, "accident_free_days", None),
        "hazards_found": getattr(nomination, "hazards_found", None),
    }
    if award.subject_kind == SubjectKind.PERSON:
        return ExcellentMemberPage, {
            "member_name": award.subject_name[:50],
            "position": award.position[:50],
        }
    if award.subject_kind == SubjectKind.POST:
        return SafetyModelPostPage, {
            "post_name": award.subject_name,
            "team_name": award.position,
            **figures,
        }
    return HonoredCollectivePage, {"collective_name": award.subject_name, **figures}


@transaction.atomic
def draft_page(award_pk: int, by: User) -> Page:
    """Write the draft of the page of an award, with what its nomination told; editors go on.

    Raises:
        NotYours: the account does not prepare awards of the title.
        NotPossible: the award was not granted yet, or was revoked.
        ChangedMeanwhile: there is a page already.
    """
    award = (
        Award.objects.select_for_update(of=("self",))
        .select_related("title", "unit", "picture")
        .get(pk=award_pk)
    )
    if not may_prepare(by, award.title):
        raise NotYours(_("Awards of this title are prepared by another office."))
    if not award.is_confirmed or award.is_revoked:
        raise NotPossible(_("Only an award that counts gets a page."))
    if award.page_id is not None:
        raise ChangedMeanwhile(_("This award has a page already."))
    nomination = getattr(award, "nomination", None)
    model, own = _own_fields(award, nomination)
    before = getattr(nomination, "innovation_before", "")
    after = getattr(nomination, "innovation_after", "")
    page = model(
        title=award.subject_name,
        slug=free_slug(f"{award.year}-{award.subject_name}-{award.pk}", set()),
        summary=getattr(nomination, "brief", ""),
        picture=award.picture,
        unit=award.unit,
        audience=Audience.PUBLIC,
        honor_title=award.title_name,
        year=award.year,
        decision_number=award.decision_number,
        innovation=_("What was made better") if before or after else "",
        before_words=before,
        after_words=after,
        body=json.dumps(_paragraphs(getattr(nomination, "deeds", ""))),
        live=False,
        owner=by,
        **own,
    )
    _standing_fields(page, award)
    index = HonorIndexPage.objects.get()
    # Two drafts of the same moment must not get the same place in the tree.
    publishing.lock_page(index.pk)
    HonorIndexPage.objects.get(pk=index.pk).add_child(instance=page)
    page.save_revision(user=by, log_action=True)
    award.page = page.page_ptr
    award.save(update_fields=["page"])
    return page


def _standing_fields(page: Any, award: Award) -> None:
    page.suspended = award.state == AwardState.SUSPENDED
    page.revoked = award.state == AwardState.REVOKED
    page.revocation = ""
    if award.state_on is not None:
        words = _("%(day)s, %(number)s: %(reason)s") % {
            "day": chinese_date(award.state_on),
            "number": award.state_number,
            "reason": award.state_reason,
        }
        page.revocation = words[:LONGEST_REVOCATION]


def show_standing(award: Award, *, drafted_by: User, approved_by: User) -> None:
    """Say on the page of an award how it stands now, as a version two people answer for.

    The version is made from what is live, so that a draft somebody works on is not published
    with it; such a draft stays in the history of the page. Must run in a transaction.

    Raises:
        OwnWork: whoever approves wrote part of it.
        NotReviewer: whoever approves may not review the page.
    """
    if award.page_id is None:
        return
    publishing.lock_page(award.page_id)
    page: Any = Page.objects.get(pk=award.page_id).specific
    if not page.live:
        draft = page.get_latest_revision_as_object()
        _standing_fields(draft, award)
        draft.save_revision(user=drafted_by, log_action=True)
        return
    _standing_fields(page, award)
    revision = page.save_revision(user=drafted_by, log_action=True)
    stored = Page.objects.get(pk=page.pk).specific
    state = open_review_of(stored)
    if state is None:
        state = publishing.submit_for_review(stored, drafted_by).current_task_state
    publishing.approve(state.pk, seen_revision_id=revision.pk, user=approved_by)
