"""From the sections of a draft to the questionnaire as asked, and what is wrong with a draft."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from union.models import (
    QuestionKind,
    Survey,
    SurveyDimension,
    SurveyQuestion,
    SurveyState,
)
from union.surveys.coarsening import Group

# What an answer of a kind can be followed by: the levels of a scale, or the choices.
LEVELS = {QuestionKind.LIKERT: range(1, 6), QuestionKind.ZERO_TO_TEN: range(0, 11)}


def _asked(survey: Survey) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield each section with what it asks: the values of its blocks."""
    for block in survey.design:
        yield block.value, list(block.value["questions"])


def possible_answers(question: SurveyQuestion) -> range:
    """Return the answers another question may depend on; none for words and several lines."""
    if question.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        return range(1, len(question.choice_list) + 1)
    return LEVELS.get(QuestionKind(question.kind), range(0))


def wanted_answers(words: str) -> list[int] | None:
    """Return the numbers of a condition; None where something else stands there."""
    parts = words.replace("，", ",").replace("、", ",").split(",")
    numbers = [part.strip() for part in parts if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 3 for part in numbers):
        return None
    return sorted({int(part) for part in numbers})


def design_problems(survey: Survey) -> list[str]:
    """Return what has to be put right before people can be asked, in sentences."""
    problems: list[str] = []
    earlier: dict[str, SurveyQuestion] = {}
    for section, asked in _asked(survey):
        for number, row in enumerate(asked, start=1):
            question: SurveyQuestion | None = row["question"]
            problems += [
                _("Section “%(section)s”, question %(number)d: %(problem)s")
                % {"section": section["title"], "number": number, "problem": problem}
                for problem in _row_problems(row, question, earlier)
            ]
            if question is not None:
                earlier[question.code] = question
    if not earlier:
        problems.append(_("There is no question yet."))
    return problems


def _row_problems(
    row: Any, question: SurveyQuestion | None, earlier: dict[str, SurveyQuestion]
) -> list[str]:
    if question is None:
        return [_("the question is no longer in the bank.")]
    twice = question.code in earlier
    found = [_("“%(code)s” is asked twice.") % {"code": question.code}] if twice else []
    return found + _condition_problems(row, earlier)


def _condition_problems(row: Any, earlier: dict[str, SurveyQuestion]) -> list[str]:
    after = row["after"].strip()
    if not after:
        return (
            [_("answers are given, but not the question they belong to.")]
            if row["answers"].strip()
            else []
        )
    if after not in earlier:
        return [_("“%(code)s” is not asked before it.") % {"code": after}]
    wanted = wanted_answers(row["answers"])
    if not wanted:
        return [_("write the answers as numbers with commas, such as 1, 2.")]
    possible = possible_answers(earlier[after])
    if not possible:
        return [_("“%(code)s” cannot decide what is asked next.") % {"code": after}]
    if unknown := [number for number in wanted if number not in possible]:
        return [_("“%(code)s” has no answer %(number)d.") % {"code": after, "number": unknown[0]}]
    return []


def bound_questions() -> set[tuple[str, int]]:
    """Return code and version of every question that a launched survey asked; one query."""
    launched = Survey.objects.exclude(state=SurveyState.DRAFT)
    return {
        (question["code"], question["version"])
        for survey in launched.only("snapshot")
        for question in survey.questions
    }


def _question_as_asked(row: Any, dimensions: dict[int, SurveyDimension]) -> dict[str, Any]:
    question: SurveyQuestion = row["question"]
    dimension = dimensions.get(question.dimension_id or 0)
    return {
        "code": question.code,
        "version": question.version,
        "kind": question.kind,
        "scale": question.scale,
        "dimension": {"code": dimension.code, "name": dimension.name} if dimension else None,
        "text": question.text,
        "explanation": question.explanation,
        "choices": question.choice_list,
        "lines": question.line_list if question.kind == QuestionKind.MATRIX else [],
        "required": bool(row["required"]),
        "after": row["after"].strip(),
        "answers": wanted_answers(row["answers"]) or [],
    }


def questionnaire_of(survey: Survey, groups: dict[str, list[Group]]) -> dict[str, Any]:
    """Return the snapshot of a survey: what is asked, of which groups, by which rules.

    Args:
        groups: of each segment that is broken down, its groups.
    """
    dimensions = SurveyDimension.objects.in_bulk()
    return {
        "title": survey.title,
        "purpose": survey.purpose,
        "mode": survey.mode,
        "minimum": survey.minimum,
        "comment_minimum": survey.comment_minimum,
        "segments": [
            {
                "code": code,
                "name": str(_segment_name(code)),
                "groups": [{"code": group.code, "name": group.name} for group in found],
            }
            for code, found in groups.items()
        ],
        "sections": [
            {
                "title": section["title"],
                "introduction": section["introduction"],
                "questions": [
                    _question_as_asked(row, dimensions) for row in asked if row["question"]
                ],
            }
            for section, asked in _asked(survey)
        ],
    }


def _segment_name(code: str) -> Any:
    from union.models import Segment

    return Segment(code).label


def digest_of(snapshot: dict[str, Any]) -> str:
    """Return the SHA-256 of a snapshot in its one canonical spelling."""
    canonical = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
