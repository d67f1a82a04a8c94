"""Closing freezes the figures once, and nothing can be read before."""

from __future__ import annotations

import datetime
import json
import random

import pytest
from django.utils import timezone

from tests.factories.survey_answers import ANSWERED, a_sheet, make_open_survey, question
from union.models import AnswerUrn, NamedSheet, Survey, SurveyComment, SurveyResult, SurveySheets
from union.surveys import closing
from union.surveys.designing import digest_of
from union.surveys.figures import figure_of, items
from union.surveys.submitting import submit

pytestmark = pytest.mark.django_db


def answered(survey: Survey, count: int, seed: int = 1) -> None:
    """Let so many of the invited answer."""
    chance = random.Random(seed)
    for invitation in survey.invitations.order_by("pk")[:count]:
        submit(survey, invitation, a_sheet(chance) | {"words": f"意见{invitation.pk}"})


def test_closing_empties_the_urns_and_freezes_the_figures() -> None:
    survey = make_open_survey(45)
    answered(survey, 40)
    result = closing.close(survey.pk)
    survey.refresh_from_db()
    assert survey.state == "closed"
    assert not AnswerUrn.objects.exists()
    assert result.content["answered"] == 40
    assert result.content["rate"] == 89
    assert result.digest == digest_of(result.content)
    assert len(json.loads(SurveySheets.objects.get().sheets)) == 40
    comments = SurveyComment.objects.filter(question="words")
    assert {comment.words for comment in comments} == {
        f"意见{row.pk}" for row in survey.invitations.order_by("pk")[:40]
    }


def test_closing_twice_gives_the_same_figures() -> None:
    survey = make_open_survey(12)
    answered(survey, 12)
    assert closing.close(survey.pk).digest == closing.close(survey.pk).digest
    assert SurveyResult.objects.count() == 1


def test_of_too_few_answers_nothing_but_that_is_told() -> None:
    survey = make_open_survey(12)
    answered(survey, 4)
    content = closing.close(survey.pk).content
    assert set(content) == {"survey", "invited", "enough"}
    assert content["enough"] is False


def test_a_group_that_is_too_small_and_an_empty_one_look_the_same() -> None:
    survey = make_open_survey(43, units=("a", "b", "c", "d"), sizes=(20, 17, 6, 0))
    chance = random.Random(3)
    for invitation in survey.invitations.order_by("pk"):
        if invitation.segments["unit"] != "c":
            submit(survey, invitation, a_sheet(chance))
    for invitation in survey.invitations.filter(is_done=False)[:3]:
        submit(survey, invitation, a_sheet(chance))
    content = closing.close(survey.pk).content
    groups = {row["code"]: row for row in content["segments"][0]["groups"]}
    assert {key: groups["c"][key] for key in ("answered", "rate")} == {
        key: groups["d"][key] for key in ("answered", "rate")
    }
    assert groups["b"]["answered"] is None  # with c, or c could be worked out
    assert groups["a"]["answered"] == 20
    for row in content["questions"]:
        if row["kind"] != "text":
            assert row["groups"]["unit"]["c"] is row["groups"]["unit"]["d"] is None


def test_the_figures_of_the_whole_are_those_of_the_sheets() -> None:
    survey = make_open_survey(20)
    for number, invitation in enumerate(survey.invitations.all()):
        submit(survey, invitation, ANSWERED | {"pay": 1 + number % 5, "recommend": number % 11})
    content = closing.close(survey.pk).content
    by_item = {row["item"]: row["whole"] for row in content["questions"]}
    assert by_item["pay"] == {
        "score": 50,
        "mean": 3.0,
        "favourable": 40,
        "shares": [20] * 5,
        "answers": 20,
    }
    assert by_item["canteen"] is None  # nobody answered it
    assert by_item["recommend"] == {"mean": 4.6, "net": -60, "answers": 20}
    assert by_item["wish"] == {"alike": 2, "answers": 20}
    assert set(by_item) >= {"shift.1", "shift.2"}


def test_of_fewer_than_ten_answers_no_counts_are_shown() -> None:
    item = next(iter(items([ASKED])))
    figure = figure_of(item, [1, 2, 3, 4, 5, 4, 4])
    assert figure == {"score": 57, "mean": 3.3, "favourable": 57}


def test_where_nearly_all_of_a_group_answered_alike_a_band_is_shown() -> None:
    item = next(iter(items([ASKED])))
    assert figure_of(item, [5] * 12) == {"score": 90, "favourable": 90, "alike": 5}
    assert figure_of(item, [5] * 11 + [1]) == {"score": 90, "favourable": 90, "alike": 5}
    assert "shares" in (figure_of(item, [5] * 200) or {})


ASKED = {"kind": "likert", "code": "pay", "choices": [], "lines": []}


def test_a_survey_with_names_is_closed_by_the_same_rules() -> None:
    survey = make_open_survey(20, mode="named")
    answered(survey, 18)
    content = closing.close(survey.pk).content
    assert content["answered"] == 18
    assert not any("words" in sheet["answers"] for sheet in json.loads(survey.kept_sheets.sheets))
    assert NamedSheet.objects.count() == 18


def test_a_survey_closed_early_ended_on_the_day_it_was_closed() -> None:
    """The result page is of this day, so its record must not be of a day to come."""
    survey = make_open_survey(12)
    answered(survey, 12)
    content = closing.close(survey.pk).content
    survey.refresh_from_db()
    assert survey.closed_on is not None and survey.closed_on < survey.closes_on
    assert content["survey"]["closed_on"] == survey.closed_on.isoformat()


def test_a_survey_closed_by_the_job_ended_on_its_last_day() -> None:
    survey = make_open_survey(12)
    answered(survey, 12)
    last = timezone.localdate() - datetime.timedelta(days=1)
    Survey.objects.filter(pk=survey.pk).update(closes_on=last)
    assert closing.close(survey.pk).content["survey"]["closed_on"] == last.isoformat()


@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_what_is_kept_of_a_sheet_tells_no_group(mode: str) -> None:
    """A group, or several together, would narrow a sheet down to few of the invited."""
    survey = make_open_survey(12, mode=mode)
    answered(survey, 12)
    closing.close(survey.pk)
    kept = json.loads(SurveySheets.objects.get(survey=survey).sheets)
    assert len(kept) == 12
    assert all(set(sheet) == {"answers"} for sheet in kept)


def test_the_difference_to_the_whole_does_not_tell_what_a_band_hides() -> None:
    """Of one group that answered alike, whole and other groups would tell the exact answers."""
    canteen = question("canteen", "likert")
    survey = make_open_survey(50, questions=[canteen], units=("a", "b", "c"), sizes=(20, 15, 15))
    for number, row in enumerate(survey.invitations.order_by("pk")):
        submit(survey, row, {"canteen": 5 if number < 20 else 1 + number % 4})
    found = closing.close(survey.pk).content["questions"][0]
    assert "shares" in found["whole"]
    assert found["groups"]["unit"]["a"] == {"score": 90, "favourable": 90, "alike": 5}
    beside = [found["groups"]["unit"][code] for code in ("b", "c")]
    assert beside.count(None) == 1


def test_a_survey_that_cannot_be_closed_does_not_keep_the_others_open(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, sound = make_open_survey(12, code="broken"), make_open_survey(12, code="sound")
    for survey in (broken, sound):
        answered(survey, 12)
    last = timezone.localdate() - datetime.timedelta(days=1)
    Survey.objects.update(closes_on=last)
    AnswerUrn.objects.filter(survey=broken).update(sheets="[意见被截断")
    assert closing.close_what_is_over() == 1
    states = dict(Survey.objects.values_list("code", "state"))
    assert states == {"broken": "open", "sound": "closed"}
    assert "could not be closed" in caplog.text
    assert "意见" not in caplog.text
