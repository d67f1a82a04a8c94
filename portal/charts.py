"""Charts as plain SVG drawn on the server: upright bars, lying bars, lines, shares.

A chart is geometry for `templates/components/chart.html`, which writes the same numbers as a
table below it. Coordinates are in units of a drawing 300 wide, which is the room a phone has, so
that its words are as large there as they should be; elsewhere it may grow by half.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

WIDTH = 300
HEIGHT = 190
LEFT = 40
RIGHT = 8
TOP = 10
BOTTOM = 24
ROW_HEIGHT = 36
# Series are told apart by filling as well as by colour; more than these cannot be.
MOST_SERIES = 3
# Upright bars or points beyond these would be thinner than a finger or their labels overlap.
MOST_COLUMNS = 31
LABELS_ACROSS = 12


@dataclass(frozen=True)
class Series:
    """One line or one colour of bars; None stands for no value."""

    name: Any
    values: Sequence[float | None]


@dataclass(frozen=True)
class Bar:
    """One bar: place and size, its filling (the number of its series, or a level), what it says."""

    x: float
    y: float
    width: float
    height: float
    series: int | str
    label: str


@dataclass(frozen=True)
class Line:
    """One line: the points of its pieces as SVG writes them, and its markers."""

    pieces: list[str]
    markers: list[Bar]
    series: int


@dataclass(frozen=True)
class Label:
    """Words at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Tick:
    """A value on the axis with its place."""

    place: float
    text: str


@dataclass
class Drawing:
    """Everything that the component draws."""

    width: int
    height: float
    left: int = LEFT
    right: int = WIDTH - RIGHT
    ticks: list[Tick] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    values: list[Label] = field(default_factory=list)


class ChartError(ValueError):
    """The numbers cannot be drawn."""


def number_words(value: float | None) -> str:
    """Return a number as people write it: 1,234 or 12.5; a dash for none."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def nice_ceiling(value: float) -> float:
    """Return the smallest of 1, 2, 4, 5, 10, 20, 40, 50 ... that is not below a value."""
    if value <= 4:
        return 4
    power = 10 ** math.floor(math.log10(value))
    for step in (1, 2, 4, 5, 10):
        if value <= step * power:
            return float(step * power)
    raise AssertionError("Ten times the power of ten is above every value.")


@dataclass(frozen=True)
class Chart(ABC):
    """Numbers with the words around them.

    Attributes:
        title: what it shows; also the caption of the table.
        description: what a reader who cannot see the drawing should know first.
        heading: the heading of the first column of the table.
        categories: the names along the axis.
        unit: what is counted, such as 件 or 天.
    """

    title: Any
    description: Any
    heading: Any
    categories: Sequence[Any]
    series: Sequence[Series]
    unit: Any = ""
    code: str = "chart"

    most_series: ClassVar[int] = MOST_SERIES

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn.

        Raises:
            ChartError: too many series, values without a category, or negative values.
        """
        if not 1 <= len(self.series) <= self.most_series:
            raise ChartError(f"A chart has 1 to {self.most_series} series.")
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ChartError(f"{series.name} needs one value for each category.")
            if any(value is not None and value < 0 for value in series.values):
                raise ChartError(f"{series.name} has a negative value.")

    @property
    def legend(self) -> list[tuple[int | str, Any]]:
        """Return number and name of each series; nothing for a single one."""
        if len(self.series) == 1:
            return []
        return [(number, series.name) for number, series in enumerate(self.series, start=1)]

    @property
    def rows(self) -> list[tuple[Any, list[str]]]:
        """Return the rows of the table: the category and its values in words."""
        return [
            (category, [number_words(series.values[place]) for series in self.series])
            for place, category in enumerate(self.categories)
        ]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for series in self.series for value in series.values)

    @property
    @abstractmethod
    def drawing(self) -> Drawing:
        """Return the geometry."""

    def _largest(self) -> float:
        values = [value for series in self.series for value in series.values if value is not None]
        return nice_ceiling(max(values, default=0))

    def _label(self, place: int, series: Series, value: float) -> str:
        name = f" {series.name}" if len(self.series) > 1 else ""
        return f"{self.categories[place]}{name}：{number_words(value)}{self.unit}"

    def _upright(self) -> tuple[Drawing, float, float]:
        """Return a drawing with axis and labels, the largest value, and the width of a step."""
        if len(self.categories) > MOST_COLUMNS:
            raise ChartError(f"More than {MOST_COLUMNS} categories stand too close; use rows.")
        largest = self._largest()
        drawing = Drawing(WIDTH, HEIGHT)
        for part in range(5):
            value = largest * part / 4
            drawing.ticks.append(Tick(_height_of(value, largest), number_words(value)))
        step = (WIDTH - LEFT - RIGHT) / max(len(self.categories), 1)
        every = math.ceil(len(self.categories) / LABELS_ACROSS)
        for place, category in enumerate(self.categories):
            if place % every == 0:
                middle = round(LEFT + step * (place + 0.5), 1)
                drawing.labels.append(Label(middle, HEIGHT - 8, str(category)))
        return drawing, largest, step


def _height_of(value: float, largest: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / largest, 1)


class BarChart(Chart):
    """Upright bars, the series side by side; for up to 31 short names, such as months."""

    @property
    def drawing(self) -> Drawing:
        """Return the geometry."""
        drawing, largest, step = self._upright()
        width = step * 0.8 / len(self.series)
        for number, series in enumerate(self.series):
            for place, value in enumerate(series.values):
                if value:
                    y = min(_height_of(value, largest), HEIGHT - BOTTOM - 1)
                    drawing.bars.append(
                        Bar(
                            round(LEFT + step * (place + 0.1) + width * number, 1),
                            y,
                            round(width, 1),
                            round(HEIGHT - BOTTOM - y, 1),
                            number + 1,
                            self._label(place, series, value),
                        )
                    )
        return drawing


class LineChart(Chart):
    """A line for each series; a missing value leaves a gap."""

    @property
    def drawing(self) -> Drawing:
        """Return the geometry."""
        drawing, largest, step = self._upright()
        for number, series in enumerate(self.series, start=1):
            pieces: list[list[str]] = [[]]
            markers = []
            for place, value in enumerate(series.values):
                if value is None:
                    pieces.append([])
                    continue
                x, y = round(LEFT + step * (place + 0.5), 1), _height_of(value, largest)
                pieces[-1].append(f"{x},{y}")
                markers.append(Bar(x, y, 0, 0, number, self._label(place, series, value)))
            drawing.lines.append(
                Line([" ".join(piece) for piece in pieces if len(piece) > 1], markers, number)
            )
        return drawing


class RowChart(Chart):
    """Lying bars of one series, each under its name; for names of any length."""

    @property
    def drawing(self) -> Drawing:
        """Return the geometry.

        Raises:
            ChartError: there is more than one series.
        """
        if len(self.series) != 1:
            raise ChartError("Lying bars have one series.")
        largest = max((value or 0 for value in self.series[0].values), default=0) or 1
        drawing = Drawing(WIDTH, ROW_HEIGHT * max(len(self.categories), 1))
        room = WIDTH - 64
        for place, value in enumerate(self.series[0].values):
            top = ROW_HEIGHT * place
            drawing.labels.append(Label(0, top + 14, str(self.categories[place])))
            width = round(room * (value or 0) / largest, 1)
            if value:
                # Something is never drawn as nothing.
                width = max(width, 1)
                label = self._label(place, self.series[0], value)
                drawing.bars.append(Bar(0, top + 19, width, 12, 1, label))
            words = f"{number_words(value)}{self.unit}"
            drawing.values.append(Label(round(width + 4, 1), top + 29, words))
        return drawing


class ShareChart(Chart):
    """Lying bars of a whole each, divided into up to five levels that add up to 100 percent.

    A level is told apart by its place and the number in it; the series go from the worst level to
    the best. A row without values is left out of the drawing and stays in the table.
    """

    most_series: ClassVar[int] = 5
    # Below so many percent of a bar a number does not fit into its part.
    room_for_number: ClassVar[int] = 9

    @property
    def legend(self) -> list[tuple[int | str, Any]]:
        """Return filling and name of each level."""
        return [(f"level-{number}", row.name) for number, row in enumerate(self.series, start=1)]

    @property
    def drawing(self) -> Drawing:
        """Return the geometry."""
        places = [
            place
            for place in range(len(self.categories))
            if any(series.values[place] is not None for series in self.series)
        ]
        drawing = Drawing(WIDTH, (ROW_HEIGHT + 4) * max(len(places), 1))
        for row, place in enumerate(places):
            top = (ROW_HEIGHT + 4) * row
            drawing.labels.append(Label(0, top + 14, str(self.categories[place])))
            values = [series.values[place] or 0 for series in self.series]
            # Rounded shares add up to 99 or 101 as well.
            scale = WIDTH / (sum(values) or 1)
            x = 0.0
            for number, value in enumerate(values, start=1):
                width = round(value * scale, 1)
                if not value:
                    continue
                label = self._label(place, self.series[number - 1], value)
                drawing.bars.append(Bar(round(x, 1), top + 19, width, 16, f"level-{number}", label))
                if value >= self.room_for_number:
                    drawing.values.append(
                        Label(round(x + width / 2 - 4, 1), top + 32, number_words(value))
                    )
                x += width
        return drawing
