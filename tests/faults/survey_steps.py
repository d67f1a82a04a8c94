"""Answers and the closing of a survey by processes that die in the middle of them.

``python -m tests.faults.survey_steps EVERY`` forks, for each of some answers and every EVERY-th
statement of its transaction, a process that dies there; then it lets the answer through. The same
for the closing. After each death it looks for a lost or a doubled answer, and for an answer that
can be read too early. Prints how many died and what was found.
"""

from __future__ import annotations

import json
import random
import signal
import sys
from functools import partial
from typing import Any

import django

from tests.faults.dying import THROUGH, fork

ANSWERS = 10
MOST_STATEMENTS = 60


def faults_of(survey: Any) -> list[str]:
    """Return in words what of a survey does not belong together."""
    from union.models import AnswerUrn, SurveyComment, SurveyResult, SurveySheets

    survey.refresh_from_db()
    done = survey.invitations.filter(is_done=True).count()
    held = sum(len(json.loads(urn.sheets)) for urn in AnswerUrn.objects.filter(survey=survey))
    kept = sum(len(json.loads(row.sheets)) for row in SurveySheets.objects.filter(survey=survey))
    results = SurveyResult.objects.filter(survey=survey).count()
    faults = []
    if held + kept != done:
        faults.append(f"{done} answered, {held + kept} sheets")
    if survey.state == "open" and (kept or results or SurveyComment.objects.exists()):
        faults.append("something can be read while it is open")
    if survey.state == "closed" and (held or results != 1):
        faults.append("closed by half")
    return faults


def main(arguments: list[str]) -> int:
    """Kill at statements, then let each step through; print the numbers and the faults."""
    every = int(arguments[0])
    django.setup()
    from tests.factories.survey_answers import a_sheet, make_open_survey
    from union.surveys.closing import close
    from union.surveys.submitting import submit

    survey, chance = make_open_survey(12), random.Random(8)
    steps: list[Any] = [
        partial(submit, survey, row, a_sheet(chance) | {"words": "食堂"})
        for row in survey.invitations.order_by("pk")[:ANSWERS]
    ]
    steps.append(partial(close, survey.pk))
    killed, faults = 0, []
    for number, step in enumerate(steps):
        how = 0
        for statement in range(1, MOST_STATEMENTS, every):
            how = fork(statement, step)
            faults += [f"step {number} at {statement}: {fault}" for fault in faults_of(survey)]
            if how != -signal.SIGKILL:
                break
            killed += 1
        if how != THROUGH:
            faults.append(f"step {number} did not get through: {how}")
    if survey.invitations.filter(is_done=True).count() != ANSWERS or survey.state != "closed":
        faults.append("not everything got through")
    print(json.dumps({"killed": killed, "faults": faults}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
