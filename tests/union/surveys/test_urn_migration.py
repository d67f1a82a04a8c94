"""An installation with an open survey gets its words into the urn of the sheets, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories.survey_answers import make_open_survey
from union.models import AnswerUrn

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

ROWS_OF_QUESTIONS, ONE_ROW = "0016_accused_unit_index", "0019_one_urn_per_survey"


def migrated(name: str) -> Any:
    """Bring the tables to a migration and return the urns as they are there."""
    executor = MigrationExecutor(connection)
    executor.migrate([("union", name)])
    apps = MigrationExecutor(connection).loader.project_state([("union", name)]).apps
    return apps.get_model("union", "AnswerUrn").objects


@pytest.fixture(autouse=True)
def tables_of_today() -> Iterator[None]:
    """Leave the tables as the other tests expect them."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("union"))


def test_words_move_into_the_urn_and_back_again() -> None:
    survey = make_open_survey(6)
    AnswerUrn.objects.update(sheets='[{"a":1}]', words='{"words":["食堂"],"why":[]}', count=1)
    AnswerUrn.objects.create(
        survey=survey, sheets="[1,2]", words='{"words":["工资"]}', count=2, is_sealed=True
    )

    old = migrated(ROWS_OF_QUESTIONS)
    rows = {(row.question, row.is_sealed): (row.sheets, row.count) for row in old.all()}
    assert rows == {
        ("", False): ('[{"a":1}]', 1),
        ("words", False): ('["食堂"]', 1),
        ("why", False): ("[]", 0),
        ("", True): ("[1,2]", 2),
        ("words", True): ('["工资"]', 1),
    }

    new = migrated(ONE_ROW)
    held = {row.is_sealed: (json.loads(row.words), row.count) for row in new.all()}
    assert held == {False: ({"words": ["食堂"], "why": []}, 1), True: ({"words": ["工资"]}, 2)}
