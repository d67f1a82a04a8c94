"""The questionnaire as people see it: questions with what was chosen, and forms back to answers.

One page with all sections works without JavaScript. Nothing here stores anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.debug import sensitive_variables

from union.models import QuestionKind, Scale

PREFIX = "q-"
#: What a browser sends for “prefer not to answer”.
NOTHING = "none"
LEVEL_WORDS: dict[str, tuple[Any, ...]] = {
    Scale.SATISFACTION: (
        pgettext_lazy("survey", "Very dissatisfied"),
        pgettext_lazy("survey", "Dissatisfied"),
        pgettext_lazy("survey", "Neutral"),
        pgettext_lazy("survey", "Satisfied"),
        pgettext_lazy("survey", "Very satisfied"),
    ),
    Scale.AGREEMENT: (
        pgettext_lazy("survey", "Strongly disagree"),
        pgettext_lazy("survey", "Disagree"),
        pgettext_lazy("survey", "Neither agree nor disagree"),
        pgettext_lazy("survey", "Agree"),
        pgettext_lazy("survey", "Strongly agree"),
    ),
}
_WHOLE = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True)
class Option:
    """One thing to choose: what is sent, what is read."""

    value: str
    label: Any
    is_chosen: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a matrix with its levels."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Shown:
    """One question on the page.

    Attributes:
        number: its place in the whole questionnaire.
        name: of its field.
        words: what was written, for own words.
        is_declined: whether 不便回答 is chosen.
        condition: when it is asked, in words; empty for everybody.
        after: name of the field it depends on, with the answers in `answers`.
        error: what is wrong with the answer.
    """

    number: int
    code: str
    name: str
    kind: str
    text: str
    explanation: str
    required: bool
    options: list[Option] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: str = ""
    is_declined: bool = False
    condition: str = ""
    after: str = ""
    answers: str = ""
    error: str = ""


@dataclass(frozen=True)
class ShownSection:
    """One section on the page."""

    number: int
    title: str
    introduction: str
    questions: list[Shown]

    @property
    def has_errors(self) -> bool:
        """Whether something in it has to be put right."""
        return any(question.error for question in self.questions)


def levels_of(question: Mapping[str, Any]) -> list[tuple[int, Any]]:
    """Return the answers of a question with their words; none for own words."""
    kind = question["kind"]
    if kind in {QuestionKind.LIKERT, QuestionKind.MATRIX}:
        words = LEVEL_WORDS.get(question["scale"], LEVEL_WORDS[Scale.SATISFACTION])
        return list(enumerate(words, start=1))
    if kind == QuestionKind.ZERO_TO_TEN:
        return [(number, str(number)) for number in range(11)]
    return list(enumerate(question["choices"], start=1))


@sensitive_variables()
def shown_sections(
    sections: list[dict[str, Any]],
    answers: Mapping[str, Any],
    errors: Mapping[str, Any] | None = None,
) -> list[ShownSection]:
    """Return the sections as they are shown with answers chosen before.

    Args:
        answers: as in a sheet, or as `typed_answers` read them from a form.
        errors: what is wrong, by code.
    """
    by_code = {row["code"]: row for section in sections for row in section["questions"]}
    found: list[ShownSection] = []
    number = 0
    for place, section in enumerate(sections, start=1):
        questions = []
        for row in section["questions"]:
            number += 1
            questions.append(_shown(number, row, by_code, answers, (errors or {})))
        found.append(
            ShownSection(place, section["title"], section.get("introduction", ""), questions)
        )
    return found


@sensitive_variables()
def _shown(
    number: int,
    row: dict[str, Any],
    by_code: Mapping[str, dict[str, Any]],
    answers: Mapping[str, Any],
    errors: Mapping[str, Any],
) -> Shown:
    code, name = row["code"], f"{PREFIX}{row['code']}"
    value = answers.get(code)
    is_declined = code in answers and value is None
    chosen = {str(one) for one in (value if isinstance(value, list) else [value])}
    levels = levels_of(row)
    lines: list[Line] = []
    if row["kind"] == QuestionKind.MATRIX:
        given = value if isinstance(value, list) else []
        for place, label in enumerate(row["lines"]):
            level = str(given[place]) if place < len(given) else ""
            options = [Option(str(key), words, str(key) == level) for key, words in levels]
            declined = place < len(given) and given[place] is None
            options.append(Option(NOTHING, _("Prefer not to answer"), declined))
            lines.append(Line(f"{name}-{place + 1}", label, options))
    after = by_code.get(row["after"]) if row["after"] else None
    return Shown(
        number=number,
        code=code,
        name=name,
        kind=row["kind"],
        text=row["text"],
        explanation=row["explanation"],
        required=row["required"],
        options=[]
        if row["kind"] in {QuestionKind.MATRIX, QuestionKind.TEXT}
        else [Option(str(key), words, str(key) in chosen) for key, words in levels],
        lines=lines,
        words=value if isinstance(value, str) and row["kind"] == QuestionKind.TEXT else "",
        is_declined=is_declined,
        condition=_condition(row, after) if after else "",
        after=f"{PREFIX}{row['after']}" if after else "",
        answers=",".join(str(answer) for answer in row["answers"]),
        error=str(errors.get(code, "")),
    )


def _condition(row: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    words = [str(words) for key, words in levels_of(after) if key in row["answers"]]
    return _("Only if you answered “%(question)s” with: %(answers)s.") % {
        "question": after["text"],
        "answers": "、".join(words),
    }


def _number(value: Any) -> int | str:
    """Return a number as one, and anything else as it came, which no scale has."""
    words = str(value)
    return int(words) if _WHOLE.fullmatch(words) else words[:20]


@sensitive_variables()
def typed_answers(questions: list[dict[str, Any]], form: QueryDict) -> dict[str, Any]:
    """Return the answers a form holds, by code; what was left open is left out.

    Nothing is checked here: values that do not fit, and codes the survey does not have, are passed
    on to be refused.
    """
    answers: dict[str, Any] = {}
    expected: set[str] = set()
    for row in questions:
        code, name = row["code"], f"{PREFIX}{row['code']}"
        expected |= {name, f"{name}-{NOTHING}"}
        expected |= {f"{name}-{place + 1}" for place in range(len(row["lines"]))}
        if f"{name}-{NOTHING}" in form or form.get(name) == NOTHING:
            answers[code] = None
        elif row["kind"] == QuestionKind.MATRIX:
            given = [form.get(f"{name}-{place + 1}", "") for place in range(len(row["lines"]))]
            if any(given):
                # A line left open makes the list too short for the question.
                answers[code] = [
                    None if level == NOTHING else _number(level) for level in given if level
                ]
        elif row["kind"] == QuestionKind.MULTIPLE:
            if chosen := form.getlist(name)[:50]:
                answers[code] = [_number(value) for value in chosen]
        elif row["kind"] == QuestionKind.TEXT:
            if words := form.get(name, "").strip():
                answers[code] = words
        elif form.get(name):
            answers[code] = _number(form[name])
    for name in form:
        if name.startswith(PREFIX) and name not in expected:
            answers[name.removeprefix(PREFIX)[:40]] = None
    return answers


@sensitive_variables()
def typed_lines(questions: list[dict[str, Any]], form: QueryDict) -> dict[str, Any]:
    """Return for each matrix what stands in every line, to be shown again as it was typed."""
    return {
        row["code"]: [
            None
            if (level := form.get(f"{PREFIX}{row['code']}-{place + 1}", "")) == NOTHING
            else level
            for place in range(len(row["lines"]))
        ]
        for row in questions
        if row["kind"] == QuestionKind.MATRIX
    }
