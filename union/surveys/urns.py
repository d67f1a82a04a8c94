"""The urns of a survey: rows of shuffled answers that are written anew with each answer.

Who reads the database sees from the order of changed rows who answered lately, and finds the
same number of sheets in the open urn, in random order. So that the open urn never holds few, it
is split only when it holds twice its size, and one half, drawn by lot, stays open.
The words of each question are lists of their own in the same row, each in random order, so no
sheet points at words. Everything is written with every answer, even when nothing was added: the
time of the last change says nothing, and one answer is one statement.
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
# What `add` and `emptied` call the sheets beside the codes of the questions in own words.
SHEETS = ""

_chance = random.SystemRandom()


def size_of(survey: Survey) -> int:
    """Return how many sheets a closed urn of this survey holds."""
    return max(URN_SIZE, survey.minimum)


def text_codes(questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the codes of the questions that are answered in own words."""
    return [row["code"] for row in questions if row["kind"] == QuestionKind.TEXT]


def make(survey: Survey) -> None:
    """Make the open urn of a survey that is being launched."""
    urn = AnswerUrn(survey=survey)
    _write(urn, {SHEETS: []} | {code: [] for code in text_codes(survey.questions)})


def locked_open(survey: Survey) -> AnswerUrn | None:
    """Return the open urn, locked to the end of the transaction.

    None when the survey is not open: closing takes the urns away under the same lock.
    """
    return AnswerUrn.objects.select_for_update().filter(survey=survey, is_sealed=False).first()


def read(urn: AnswerUrn) -> dict[str, list[Any]]:
    """Return what an urn holds: sheets under `SHEETS`, words under the code of their question."""
    return {SHEETS: json.loads(urn.sheets), **json.loads(urn.words)}


def add(survey: Survey, open_urn: AnswerUrn, new: Mapping[str, Any]) -> None:
    """Put one sheet and its words into the open urn and write all of it anew.

    Args:
        open_urn: the open urn of the survey, locked.
        new: what is added, by question; `SHEETS` for the sheet itself.
    """
    held = read(open_urn)
    for code, item in new.items():
        held.setdefault(code, []).append(item)
    for items in held.values():
        _chance.shuffle(items)
    size = size_of(survey)
    if len(held[SHEETS]) >= 2 * size:
        # Words are put away when sheets are, or the one who filled the list would be known to
        # have written some.
        halves = {
            code: len(items) // 2 if len(items) >= 2 * size else 0 for code, items in held.items()
        }
        sealed = {code: held[code][:half] for code, half in halves.items()}
        held = {code: held[code][half:] for code, half in halves.items()}
        _write(AnswerUrn(survey=survey, is_sealed=True), sealed)
    _write(open_urn, held)


def _write(urn: AnswerUrn, held: Mapping[str, list[Any]]) -> None:
    urn.sheets = _packed(held[SHEETS])
    urn.words = _packed({code: items for code, items in held.items() if code != SHEETS})
    urn.count = len(held[SHEETS])
    urn.save()


def _packed(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def emptied(survey: Survey) -> dict[str, list[Any]]:
    """Return everything in the urns by question, shuffled, and take the urns away."""
    found: dict[str, list[Any]] = {SHEETS: []}
    for urn in AnswerUrn.objects.filter(survey=survey).order_by("pk"):
        for code, items in read(urn).items():
            found.setdefault(code, []).extend(items)
    for held in found.values():
        _chance.shuffle(held)
    AnswerUrn.objects.filter(survey=survey).delete()
    return found
