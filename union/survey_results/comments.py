"""Comments on their way to the result page: one person takes names out, another approves.

Nobody sees which sheet, which group or when a comment came from; the list is in random order.
Source: rule 12 of section 2.7 of the facts on surveys.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from unicodedata import category

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from union.models.surveys import CommentState, Survey, SurveyComment, SurveyState
from union.surveys.permissions import may_run, may_see

LONGEST = 1_000


def may_review(user: User, survey: Survey) -> bool:
    """Whether the account reads and redacts comments: who runs the survey, and the union chair."""
    from portal.roles.permissions import has_role

    return may_run(user, survey) or (may_see(user, survey) and has_role(user, "union_chair"))


def enough_for_comments(survey: Survey) -> bool:
    """Whether so many answered that comments may be shown."""
    answered: int = survey.result.content.get("answered", 0)
    return answered >= survey.comment_minimum


def to_review(survey: Survey) -> QuerySet[SurveyComment]:
    """Return the comments people of the office read; none where few answered.

    Of few answers even the office could tell whose words they are.
    """
    return survey.comments.all() if enough_for_comments(survey) else survey.comments.none()


def _plain(typed: str) -> str:
    """Return typed words with one sign at the end of a line and without other control signs."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or category(sign) != "Cc").strip()


def _locked(comment_id: int, user: User) -> SurveyComment:
    comment = (
        SurveyComment.objects.select_for_update(of=("self",))
        .select_related("survey")
        .get(pk=comment_id)
    )
    if not may_review(user, comment.survey):
        raise NotYours(_("Comments are looked at by those who run the survey."))
    if not enough_for_comments(comment.survey):
        raise NotPossible(_("Too few answered, so nobody reads the comments of this survey."))
    return comment


@transaction.atomic
def redact(comment_id: int, words: str, user: User) -> SurveyComment:
    """Write the words that may be shown, without names; a second person decides.

    Raises:
        NotYours: the account does not look at comments of this survey.
        NotPossible: nothing is left of the words, or too few answered.
        ChangedMeanwhile: it was decided already.
    """
    comment = _locked(comment_id, user)
    if comment.state not in {CommentState.WAITING, CommentState.REDACTED}:
        raise ChangedMeanwhile(_("A colleague has decided on this comment already."))
    if not (kept := _plain(words)):
        raise NotPossible(_("Nothing is left to show. Choose “not shown” instead."))
    comment.redacted = kept[:LONGEST]
    comment.state, comment.redacted_by = CommentState.REDACTED, user
    comment.save()
    return comment


@transaction.atomic
def decide(comment_id: int, user: User, *, seen: str, show: bool) -> SurveyComment:
    """Approve the words that are shown, or withhold the comment.

    Args:
        seen: the words the account looked at.

    Raises:
        NotYours: the account took the names out itself, or does not look at comments.
        NotPossible: nobody took names out yet, or too few answered.
        ChangedMeanwhile: it was decided, or its words changed.
    """
    comment = _locked(comment_id, user)
    if comment.state in {CommentState.APPROVED, CommentState.WITHHELD}:
        raise ChangedMeanwhile(_("A colleague has decided on this comment already."))
    if not show:
        comment.state, comment.decided_by = CommentState.WITHHELD, user
        comment.save()
        return comment
    if comment.state != CommentState.REDACTED:
        raise NotPossible(_("First somebody takes the names out; then another person approves."))
    if comment.redacted != _plain(seen):
        raise ChangedMeanwhile(_("The words were changed meanwhile. Please read them again."))
    first = comment.redacted_by
    if first is not None and (first.pk == user.pk or first.person_id == user.person_id):
        raise NotYours(_("You took the names out. Another person has to approve."))
    comment.state, comment.decided_by = CommentState.APPROVED, user
    comment.save()
    return comment


def shown_by_question(survey: Survey) -> list[dict[str, Any]]:
    """Return the approved words by question, in the random order of their keys."""
    if survey.state != SurveyState.CLOSED or not enough_for_comments(survey):
        return []
    words: dict[str, list[str]] = {}
    rows: Iterable[SurveyComment] = survey.comments.filter(state=CommentState.APPROVED)
    for comment in rows:
        words.setdefault(comment.question, []).append(comment.redacted)
    texts = {row["code"]: row["text"] for row in survey.questions}
    return [{"question": texts.get(code, code), "words": found} for code, found in words.items()]
