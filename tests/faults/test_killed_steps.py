"""Kill -9 in the middle of a step of a case: all of it happened, or nothing."""

from __future__ import annotations

import json
import os

import pytest

from tests.faults.processes import run_module

pytestmark = [pytest.mark.faults, pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_a_step_is_whole_wherever_its_process_dies(tmp_path):
    full = os.environ.get("PORTAL_FAULTS") == "full"

    said = run_module("tests.faults.case_steps", tmp_path, 1 if full else 10)
    result = json.loads(said.splitlines()[-1])

    assert result["faults"] == []
    # Fewer would mean that the processes were not killed inside their transactions.
    assert result["killed"] >= (150 if full else 10)
