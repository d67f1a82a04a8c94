"""Kill -9 in the middle of an answer or of the closing: no answer is lost and none counts twice."""

from __future__ import annotations

import json
import os

import pytest

from tests.faults.processes import run_module

pytestmark = [pytest.mark.faults, pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_answers_and_closing_are_whole_wherever_their_process_dies(tmp_path):
    full = os.environ.get("PORTAL_FAULTS") == "full"

    said = run_module("tests.faults.survey_steps", tmp_path, 1 if full else 4)
    result = json.loads(said.splitlines()[-1])

    assert result["faults"] == []
    # Fewer would mean that the processes were not killed inside their transactions.
    assert result["killed"] >= (50 if full else 12)
