"""Consultations on drafts: comments by name, one answer to each, a page with the result."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from portal.notifications.recipients import Recipient
from portal.notifications.services import notify
from portal.people.models import User
from portal.refusals import NotPossible, NotYours, TooLate
from veterans.models import (
    Comment,
    ConsultationPage,
    ConsultationResultPage,
    ItemVersion,
    VeteransIndexPage,
)
from veterans.models.consultations import LONGEST_COMMENT, Outcome
from veterans.publicity.messages import ANSWERED
from veterans.publicity.permissions import may_run_publicity
from veterans.standards.difference import version_before

PAGE_SIZE = 20
_NAMESPACE = uuid.UUID("9d4a3f62-8f0e-4d7c-8f0f-2f8d1c6f7e10")


def _locked(page_id: int) -> ConsultationPage:
    page: ConsultationPage = ConsultationPage.objects.select_for_update(of=("self",)).get(
        pk=page_id
    )
    return page


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise NotPossible(_("Please write what you think of the draft."))
    if len(words) > LONGEST_COMMENT:
        raise NotPossible(
            _("Please write at most %(count)d characters.") % {"count": LONGEST_COMMENT}
        )
    return words


@transaction.atomic
def write_comment(page_id: int, user: User, text: str) -> Comment:
    """Keep a comment by name.

    Raises:
        NotPossible: no words, too many, or an account that names nobody.
        TooLate: comments are not taken today.
    """
    words = _checked(text)
    if user.person is None:
        raise NotPossible(_("Comments are given by name. This account names nobody."))
    page = _locked(page_id)
    if not page.live or not page.is_open:
        raise TooLate(_("Comments on this draft are not taken today."))
    made: Comment = Comment.objects.create(
        page=page, person=user.person, text=words, written_at=timezone.now()
    )
    return made


@transaction.atomic
def edit_comment(comment_id: int, user: User, text: str) -> Comment:
    """Change an own comment, once, while nobody has answered it.

    Raises:
        NotYours: it is somebody else's.
        TooLate: it was changed or answered already, or the time is over.
        NotPossible: no words, or too many.
    """
    words = _checked(text)
    page_id = Comment.objects.values_list("page_id", flat=True).get(pk=comment_id)
    page = _locked(page_id)
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment_id)
    if user.person_id is None or comment.person_id != user.person_id:
        raise NotYours(_("Only who wrote a comment changes it."))
    if not is_editable(comment, page):
        raise TooLate(_("A comment can be changed once, before it is answered."))
    comment.text, comment.edited_at = words, timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    return comment


def is_editable(comment: Comment, page: ConsultationPage) -> bool:
    """Whether its writer may still change it."""
    return comment.edited_at is None and comment.answered_at is None and page.is_open


@transaction.atomic
def answer_comment(comment_id: int, user: User, outcome: str, answer: str) -> Comment:
    """Answer a comment; the writer is told. An answer can be put right while there is no result.

    Raises:
        NotYours: the account does not run consultations, or wrote the comment.
        NotPossible: no outcome or no words.
        TooLate: the result is published.
    """
    if not may_run_publicity(user):
        raise NotYours(_("Comments are answered by the veterans service officer."))
    if outcome not in Outcome.values or not answer.strip():
        raise NotPossible(_("Please say what becomes of the comment, and why."))
    page_id = Comment.objects.values_list("page_id", flat=True).get(pk=comment_id)
    page = _locked(page_id)
    comment = (
        Comment.objects.select_for_update(of=("self",)).select_related("person").get(pk=comment_id)
    )
    if user.person_id is not None and comment.person_id == user.person_id:
        raise NotYours(_("Who wrote a comment does not answer it. A colleague has to."))
    if page.results.filter(live=True).exists():
        raise TooLate(_("The result of this consultation is published."))
    first = comment.answered_at is None
    comment.outcome, comment.answer = outcome, answer.strip()[:LONGEST_COMMENT]
    comment.answered_by, comment.answered_at = user, timezone.now()
    comment.save()
    if first:
        notify(
            ANSWERED,
            [Recipient(person=comment.person)],
            {"title": page.title},
            event_key=f"consultation-answer:{comment.pk}",
            url=page.url or "",
        )
    return comment


def write_consultation_draft(
    version: ItemVersion, user: User, first_day: datetime.date, last_day: datetime.date
) -> ConsultationPage:
    """Write the page of a draft for the usual review.

    Raises:
        NotYours: the account does not run consultations.
        NotPossible: the version is published, or the days are in the wrong order.
    """
    if not may_run_publicity(user):
        raise NotYours(_("Consultations are run by the veterans service officer."))
    if version.is_published:
        raise NotPossible(_("This version is in force or was; opinions are asked on drafts."))
    if last_day < first_day:
        raise NotPossible(_("The consultation ends before it begins. Please correct one day."))
    with transaction.atomic():
        page = ConsultationPage(
            title=_("Draft for comments: %(version)s") % {"version": version},
            summary=_("Please tell us what you think of the draft. Every comment is answered."),
            version=version,
            first_day=first_day,
            last_day=last_day,
            phone=version.phone,
            unit=version.item.unit,
            owner=user,
            live=False,
        )
        VeteransIndexPage.objects.get().add_child(instance=page)
        page.save_revision(user=user, log_action=True)
    return page


def write_result_draft(page_id: int, user: User) -> ConsultationResultPage:
    """Write the page with the result as a draft: every comment without its writer, every answer.

    Raises:
        NotYours: the account does not run consultations.
        TooLate: comments are still taken.
        NotPossible: a comment is not answered yet.
    """
    if not may_run_publicity(user):
        raise NotYours(_("Consultations are run by the veterans service officer."))
    with transaction.atomic():
        page = _locked(page_id)
        if timezone.localdate() <= page.last_day:
            raise TooLate(_("Comments are taken until the last day; the result comes after it."))
        comments = list(page.comments.all())
        left = sum(comment.answered_at is None for comment in comments)
        if left:
            raise NotPossible(_("%(count)d comments are not answered yet.") % {"count": left})
        adopted = sum(comment.outcome != Outcome.EXPLAINED for comment in comments)
        result = page.results.filter(live=False).first() or ConsultationResultPage(
            consultation=page, owner=user, live=False, unit=page.unit
        )
        result.title = _("What became of the comments: %(title)s") % {"title": page.title}
        result.summary = _("%(count)d comments, %(adopted)d adopted in part or whole.") % {
            "count": len(comments),
            "adopted": adopted,
        }
        result.received, result.adopted = len(comments), adopted
        result.body = json.dumps(_result_blocks(comments), ensure_ascii=False)
        if result.pk is None:
            VeteransIndexPage.objects.get().add_child(instance=result)
        result.save_revision(user=user, log_action=True)
    return result


def _result_blocks(comments: list[Comment]) -> list[dict[str, Any]]:
    """Return one text block a comment, numbered, without any name."""
    return [
        {
            "type": "text",
            "id": str(uuid.uuid5(_NAMESPACE, str(comment.pk))),
            "value": f"<h2>意见{number}：{escape(str(Outcome(comment.outcome).label))}</h2>"
            f"<p>{escape(comment.text)}</p><p><b>答复：</b>{escape(comment.answer)}</p>",
        }
        for number, comment in enumerate(comments, start=1)
    ]


def page_context(page: ConsultationPage, request: HttpRequest) -> dict[str, Any]:
    """Return the comments, twenty a page, and what the reader may do."""
    user = request.user
    rows = page.comments.select_related("person__unit") if page.pk else Comment.objects.none()
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    person_id = getattr(user, "person_id", None)
    office = may_run_publicity(user)
    version = page.version
    before = version_before(version) if version is not None else None
    result = page.results.filter(live=True).first() if page.pk else None
    answered = Q(answered_at__isnull=False)
    counts = rows.aggregate(all=Count("pk"), answered=Count("pk", filter=answered))
    return {
        "page_obj": shown,
        "counts": counts,
        "editable": {
            row.pk for row in shown if row.person_id == person_id and is_editable(row, page)
        },
        "person_id": person_id,
        "may_comment": bool(person_id) and page.live and page.is_open,
        "may_answer": office,
        "may_finish": office and result is None and timezone.localdate() > page.last_day,
        "before": before,
        "result": result,
        "longest": LONGEST_COMMENT,
        "phone": page.phone or settings.SERVICE_PHONE,
        "outcomes": Outcome.choices,
    }
