"""What goes when: invitations soon, what people answered after years, figures never."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from tests.factories.survey_answers import ANSWERED, make_open_survey
from union.models import Invitation, NamedSheet, Survey, SurveyComment, SurveyResult, SurveySheets
from union.survey_results import retention
from union.surveys import closing
from union.surveys.submitting import submit

pytestmark = pytest.mark.django_db


def closed(mode: str) -> Survey:
    """Return a survey that all but two answered and that was closed forty days ago."""
    survey = make_open_survey(12, mode=mode)
    for row in survey.invitations.order_by("pk")[:10]:
        submit(survey, row, ANSWERED | {"words": "班车早一点"})
    closing.close(survey.pk)
    day = timezone.localdate() - datetime.timedelta(days=40)
    Survey.objects.filter(pk=survey.pk).update(closed_on=day)
    return survey


def test_the_list_of_who_was_asked_goes_first() -> None:
    survey = closed("anonymous")
    assert list(retention._with_invitations(timezone.now())) == [str(survey.pk)]
    retention._forget_invitations(str(survey.pk))
    assert not Invitation.objects.exists()
    assert list(retention._with_invitations(timezone.now())) == []
    assert SurveySheets.objects.exists() and SurveyComment.objects.exists()


def test_answers_with_a_name_are_kept_as_long_as_answers() -> None:
    """Whoever answered with a name stands in the invitation, so it goes with the answer."""
    survey = closed("named")
    retention._forget_invitations(str(survey.pk))
    assert NamedSheet.objects.count() == Invitation.objects.count() == 10
    assert list(retention._with_invitations(timezone.now())) == []
    assert list(retention._with_answers(timezone.now())) == [str(survey.pk)]
    retention._forget_answers(str(survey.pk))
    assert not NamedSheet.objects.exists()
    assert not Invitation.objects.exists()
    assert not SurveySheets.objects.exists()
    assert not SurveyComment.objects.exists()
    assert SurveyResult.objects.count() == 1
