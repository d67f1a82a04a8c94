"""Charts: the geometry, the table below, and what assistive programs read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from portal.charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    BarChart,
    Chart,
    ChartError,
    LineChart,
    RowChart,
    Series,
    ShareChart,
    nice_ceiling,
    number_words,
)

values = st.lists(st.none() | st.integers(0, 10**9), min_size=1, max_size=12)


def chart(kind: type[Chart], *series: list[Any]) -> Chart:
    return kind(
        "标题",
        "说明",
        "月份",
        [f"{number}月" for number in range(len(series[0]))],
        [Series(f"系列{number}", values) for number, values in enumerate(series)],
        "件",
        "test",
    )


@given(values, st.sampled_from([BarChart, LineChart, RowChart]))
def test_everything_is_drawn_inside(numbers: list[int | None], kind: type[Chart]) -> None:
    drawing = chart(kind, numbers).drawing
    for bar in drawing.bars:
        assert bar.width > 0 or not numbers
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.2
        assert 0 <= bar.y <= bar.y + bar.height <= drawing.height + 0.2
    for line in drawing.lines:
        for marker in line.markers:
            assert LEFT <= marker.x <= WIDTH - RIGHT
            assert TOP <= marker.y <= HEIGHT - BOTTOM
    assert len(drawing.bars) + sum(len(line.markers) for line in drawing.lines) == (
        sum(value is not None for value in numbers)
        if kind is LineChart
        else sum(bool(value) for value in numbers)
    )


@given(st.integers(0, 10**12))
def test_the_axis_ends_above_every_value_and_not_far_above(value: int) -> None:
    top = nice_ceiling(value)
    assert top >= value
    assert top == 4 or top < value * 2.5


def test_a_bar_is_as_high_as_its_value() -> None:
    drawing = chart(BarChart, [100, 50, 0]).drawing
    assert [bar.height for bar in drawing.bars] == [
        HEIGHT - TOP - BOTTOM,
        (HEIGHT - TOP - BOTTOM) / 2,
    ]
    assert [tick.text for tick in drawing.ticks] == ["0", "25", "50", "75", "100"]


def test_a_missing_value_is_a_gap_of_the_line() -> None:
    (line,) = chart(LineChart, [1, 2, None, 3, 4, None, 5]).drawing.lines
    assert len(line.pieces) == 2
    assert len(line.markers) == 5


@pytest.mark.parametrize(
    ("kind", "series"),
    [
        (BarChart, ([1], [1], [1], [1])),
        (BarChart, ([1], [1, 2])),
        (BarChart, ([-1],)),
        (BarChart, ([1] * 32,)),
        (RowChart, ([1], [2])),
    ],
)
def test_what_cannot_be_drawn_is_refused(kind: type[Chart], series: tuple[list[int], ...]) -> None:
    with pytest.raises(ChartError):
        _ = chart(kind, *series).drawing


def test_numbers_in_words() -> None:
    assert [number_words(value) for value in (None, 0, 1234, 12.5, 12.0)] == [
        *("—", "0", "1,234", "12.5", "12")
    ]


def rendered(shown: Chart) -> str:
    with override("zh-hans"):
        return render_to_string("components/chart.html", {"chart": shown})


@pytest.mark.parametrize("kind", [BarChart, LineChart])
def test_the_component_has_title_description_legend_and_table(kind: type[Chart]) -> None:
    text = rendered(chart(kind, [1, 2], [3, None]))
    assert 'role="img"' in text
    assert '<title id="test-title">标题</title>' in text
    assert '<desc id="test-description">说明</desc>' in text
    assert re.search(r"<th scope=\"row\">1月</th><td class=\"number\">2</td>", text)
    assert '<td class="number">—</td>' in text
    assert text.count("chart__key") == 2
    assert "style=" not in text, "the content security policy forbids it"
    assert "<script" not in text


def test_words_are_escaped_and_numbers_keep_their_point() -> None:
    with override("zh-hans"):
        text = rendered(RowChart("<b>", "<i>", "<u>", ["<script>"], [Series("n", [1.5])]))
    for tag in ("<b>", "<i>", "<u>", "<script>"):
        assert tag not in text
    assert "1.5" in text


def test_nothing_to_draw_is_said() -> None:
    text = rendered(chart(BarChart, [0, None]))
    assert "暂无数据" in text
    assert "chart__drawing" not in text


@given(st.lists(st.integers(0, 100), min_size=5, max_size=5))
def test_shares_fill_their_bar_exactly(shares: list[int]) -> None:
    drawing = chart(ShareChart, *([share] for share in shares)).drawing
    assert sum(bar.width for bar in drawing.bars) == pytest.approx(
        WIDTH if any(shares) else 0, abs=0.5
    )
    assert all(0 <= bar.x <= WIDTH for bar in drawing.bars)


def test_a_row_without_shares_is_in_the_table_only() -> None:
    found = chart(ShareChart, [20, None], [80, None])
    assert [label.text for label in found.drawing.labels] == ["0月"]
    assert [row[1] for row in found.rows] == [["20", "80"], ["—", "—"]]
    assert [filling for filling, _name in found.legend] == ["level-1", "level-2"]
