"""Closes a survey: one transaction that empties the urns, freezes the figures and keeps the rest.

Before it nobody reads an answer. After it the figures are one JSON text with its digest, the
sheets are one shuffled row without groups, and comments are rows with random keys, detached from
their sheets.
"""

from __future__ import annotations

import datetime
import json
import logging
import random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.people.models import User
from portal.refusals import NotPossible
from union.models.surveys import (
    AnswerUrn,
    Invitation,
    NamedSheet,
    Survey,
    SurveyComment,
    SurveyResult,
    SurveySheets,
    SurveyState,
)
from union.surveys import urns
from union.surveys.designing import digest_of
from union.surveys.figures import figures

logger = logging.getLogger(__name__)
_chance = random.SystemRandom()
_LARGEST_KEY = 2**62


def close(survey_id: int, user: User | None = None) -> SurveyResult:
    """Close a survey and return its figures; closed before, the figures of then.

    Args:
        user: who closes it; None for the daily job.

    Raises:
        Survey.DoesNotExist: there is none.
        NotPossible: it was never launched.
    """
    result = _close(survey_id, user)
    sweep()
    return result


@transaction.atomic
def _close(survey_id: int, user: User | None) -> SurveyResult:
    # The urns first, in the order in which answers lock them; an answer that waits finds none.
    held = AnswerUrn.objects.select_for_update().filter(survey=survey_id).order_by("pk")
    list(held.values_list("pk", flat=True))
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if survey.state == SurveyState.DRAFT:
        raise NotPossible(_("This survey was not launched. It can be deleted as a draft."))
    if survey.state == SurveyState.CLOSED:
        return survey.result
    found = urns.emptied(survey)
    if not survey.is_anonymous:
        found = _named(survey)
    sheets = found.pop(urns.SHEETS)
    survey.closed_on = timezone.localdate()
    invited = list(survey.invitations.values_list("segments", flat=True))
    content = figures(survey, sheets, invited)
    # Without their groups: with them a sheet could be one of few of the invited.
    kept = [{"answers": sheet["answers"]} for sheet in sheets]
    SurveySheets.objects.create(survey=survey, sheets=json.dumps(kept, ensure_ascii=False))
    _keep_comments(survey, found)
    result = SurveyResult.objects.create(survey=survey, content=content, digest=digest_of(content))
    survey.state = SurveyState.CLOSED
    survey.save(update_fields=["state", "closed_on"])
    log(instance=survey, action="union.survey.close", user=user)
    return result


def _named(survey: Survey) -> dict[str, list[Any]]:
    """Return the sheets of a survey with names, without them and shuffled, and the words apart."""
    found: dict[str, list[Any]] = {urns.SHEETS: []}
    codes = urns.text_codes(survey.questions)
    rows = NamedSheet.objects.filter(invitation__survey=survey).select_related("invitation")
    for row in rows:
        answers = json.loads(row.answers)
        for code in codes:
            if text := answers.pop(code, None):
                found.setdefault(code, []).append(text)
        found[urns.SHEETS].append({"segments": row.invitation.segments, "answers": answers})
    for held in found.values():
        _chance.shuffle(held)
    return found


def _keep_comments(survey: Survey, words: dict[str, list[str]]) -> None:
    comments = [
        SurveyComment(
            pk=_chance.randrange(1, _LARGEST_KEY), survey=survey, question=code, words=text
        )
        for code, texts in words.items()
        for text in texts
    ]
    SurveyComment.objects.bulk_create(sorted(comments, key=lambda comment: comment.pk))


def sweep() -> None:
    """Take what the database still holds of emptied urns off the disk.

    SQLite overwrites what is deleted (`secure_delete`); its log of changes is cut here. PostgreSQL
    keeps dead rows until the table is written anew. Inside a transaction nothing can be done, and
    the daily job comes back.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for model in (AnswerUrn, Invitation):
            cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(model._meta.db_table)}")


def close_what_is_over(today: datetime.date | None = None) -> int:
    """Close the surveys whose last day is over; return how many.

    One that cannot be closed is logged and the others go on.
    """
    today = today or timezone.localdate()
    over = Survey.objects.open().filter(closes_on__lt=today)
    closed = 0
    for survey_id in over.values_list("pk", flat=True):
        try:
            close(survey_id)
        except Exception:  # whatever it is, the others go on
            logger.exception("Survey %d could not be closed.", survey_id)
        else:
            closed += 1
    sweep()
    return closed
