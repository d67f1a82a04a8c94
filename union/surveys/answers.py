"""Checks the answers of one sheet against the questionnaire as it was asked.

A value is, by kind: five levels and 0 to 10 a whole number; one of several the number of the
choice, from 1; several of several a sorted list of such numbers; lines with levels a list with a
level or None for each line; own words a text. None stands for 不便回答 (prefer not to answer).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from union.models.survey_design import QuestionKind
from union.surveys.refusals import WrongAnswer

LEVELS = 5
MOST_WORDS = 1000

Question = Mapping[str, Any]


class _Unfit(ValueError):
    """A value that the question does not have."""


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked after these answers to earlier ones."""
    if not question["after"]:
        return True
    earlier = answers.get(question["after"])
    given = set(earlier) if isinstance(earlier, list) else {earlier}
    return bool(given & set(question["answers"]))


def checked(questions: list[dict[str, Any]], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that count: of questions that were asked, in their order.

    Raises:
        WrongAnswer: an unknown question, a value outside its scale, or a missing answer.
    """
    wrong: dict[str, Any] = {}
    for code in set(answers) - {question["code"] for question in questions}:
        wrong[str(code)[:40]] = _("The survey has no such question. Please load the page again.")
    kept: dict[str, Any] = {}
    for question in questions:
        code = question["code"]
        if not is_asked(question, kept):
            continue
        if code not in answers:
            if question["required"]:
                wrong[code] = _("Please answer, or choose “prefer not to answer”.")
            continue
        try:
            kept[code] = _value(question, answers[code])
        except _Unfit as error:
            wrong[code] = str(error)
    if wrong:
        raise WrongAnswer(wrong)
    return kept


def _value(question: Question, value: Any) -> Any:
    if value is None:
        return None
    return _CHECKS[QuestionKind(question["kind"])](question, value)


def _number(value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _Unfit(_("This answer is not on the scale. Please choose again."))
    return value


def _levels(_question: Question, value: Any) -> int:
    return _number(value, 1, LEVELS)


def _to_ten(_question: Question, value: Any) -> int:
    return _number(value, 0, 10)


def _one(question: Question, value: Any) -> int:
    return _number(value, 1, len(question["choices"]))


def _several(question: Question, value: Any) -> list[int] | None:
    if not isinstance(value, list):
        raise _Unfit(_("This answer is not on the scale. Please choose again."))
    return sorted({_one(question, choice) for choice in value}) or None


def _lines(question: Question, value: Any) -> list[int | None] | None:
    if not isinstance(value, list) or len(value) != len(question["lines"]):
        raise _Unfit(_("Please choose a level in every line."))
    levels = [None if level is None else _number(level, 1, LEVELS) for level in value]
    return levels if any(level is not None for level in levels) else None


def _words(_question: Question, value: Any) -> str | None:
    if not isinstance(value, str):
        raise _Unfit(_("Please write words."))
    kept = "".join(
        sign
        for sign in value.replace("\r\n", "\n")
        if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
    ).strip()
    if len(kept) > MOST_WORDS:
        raise _Unfit(
            _("Please write at most %(most)d characters; these are %(count)d.")
            % {"most": MOST_WORDS, "count": len(kept)}
        )
    return kept or None


_CHECKS: dict[QuestionKind, Callable[[Question, Any], Any]] = {
    QuestionKind.LIKERT: _levels,
    QuestionKind.ZERO_TO_TEN: _to_ten,
    QuestionKind.SINGLE: _one,
    QuestionKind.MULTIPLE: _several,
    QuestionKind.MATRIX: _lines,
    QuestionKind.TEXT: _words,
}
