"""A sheet holds exactly what the questionnaire asked, within its scales."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.survey_answers import ANSWERED, QUESTIONS
from union.surveys.answers import MOST_WORDS, checked
from union.surveys.refusals import WrongAnswer

ASKED = list(QUESTIONS)


def wrong(**changed: Any) -> dict[str, Any]:
    """Return what is said about a good sheet with these changes."""
    with pytest.raises(WrongAnswer) as refused:
        checked(ASKED, ANSWERED | changed)
    return refused.value.fields


def test_a_good_sheet_is_kept_as_it_is() -> None:
    assert checked(ASKED, ANSWERED) == ANSWERED


def test_prefer_not_to_answer_is_an_answer_to_every_question() -> None:
    nothing = dict.fromkeys(ANSWERED)
    assert checked(ASKED, nothing) == nothing


def test_every_missing_answer_is_named() -> None:
    with pytest.raises(WrongAnswer) as refused:
        checked(ASKED, {})
    assert set(refused.value.fields) == set(ANSWERED)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("pay", 6),
        ("pay", 0),
        ("pay", True),
        ("pay", "4"),
        ("pay", 3.5),
        ("recommend", 11),
        ("wish", 4),
        ("wishes", [1, 9]),
        ("wishes", 2),
        ("shift", [1]),
        ("shift", [1, 8]),
        ("shift", 3),
        ("words", ["words"]),
        ("words", "字" * (MOST_WORDS + 1)),
    ],
)
def test_a_value_outside_of_its_scale_is_refused_at_its_question(code: str, value: Any) -> None:
    assert set(wrong(**{code: value})) == {code}


def test_a_forged_code_is_refused() -> None:
    assert set(wrong(salary=1)) == {"salary"}


def test_a_question_that_was_not_asked_is_left_out() -> None:
    assert "why" not in checked(ASKED, ANSWERED | {"why": "因为"})
    assert checked(ASKED, ANSWERED | {"pay": 1, "why": "太少"})["why"] == "太少"


def test_invisible_signs_are_no_words() -> None:
    assert checked(ASKED, ANSWERED | {"words": "\u200b\u202e "})["words"] is None
    assert checked(ASKED, ANSWERED | {"words": "谢谢👍\r\n很好"})["words"] == "谢谢👍\n很好"
