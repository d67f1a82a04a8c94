"""The urns of a survey: rows of shuffled answers that are written anew with each answer.

Who reads the database sees from the order of changed rows who answered lately, and finds the
same number of sheets in the open urn, in random order. So that the open urn never holds few, it
is split only when it holds twice its size, and one half, drawn by lot, stays open.
The words of a question lie in an urn of their own. Every urn is written with every answer, even
when nothing was added: the time of the last change says nothing.
Source: sections 2.4 and 2.6 of the facts on surveys.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from union.models.survey_design import QuestionKind
from union.models.surveys import AnswerUrn, Survey

# Source: section 2.6: an urn of twenty, never smaller than the smallest group.
URN_SIZE = 20
SHEETS = ""

_chance = random.SystemRandom()


def size_of(survey: Survey) -> int:
    """Return how many sheets a closed urn of this survey holds."""
    return max(URN_SIZE, survey.minimum)


def text_codes(questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the codes of the questions that are answered in own words."""
    return [row["code"] for row in questions if row["kind"] == QuestionKind.TEXT]


def make(survey: Survey) -> None:
    """Make the open urns of a survey that is being launched."""
    AnswerUrn.objects.bulk_create(
        AnswerUrn(survey=survey, question=code) for code in [SHEETS, *text_codes(survey.questions)]
    )


def locked_open(survey: Survey) -> dict[str, AnswerUrn]:
    """Return the open urns by question, locked to the end of the transaction.

    Empty when the survey is not open: closing takes the urns away under the same locks.
    """
    rows = AnswerUrn.objects.select_for_update().filter(survey=survey, is_sealed=False)
    return {urn.question: urn for urn in rows.order_by("pk")}


def read(urn: AnswerUrn) -> list[Any]:
    """Return what an urn holds."""
    found: list[Any] = json.loads(urn.sheets)
    return found


def add(survey: Survey, open_urns: Mapping[str, AnswerUrn], new: Mapping[str, Any]) -> None:
    """Put one sheet and its words into their urns and write all of them anew.

    Args:
        open_urns: all open urns of the survey, locked.
        new: what is added, by question; `SHEETS` for the sheet itself.
    """
    size = size_of(survey)
    splits = open_urns[SHEETS].count + 1 >= 2 * size
    for code, urn in open_urns.items():
        held = read(urn)
        if code in new:
            held.append(new[code])
        _chance.shuffle(held)
        # Words are put away when sheets are, or the one who filled the urn would be known to
        # have written some.
        if splits and len(held) >= 2 * size:
            half = len(held) // 2
            _write(AnswerUrn(survey=survey, question=code, is_sealed=True), held[:half])
            held = held[half:]
        _write(urn, held)


def _write(urn: AnswerUrn, held: list[Any]) -> None:
    urn.sheets = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    urn.count = len(held)
    urn.save()


def emptied(survey: Survey) -> dict[str, list[Any]]:
    """Return everything in the urns by question, shuffled, and take the urns away."""
    found: dict[str, list[Any]] = {SHEETS: []}
    for urn in AnswerUrn.objects.filter(survey=survey).order_by("pk"):
        found.setdefault(urn.question, []).extend(read(urn))
    for held in found.values():
        _chance.shuffle(held)
    AnswerUrn.objects.filter(survey=survey).delete()
    return found
