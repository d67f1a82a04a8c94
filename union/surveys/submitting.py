"""The one write of an answer. It is called once for each invited person, and leaves no time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from union.models.surveys import AnswerUrn, Invitation, NamedSheet, Survey, SurveyState
from union.surveys import urns
from union.surveys.answers import checked
from union.surveys.refusals import AlreadyAnswered, NotOpen


@sensitive_variables()
@transaction.atomic
def submit(survey: Survey, invitation: Invitation, answers: Mapping[str, Any]) -> None:
    """Keep the answers of one invited person.

    An anonymous sheet goes into the urn and cannot be changed afterwards; one with a name may be
    sent again until the survey closes.

    Raises:
        NotOpen: the survey has not begun or is over.
        WrongAnswer: the answers do not fit the questionnaire.
        AlreadyAnswered: the person, or somebody with this token, answered before.
    """
    refuse_closed(survey)
    sheet = checked(survey.questions, answers)
    rows = Invitation.objects.filter(pk=invitation.pk, survey=survey)
    if survey.is_anonymous:
        # The lock that lets everybody answer once: of two at the same time one changes the row.
        if not rows.filter(is_done=False).update(is_done=True):
            raise AlreadyAnswered
        _drop(survey, invitation, sheet)
    else:
        _locked(survey)
        rows.update(is_done=True)
        NamedSheet.objects.update_or_create(
            invitation=invitation, defaults={"answers": json.dumps(sheet, ensure_ascii=False)}
        )


def refuse_closed(survey: Survey) -> None:
    """Refuse answers outside of the days of a survey.

    Raises:
        NotOpen: with what holds instead.
    """
    today = timezone.localdate()
    if survey.state == SurveyState.DRAFT or today < survey.opens_on:
        raise NotOpen(_("It has not begun yet. Please come back on the first day."))
    if survey.state != SurveyState.OPEN or today > survey.closes_on:
        raise NotOpen(_("It is over. The results will be published on the union's pages."))


def _locked(survey: Survey) -> AnswerUrn:
    """Return the open urn, locked.

    Raises:
        NotOpen: the survey was closed while the answer was on its way.
    """
    open_urn = urns.locked_open(survey)
    if open_urn is None:
        raise NotOpen(_("It is over. The results will be published on the union's pages."))
    return open_urn


@sensitive_variables()
def _drop(survey: Survey, invitation: Invitation, sheet: dict[str, Any]) -> None:
    # Not even that somebody wrote something stays in the sheet.
    words = {code: sheet.pop(code, None) for code in urns.text_codes(survey.questions)}
    new = {urns.SHEETS: {"segments": invitation.segments, "answers": sheet}}
    new |= {code: text for code, text in words.items() if text}
    urns.add(survey, _locked(survey), new)
