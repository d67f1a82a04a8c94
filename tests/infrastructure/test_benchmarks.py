"""The table of measurements and the goals beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as program
from tests.benchmarks.registry import BENCHMARKS, Measurement


@pytest.mark.parametrize(
    ("bounds", "goal", "met"),
    [
        ({}, "", None),
        ({"at_most": 1.0}, "at most 1", False),
        ({"at_least": 1.0}, "at least 1", True),
        ({"at_least": 2.0, "at_most": 2.0}, "at least 2, at most 2", True),
    ],
)
def test_a_goal_is_met_or_not(bounds: dict[str, float], goal: str, met: bool | None) -> None:
    measurement = Measurement("pages", 2.0, "pages", **bounds)
    assert (measurement.goal, measurement.met) == (goal, met)


def test_numbers_of_other_benchmarks_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "RESULTS", tmp_path / "bench.json")
    monkeypatch.setitem(BENCHMARKS, "搜索", lambda: [Measurement("速度", 3.5, "ms", at_most=1)])
    monkeypatch.setitem(BENCHMARKS, "pages", lambda: [Measurement("weight", 90, "KB")])
    assert program.main(["搜索"]) == 0
    assert program.main(["pages"]) == 0
    saved = json.loads((tmp_path / "bench.json").read_text())
    assert saved["搜索"]["measurements"][0]["met"] is False
    assert saved["pages"]["measurements"][0]["value"] == 90
    assert "MISSED" in capsys.readouterr().out


def test_a_broken_benchmark_keeps_what_it_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks():
        yield Measurement("before", 1, "s")
        raise RuntimeError("no more")

    monkeypatch.setattr(program, "RESULTS", tmp_path / "bench.json")
    monkeypatch.setitem(BENCHMARKS, "breaks", breaks)
    assert program.main(["breaks"]) == 1
    assert json.loads((tmp_path / "bench.json").read_text())["breaks"]["measurements"]
