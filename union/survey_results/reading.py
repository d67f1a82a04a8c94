"""What a reader is shown of frozen figures, and how they compare with the last time.

Everything here comes from the frozen JSON of one survey and of earlier ones of its series; no
sheet is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from union.models.survey_design import QuestionKind
from union.models.surveys import SurveyResult
from union.surveys.questionnaire import LEVEL_WORDS

HIDDEN = "—"
# The steps of the heat table: below 60, 70, 80, 90, and above. A judgement; words stand beside.
HEAT_STEPS = (60, 70, 80, 90)

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """A score beside that of the last time.

    Attributes:
        before: None when there is nothing that can be compared.
        broken: something was asked then, but in other words.
    """

    now: int | None
    before: int | None = None
    broken: bool = False

    @property
    def change(self) -> int | None:
        """By how many points it rose."""
        if self.now is None or self.before is None:
            return None
        return self.now - self.before

    @property
    def words(self) -> str:
        """The change in words, never by colour alone."""
        if self.broken:
            return _("asked in other words")
        if (change := self.change) is None:
            return HIDDEN
        if change == 0:
            return _("unchanged")
        pattern = _("up %(points)d") if change > 0 else _("down %(points)d")
        return pattern % {"points": abs(change)}


@dataclass(frozen=True)
class ScoreRow:
    """A dimension or a question with its score and its change."""

    code: str
    name: str
    score: Comparison
    favourable: int | None = None


@dataclass(frozen=True)
class HeatCell:
    """A cell of the heat table: the words in it, and its step from 1 to 5; 0 when hidden."""

    words: str
    step: int


@dataclass(frozen=True)
class HeatTable:
    """Groups by dimension, or by question."""

    code: str
    name: str
    columns: list[str]
    rows: list[tuple[str, list[HeatCell]]]


@dataclass(frozen=True)
class ChosenTable:
    """The shares of a question with choices of its own."""

    text: str
    rows: list[tuple[str, int]]
    note: str = ""


@dataclass(frozen=True)
class Net:
    """A question from 0 to 10: its mean, and those for it less those against it."""

    text: str
    mean: float | None
    net: int | None


@dataclass
class Reading:
    """Everything a page, a workbook or a PDF shows of one survey."""

    content: Content
    before: Content | None = None
    waves: Sequence[Content] = field(default_factory=list)

    @property
    def enough(self) -> bool:
        """Whether enough answered for anything to be shown."""
        return bool(self.content["enough"])

    @property
    def facts(self) -> Mapping[str, Any]:
        """Title, days and rules of the survey."""
        found: Mapping[str, Any] = self.content["survey"]
        return found

    @property
    def overall(self) -> Comparison:
        """The mean of the dimensions."""
        before = self.before
        comparable = before is not None and asked_alike(before, self.content)
        return Comparison(
            overall_of(self.content),
            overall_of(before) if before is not None and comparable else None,
            before is not None and not comparable,
        )

    @property
    def dimensions(self) -> list[ScoreRow]:
        """The dimensions with their change."""
        return [
            ScoreRow(row["code"], row["name"], self._dimension(row))
            for row in self.content.get("dimensions", [])
        ]

    def _dimension(self, row: Mapping[str, Any]) -> Comparison:
        if self.before is None:
            return Comparison(row["whole"])
        then = next((old for old in self.before["dimensions"] if old["code"] == row["code"]), None)
        if then is None:
            return Comparison(row["whole"])
        same = _wordings(self.content, row["code"]) == _wordings(self.before, row["code"])
        return Comparison(row["whole"], then["whole"] if same else None, not same)

    @property
    def levels(self) -> list[Mapping[str, Any]]:
        """The questions with five levels."""
        return [
            row for row in self.content["questions"] if row["kind"] == QuestionKind.LIKERT.value
        ]

    @property
    def questions(self) -> list[ScoreRow]:
        """The questions with five levels, the lowest score first."""
        rows = [
            ScoreRow(
                row["item"],
                item_name(row),
                self._question(row),
                (row["whole"] or {}).get("favourable"),
            )
            for row in self.levels
        ]
        return sorted(rows, key=lambda row: (row.score.now is None, row.score.now))

    def _question(self, row: Mapping[str, Any]) -> Comparison:
        now = (row["whole"] or {}).get("score")
        if self.before is None:
            return Comparison(now)
        then = [old for old in self.before["questions"] if old["item"] == row["item"]]
        if not then:
            return Comparison(now)
        if _wording(then[0]) != _wording(row):
            return Comparison(now, broken=True)
        return Comparison(now, (then[0]["whole"] or {}).get("score"))

    @property
    def heat(self) -> list[HeatTable]:
        """For each segment its groups by dimension."""
        return [
            HeatTable(
                segment["code"],
                segment["name"],
                [row["name"] for row in self.content["dimensions"]],
                [
                    (
                        group["name"],
                        [
                            heat_cell(row["groups"][segment["code"]][group["code"]])
                            for row in self.content["dimensions"]
                        ],
                    )
                    for group in segment["groups"]
                ],
            )
            for segment in self.content["segments"]
            if self.content["dimensions"]
        ]

    @property
    def heat_by_question(self) -> list[HeatTable]:
        """For each segment its groups by question."""
        return [
            HeatTable(
                segment["code"],
                segment["name"],
                [item_name(row) for row in self.levels],
                [
                    (
                        group["name"],
                        [
                            heat_cell(_score(row["groups"][segment["code"]][group["code"]]))
                            for row in self.levels
                        ],
                    )
                    for group in segment["groups"]
                ],
            )
            for segment in self.content["segments"]
            if self.levels
        ]

    @property
    def crossed(self) -> list[HeatTable]:
        """The first two segments together: the mean of all questions with five levels."""
        cells = self.content.get("crossed") or []
        if not cells or not self.levels:
            return []
        one, two = self.content["segments"][:2]
        scores = {
            tuple(cell["groups"]): _mean(
                _score(row["crossed"][place]) for row in self.levels if row["crossed"]
            )
            for place, cell in enumerate(cells)
        }
        rows = [
            (
                group["name"],
                [heat_cell(scores[(group["code"], other["code"])]) for other in two["groups"]],
            )
            for group in one["groups"]
        ]
        return [
            HeatTable(
                "crossed",
                f"{one['name']} × {two['name']}",
                [other["name"] for other in two["groups"]],
                rows,
            )
        ]

    @property
    def nets(self) -> list[Net]:
        """The questions from 0 to 10."""
        return [
            Net(
                row["text"],
                (row["whole"] or {}).get("mean"),
                (row["whole"] or {}).get("net"),
            )
            for row in self.content["questions"]
            if row["kind"] == QuestionKind.ZERO_TO_TEN.value
        ]

    @property
    def choices(self) -> list[ChosenTable]:
        """The questions with choices of their own."""
        kinds = {QuestionKind.SINGLE.value, QuestionKind.MULTIPLE.value}
        return [_chosen(row) for row in self.content["questions"] if row["kind"] in kinds]


def read(result: SurveyResult, *, published: bool = False) -> Reading:
    """Return what is shown of the figures of a survey, beside the last of its series.

    Args:
        published: whether only earlier surveys whose results are published stand beside it, as
            for readers outside of the office.
    """
    survey = result.survey
    earlier: list[Content] = []
    if survey.series:
        rows = SurveyResult.objects.filter(
            survey__series=survey.series,
            # Results of one office are not read beside those of the other.
            survey__office=survey.office,
            survey__opens_on__lt=survey.opens_on,
        )
        if published:
            rows = rows.filter(survey__result_page__live=True)
        earlier = [
            content
            for content in rows.order_by("survey__opens_on").values_list("content", flat=True)
            if content["enough"]
        ]
    return Reading(result.content, earlier[-1] if earlier else None, [*earlier, result.content])


def item_name(row: Mapping[str, Any]) -> str:
    """Return the words of a question, with its line."""
    return f"{row['text']}：{row['line']}" if row["line"] else str(row["text"])


def level_words(row: Mapping[str, Any]) -> list[str]:
    """Return the words of the five levels of a question."""
    return [str(word) for word in LEVEL_WORDS[row["scale"]]]


def overall_of(content: Content) -> int | None:
    """Return the mean of the scores of all dimensions; None where one is hidden."""
    return _mean(row["whole"] for row in content.get("dimensions", []))


def asked_alike(before: Content, now: Content) -> bool:
    """Whether two surveys asked the same dimensions in the same words."""
    return _all_wordings(before) == _all_wordings(now)


def heat_cell(score: int | None) -> HeatCell:
    """Return a score with its step; "hidden" and "nobody" look alike."""
    if score is None:
        return HeatCell(HIDDEN, 0)
    return HeatCell(str(score), 1 + sum(score >= step for step in HEAT_STEPS))


def _mean(scores: Iterable[int | None]) -> int | None:
    found = list(scores)
    known = [score for score in found if score is not None]
    return int(sum(known) / len(known) + 0.5) if known and len(known) == len(found) else None


def _score(figure: Mapping[str, Any] | None) -> int | None:
    return figure.get("score") if figure else None


def _wording(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["code"], row["version"], row["scale"], row["line"]


def _wordings(content: Content, dimension: str) -> set[tuple[Any, ...]]:
    return {
        _wording(row)
        for row in content["questions"]
        if row["dimension"]
        and row["dimension"]["code"] == dimension
        and row["kind"] == QuestionKind.LIKERT.value
    }


def _all_wordings(content: Content) -> dict[str, set[tuple[Any, ...]]]:
    return {row["code"]: _wordings(content, row["code"]) for row in content["dimensions"]}


def _chosen(row: Mapping[str, Any]) -> ChosenTable:
    figure = row["whole"]
    if figure is None:
        return ChosenTable(row["text"], [], _("Too few answers to be shown."))
    if "alike" in figure:
        choice = row["choices"][figure["alike"] - 1]
        return ChosenTable(
            row["text"], [], _("At least 90 %% chose “%(choice)s”.") % {"choice": choice}
        )
    return ChosenTable(row["text"], list(zip(row["choices"], figure["shares"], strict=True)))
