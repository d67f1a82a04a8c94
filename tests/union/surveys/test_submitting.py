"""One answer for each invited person, in an urn that keeps no order."""

from __future__ import annotations

import datetime
import json
import random

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from tests.factories.survey_answers import ANSWERED, a_sheet, make_open_survey
from tests.infrastructure.at_once import failures, together
from union.models import AnswerUrn, Invitation, NamedSheet, Survey
from union.surveys import closing, urns
from union.surveys.refusals import AlreadyAnswered, NotOpen, WrongAnswer
from union.surveys.submitting import submit

pytestmark = pytest.mark.django_db


def sheets(survey: Survey) -> list[dict[str, object]]:
    """Return every sheet in the urns."""
    rows = AnswerUrn.objects.filter(survey=survey)
    return [sheet for urn in rows for sheet in json.loads(urn.sheets)]


def stored_columns() -> tuple[str, str]:
    """Return what the database holds of sheets and of words, encrypted."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sheets, words FROM {AnswerUrn._meta.db_table}")
        (row,) = cursor.fetchall()
    return row


def test_an_answer_is_kept_without_a_name_and_without_a_time() -> None:
    survey = make_open_survey(6)
    invitation = survey.invitations.get(person__employee_number__endswith="00001")
    submit(survey, invitation, ANSWERED)
    assert sheets(survey) == [{"segments": {"unit": "west"}, "answers": ANSWERED}]


def test_words_lie_apart_and_the_sheet_does_not_say_that_there_are_any() -> None:
    survey = make_open_survey(6)
    first, second = survey.invitations.order_by("pk")[:2]
    submit(survey, first, ANSWERED | {"words": "食堂晚班没有热饭"})
    submit(survey, second, ANSWERED | {"words": None})
    assert all("words" not in sheet["answers"] for sheet in sheets(survey))  # type: ignore[operator]
    held = AnswerUrn.objects.get(survey=survey)
    assert json.loads(held.words) == {"words": ["食堂晚班没有热饭"], "why": []}


def test_nobody_answers_twice() -> None:
    survey = make_open_survey(6)
    invitation = survey.invitations.first()
    assert invitation is not None
    submit(survey, invitation, ANSWERED)
    with pytest.raises(AlreadyAnswered):
        submit(survey, invitation, ANSWERED)
    assert len(sheets(survey)) == 1


def test_a_sheet_with_a_mistake_leaves_the_invitation_open() -> None:
    survey = make_open_survey(6)
    invitation = survey.invitations.first()
    assert invitation is not None
    with pytest.raises(WrongAnswer):
        submit(survey, invitation, {"pay": 9})
    invitation.refresh_from_db()
    assert not invitation.is_done
    assert sheets(survey) == []


@pytest.mark.parametrize("days", [-9, 9])
def test_outside_of_its_days_a_survey_takes_nothing(days: int) -> None:
    survey = make_open_survey(6)
    invitation = survey.invitations.first()
    assert invitation is not None
    later = timezone.now() + datetime.timedelta(days=days)
    with time_machine.travel(later), pytest.raises(NotOpen):
        submit(survey, invitation, ANSWERED)


def test_an_invitation_of_another_survey_lets_nobody_in() -> None:
    survey, other = make_open_survey(6), make_open_survey(6, code="other-2026")
    invitation = other.invitations.first()
    assert invitation is not None
    with pytest.raises(AlreadyAnswered):
        submit(survey, invitation, ANSWERED)


def test_the_open_urn_never_gets_small_again() -> None:
    survey, chance = make_open_survey(95), random.Random(4)
    open_counts = []
    for invitation in survey.invitations.order_by("pk"):
        submit(survey, invitation, a_sheet(chance))
        open_counts.append(AnswerUrn.objects.get(is_sealed=False).count)
    assert min(open_counts[urns.URN_SIZE - 1 :]) >= urns.URN_SIZE
    assert max(open_counts) < 2 * urns.URN_SIZE
    sealed = AnswerUrn.objects.filter(is_sealed=True)
    assert {urn.count for urn in sealed} == {urns.URN_SIZE}
    assert len(sheets(survey)) == 95


def test_words_are_written_anew_with_every_answer() -> None:
    """Otherwise the column that changed last would say who wrote words."""
    survey = make_open_survey(6)
    submit(survey, survey.invitations.order_by("pk")[0], ANSWERED)
    stored = stored_columns()
    submit(survey, survey.invitations.order_by("pk")[1], ANSWERED)
    assert json.loads(AnswerUrn.objects.get().words) == {"words": [], "why": []}
    assert all(before != after for before, after in zip(stored, stored_columns(), strict=True))


def test_named_answers_may_be_changed_until_the_end() -> None:
    survey = make_open_survey(6, mode="named")
    invitation = survey.invitations.first()
    assert invitation is not None
    submit(survey, invitation, ANSWERED)
    submit(survey, invitation, ANSWERED | {"pay": 1})
    assert json.loads(NamedSheet.objects.get().answers)["pay"] == 1
    closing.close(survey.pk)
    with pytest.raises(NotOpen):
        submit(survey, invitation, ANSWERED)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_twenty_answers_at_once_of_one_person_one_is_kept() -> None:
    survey = make_open_survey(6)
    invitation = survey.invitations.first()
    assert invitation is not None
    results = together(*(lambda: submit(survey, invitation, ANSWERED) for _number in range(20)))
    assert [type(error) for error in failures(results)] == [AlreadyAnswered] * 19
    assert len(sheets(survey)) == 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_twenty_people_at_once_nobody_is_lost() -> None:
    survey = make_open_survey(20)
    rows: list[Invitation] = list(survey.invitations.all())
    results = together(*(lambda row=row: submit(survey, row, ANSWERED) for row in rows))
    assert failures(results) == []
    assert len(sheets(survey)) == 20


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_an_answer_at_the_moment_of_closing_counts_or_is_told_that_it_came_too_late() -> None:
    survey = make_open_survey(16)
    rows: list[Invitation] = list(survey.invitations.all())
    for row in rows[:8]:
        submit(survey, row, ANSWERED)
    late = [lambda row=row: submit(survey, row, ANSWERED) for row in rows[8:]]
    results = together(*late, lambda: closing.close(survey.pk), lambda: closing.close(survey.pk))
    wrong = failures(results)
    assert {type(error) for error in wrong} <= {NotOpen}
    survey.refresh_from_db()
    assert survey.result.content["answered"] == 16 - len(wrong)
    assert survey.invitations.filter(is_done=True).count() == 16 - len(wrong)
