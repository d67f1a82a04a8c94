"""The figures of a closed survey, as they are frozen: nothing else is ever read from sheets.

Shapes: shares are whole percentages; a score is 0 to 100, (mean - 1) / 4 * 100; None stands for
"nobody" and for "hidden" alike. Source: sections 2.6 and 2.7 of the facts on surveys, 4.5 of the
domain facts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.suppression import Key
from union.models.survey_design import QuestionKind
from union.models.surveys import Survey
from union.surveys.answers import LEVELS
from union.surveys.releasing import Cube, cube_of, released

# Source: rule 7: of fewer than ten answers only the mean and who is content.
FEW = 10
# Source: rule 7: where nearly all answered alike, a band is shown; a judgement for groups in which
# everybody's answer would be known.
ALIKE_PERCENT = 90
ALIKE_BELOW = 100

Sheet = Mapping[str, Any]
Figure = dict[str, Any]


def figures(
    survey: Survey, sheets: Sequence[Sheet], invited: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Return everything that is published of a survey, as plain values.

    Args:
        sheets: {"segments": …, "answers": …} of each answer, in any order.
        invited: the segments of everybody who was invited.
    """
    content: dict[str, Any] = {
        "survey": _facts(survey),
        "invited": len(invited),
        "enough": len(sheets) >= survey.minimum,
    }
    if not content["enough"]:
        return content
    segments = survey.snapshot["segments"]
    codes = [segment["code"] for segment in segments]
    cube = cube_of(
        [[sheet["segments"].get(code, "") for code in codes] for sheet in sheets],
        crossed=survey.crossed,
    )
    shown = released(cube, survey.minimum)
    content |= {
        "answered": len(sheets),
        "rate": percentage(len(sheets), len(invited)),
        "segments": [
            _segment(segment, place, cube, shown, invited) for place, segment in enumerate(segments)
        ],
        "crossed": _crossed(segments, cube, shown) if survey.crossed else [],
        "questions": [],
    }
    for question in items(survey.questions):
        content["questions"].append(_question(question, sheets, segments, cube, shown, survey))
    content["dimensions"] = _dimensions(content["questions"], segments)
    return content


def percentage(part: float, of: float) -> int | None:
    """Return a part of a number in whole percent; None of nothing."""
    return _half_up(100 * part / of) if of else None


def _half_up(value: float) -> int:
    """Round as people do: a half goes up, whatever stands before it."""
    return math.floor(round(value, 6) + 0.5)


def _facts(survey: Survey) -> dict[str, Any]:
    return {
        "code": survey.code,
        "series": survey.series,
        "title": survey.title,
        "purpose": survey.purpose,
        "mode": survey.mode,
        "office": survey.office,
        "opened_on": survey.opens_on.isoformat(),
        # Closed before its last day, it ended on the day it was closed.
        "closed_on": min(survey.closes_on, survey.closed_on or survey.closes_on).isoformat(),
        "minimum": survey.minimum,
        "comment_minimum": survey.comment_minimum,
    }


def items(questions: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Return what is counted: the questions, and each line of a matrix as one of its own."""
    for question in questions:
        if question["kind"] != QuestionKind.MATRIX:
            yield {**question, "item": question["code"], "line": "", "place": None}
            continue
        for place, line in enumerate(question["lines"]):
            yield {
                **question,
                "kind": QuestionKind.LIKERT.value,
                "item": f"{question['code']}.{place + 1}",
                "line": line,
                "place": place,
            }


def _answer(item: Mapping[str, Any], sheet: Sheet) -> Any:
    value = sheet["answers"].get(item["code"])
    return value[item["place"]] if item["place"] is not None and value is not None else value


def _segment(
    segment: Mapping[str, Any],
    place: int,
    cube: Cube,
    shown: set[Key],
    invited: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    asked = Counter(row.get(segment["code"], "") for row in invited)
    groups = []
    for group in segment["groups"]:
        key = _group_key(cube, place, group["code"])
        answered = cube.sets[key].bit_count() if key in shown else None
        groups.append(
            {
                **group,
                "answered": answered,
                "rate": percentage(answered, asked[group["code"]]) if answered else None,
            }
        )
    return {"code": segment["code"], "name": segment["name"], "groups": groups}


def _group_key(cube: Cube, place: int, code: str) -> Key:
    return tuple(code if at == place else None for at in range(cube.places))


def _crossed_keys(segments: Sequence[Mapping[str, Any]], cube: Cube) -> Iterable[Key]:
    for one in segments[0]["groups"]:
        for two in segments[1]["groups"]:
            yield (one["code"], two["code"], *(None,) * (cube.places - 2))


def _crossed(
    segments: Sequence[Mapping[str, Any]], cube: Cube, shown: set[Key]
) -> list[dict[str, Any]]:
    return [
        {
            "groups": list(key[:2]),
            "answered": cube.sets[key].bit_count() if key in shown else None,
        }
        for key in _crossed_keys(segments, cube)
    ]


def _question(
    item: Mapping[str, Any],
    sheets: Sequence[Sheet],
    segments: Sequence[Mapping[str, Any]],
    cube: Cube,
    shown: set[Key],
    survey: Survey,
) -> dict[str, Any]:
    values = [_answer(item, sheet) for sheet in sheets]
    answered = sum(1 << number for number, value in enumerate(values) if value is not None)
    found: dict[str, Any] = {
        name: item[name]
        for name in ("code", "item", "version", "kind", "scale", "dimension", "text", "line")
    } | {"choices": item["choices"]}
    if item["kind"] == QuestionKind.TEXT:
        # Words are not counted: whoever wrote some stands in no sheet.
        return found | {"whole": None, "groups": {}, "crossed": []}
    by_cell = _by_cell(item, values, cube, shown, answered, survey.minimum)

    def figure(key: Key) -> Figure | None:
        return by_cell.get(key)

    if (whole := figure(cube.whole)) is not None:
        whole["answers"] = answered.bit_count()
    found["whole"] = whole
    found["groups"] = {
        segment["code"]: {
            group["code"]: figure(_group_key(cube, place, group["code"]))
            for group in segment["groups"]
        }
        for place, segment in enumerate(segments)
    }
    keys = _crossed_keys(segments, cube) if survey.crossed else ()
    found["crossed"] = [figure(key) for key in keys]
    return found


def _by_cell(
    item: Mapping[str, Any],
    values: Sequence[Any],
    cube: Cube,
    shown: set[Key],
    answered: int,
    minimum: int,
) -> dict[Key, Figure | None]:
    """Return what is shown of a question in each cell that may be shown.

    A group of which a band is told counts as hidden for the others, or the whole without them
    would tell what the band hides.
    """
    cells = released(cube, minimum, answered, shown)
    found = {key: figure_of(item, _of(values, cube.sets[key] & answered)) for key in cells}
    bands = {
        key for key, figure in found.items() if key != cube.whole and "alike" in (figure or {})
    }
    if bands:
        cells = released(cube, minimum, answered, shown - bands)
    return {key: figure for key, figure in found.items() if key in cells | bands}


def _of(values: Sequence[Any], bits: int) -> list[Any]:
    """Return the values whose bits are set."""
    signs = bin(bits)[:1:-1]
    return [value for value, sign in zip(values, signs, strict=False) if sign == "1"]


def figure_of(item: Mapping[str, Any], values: Sequence[Any]) -> Figure | None:
    """Return what is shown of the answers of one set of people to one question.

    The number of answers is not told for a group: with it, the difference of two figures would
    be one of sums.
    """
    kind = QuestionKind(item["kind"])
    if kind is QuestionKind.LIKERT:
        return _levels(values)
    if kind is QuestionKind.ZERO_TO_TEN:
        return _to_ten(values)
    return _chosen(values, len(item["choices"]))


def _alike(counts: Mapping[Any, int], total: int) -> Any:
    """Return the answer that nearly everybody of a small group gave; None without one."""
    if total >= ALIKE_BELOW:
        return None
    value, most = max(counts.items(), key=lambda pair: pair[1])
    return value if most * 100 >= ALIKE_PERCENT * total else None


def _levels(values: Sequence[int]) -> Figure:
    total, counts = len(values), Counter(values)
    mean = sum(values) / total
    content = sum(count for level, count in counts.items() if level > LEVELS - 2)
    if (level := _alike(counts, total)) is not None:
        return {
            "score": 10 + (level - 1) * 20,
            "favourable": ALIKE_PERCENT if level > LEVELS - 2 else 100 - ALIKE_PERCENT,
            "alike": level,
        }
    found: Figure = {
        "score": _half_up((mean - 1) / (LEVELS - 1) * 100),
        "mean": _half_up(10 * mean) / 10,
        "favourable": percentage(content, total),
    }
    if total >= FEW:
        found["shares"] = [percentage(counts[level], total) for level in range(1, LEVELS + 1)]
    return found


def _to_ten(values: Sequence[int]) -> Figure:
    total, counts = len(values), Counter(values)
    if (level := _alike(counts, total)) is not None:
        return {"alike": level}
    found: Figure = {"mean": _half_up(10 * sum(values) / total) / 10}
    if total >= FEW:
        for_it = sum(counts[level] for level in (9, 10))
        against = sum(counts[level] for level in range(7))
        found["net"] = _half_up(100 * (for_it - against) / total)
    return found


def _chosen(values: Sequence[Any], choices: int) -> Figure | None:
    total = len(values)
    if total < FEW:
        return None
    counts = Counter(
        choice for value in values for choice in (value if isinstance(value, list) else [value])
    )
    if (choice := _alike(counts, total)) is not None:
        return {"alike": choice}
    return {"shares": [percentage(counts[choice], total) for choice in range(1, choices + 1)]}


def _dimensions(
    questions: Sequence[Mapping[str, Any]], segments: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the score of each dimension: the mean of the shown scores of its questions.

    It is made of what is shown anyway, so it tells nothing more.
    """
    members: dict[str, list[Mapping[str, Any]]] = {}
    names: dict[str, str] = {}
    for question in questions:
        if question["dimension"] and question["kind"] == QuestionKind.LIKERT:
            code = question["dimension"]["code"]
            members.setdefault(code, []).append(question)
            names[code] = question["dimension"]["name"]
    return [
        {
            "code": code,
            "name": names[code],
            "whole": _mean_score(row["whole"] for row in rows),
            "groups": {
                segment["code"]: {
                    group["code"]: _mean_score(
                        row["groups"][segment["code"]][group["code"]] for row in rows
                    )
                    for group in segment["groups"]
                }
                for segment in segments
            },
        }
        for code, rows in members.items()
    ]


def _mean_score(found: Iterable[Figure | None]) -> int | None:
    scores = [row["score"] if row else None for row in found]
    known = [score for score in scores if score is not None]
    if not known or len(known) < len(scores):
        return None
    return _half_up(sum(known) / len(known))
