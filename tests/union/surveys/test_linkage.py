"""Who holds the database and knows in which order people answered finds nobody's sheet.

The attacker knows more than the database tells: the exact order of all answers, as a log of the
network would. Inside of an open urn a guess is right as often as by lot; after the end too.
"""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest
from django.db import connection

from tests.factories.survey_answers import make_open_survey, question
from union.models import AnswerUrn, Invitation, Survey, SurveyComment
from union.surveys import closing, urns
from union.surveys.submitting import submit

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

# Five lines of five levels name 3,125 people.
MARKED = (question("mark", "matrix", lines=["一", "二", "三", "四", "五"]), question("why", "text"))
SURVEYS, PEOPLE = 12, 30


def mark(number: int) -> list[int]:
    """Return levels that only one person gives."""
    return [1 + number // 5**place % 5 for place in range(5)]


def answered(code: str, chance: random.Random) -> tuple[Survey, list[int]]:
    """Return a survey that people answered, and who did in which order."""
    survey = make_open_survey(PEOPLE, questions=MARKED, code=code)
    rows = list(survey.invitations.order_by("pk"))
    order = list(range(PEOPLE))
    chance.shuffle(order)
    for number in order:
        submit(survey, rows[number], {"mark": mark(number), "why": f"第{number}人"})
    return survey, order


def right(order: list[int], sheets: list[dict[str, Any]]) -> int:
    """Return how many sheets are attributed rightly by their place."""
    return sum(
        sheet["answers"]["mark"] == mark(number)
        for number, sheet in zip(order, sheets, strict=False)
    )


def no_better_than_by_lot(hits: int, guesses: int, size: int) -> bool:
    """Whether so many hits lie within the two-sided 99 % interval around one in `size`."""
    expected = guesses / size
    spread = math.sqrt(guesses * (1 / size) * (1 - 1 / size))
    return abs(hits - expected) <= 2.576 * spread + 0.5


def test_places_in_urns_and_in_what_is_kept_tell_nothing() -> None:
    chance = random.Random(11)
    hits = {"open": 0, "kept": 0, "invited": 0, "words": 0}
    for number in range(SURVEYS):
        survey, order = answered(f"marked-{number}", chance)
        held = urns.read(AnswerUrn.objects.get(survey=survey, is_sealed=False))
        sheets, words = held[urns.SHEETS], held["why"]
        hits["open"] += right(order[-len(sheets) :], sheets)
        hits["words"] += sum(text == f"第{n}人" for n, text in zip(order, words, strict=False))
        closing.close(survey.pk)
        kept = json.loads(survey.kept_sheets.sheets)
        hits["kept"] += right(order, kept)
        hits["invited"] += right(list(range(PEOPLE)), kept)
    guesses = SURVEYS * PEOPLE
    assert {
        name: found
        for name, found in hits.items()
        if not no_better_than_by_lot(found, guesses, PEOPLE)
    } == {}


def test_keys_transactions_and_places_on_disk_tell_nothing_of_one_answer() -> None:
    survey, order = answered("physical", random.Random(5))
    columns = "xmin::text, ctid::text" if connection.vendor == "postgresql" else "rowid, rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {AnswerUrn._meta.db_table} WHERE NOT is_sealed")
        # One row holds sheets and words of all: there is no row of one answer in any table.
        assert len(cursor.fetchall()) == 1
    assert AnswerUrn.objects.filter(survey=survey).count() == 1
    assert Invitation.objects.filter(survey=survey, is_done=True).count() == len(order)
    times = [
        field.name
        for model in (AnswerUrn, Invitation)
        for field in model._meta.get_fields()
        if "Date" in type(field).__name__ or "Time" in type(field).__name__
    ]
    assert times == []


def test_comments_of_a_closed_survey_have_no_order() -> None:
    chance, hits = random.Random(3), 0
    for number in range(SURVEYS):
        survey, order = answered(f"words-{number}", chance)
        closing.close(survey.pk)
        physical = "ctid" if connection.vendor == "postgresql" else "rowid"
        comments = SurveyComment.objects.raw(
            f"SELECT * FROM {SurveyComment._meta.db_table}"
            f" WHERE survey_id = %s ORDER BY {physical}",
            [survey.pk],
        )
        hits += sum(
            row.words == f"第{person}人" for row, person in zip(comments, order, strict=True)
        )
    assert no_better_than_by_lot(hits, SURVEYS * PEOPLE, PEOPLE)


def test_the_columns_near_answers_are_known() -> None:
    """A new column or table near answers has to be thought through here first."""
    near = {
        model.__name__: sorted(field.name for field in model._meta.concrete_fields)
        for model in Survey._meta.apps.get_app_config("union").get_models()
        if model.__name__
        in {"Invitation", "AnswerUrn", "NamedSheet", "SurveySheets", "SurveyComment"}
    }
    assert near == {
        "Invitation": ["id", "is_done", "person", "segments", "survey", "token_digest"],
        "AnswerUrn": ["count", "id", "is_sealed", "sheets", "survey", "words"],
        "NamedSheet": ["answers", "id", "invitation"],
        "SurveySheets": ["id", "sheets", "survey"],
        "SurveyComment": [
            "decided_by",
            "id",
            "question",
            "redacted",
            "redacted_by",
            "state",
            "survey",
            "words",
        ],
    }
    pointing = {
        field.related_model.__name__
        for model in (Invitation, AnswerUrn)
        for field in model._meta.related_objects
    }
    assert pointing == {"NamedSheet"}
