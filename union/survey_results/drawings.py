"""The drawings of frozen figures. Each has its table below."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.charts import Chart, LineChart, RowChart, Series, ShareChart
from union.models.survey_design import Scale
from union.survey_results.reading import (
    Reading,
    asked_alike,
    item_name,
    level_words,
    overall_of,
)


def charts(reading: Reading) -> list[Chart]:
    """Return the drawings that have something to draw: dimensions, shares by scale, the trend."""
    if not reading.enough:
        return []
    found = [_dimensions(reading), *_shares(reading), *_trend(reading)]
    return [chart for chart in found if chart.categories and not chart.is_empty]


def _dimensions(reading: Reading) -> Chart:
    return RowChart(
        _("Score of each dimension"),
        _("0 is the worst, 100 the best."),
        _("Dimension"),
        [
            f"{row.name}（{row.score.words}）" if reading.before else row.name
            for row in reading.dimensions
        ],
        [Series(_("Score"), [row.score.now for row in reading.dimensions])],
        pgettext("survey", "points"),
        "dimensions",
    )


def _shares(reading: Reading) -> list[Chart]:
    """One drawing for each dimension: how the answers to its questions are spread."""
    by_name: dict[tuple[str, str], list[Any]] = {}
    for row in reading.levels:
        name = row["dimension"]["name"] if row["dimension"] else pgettext("survey", "Altogether")
        by_name.setdefault((name, row["scale"]), []).append(row)
    found: list[Chart] = []
    # Questions without a dimension may have two scales; then both drawings say theirs.
    often = Counter(name for name, _scale in by_name)
    for number, ((name, scale), rows) in enumerate(by_name.items(), start=1):
        words = level_words(rows[0])
        shares = [(row["whole"] or {}).get("shares") or [None] * len(words) for row in rows]
        found.append(
            ShareChart(
                name if often[name] == 1 else f"{name}（{Scale(scale).label}）",
                _("Answers by level, in percent."),
                _("Question"),
                [item_name(row) for row in rows],
                [
                    Series(word, [share[place] for share in shares])
                    for place, word in enumerate(words)
                ],
                "%",
                f"shares-{number}",
            )
        )
    return found


def _trend(reading: Reading) -> list[Chart]:
    """Return the line of the whole over the surveys of the series; broken where wording changed."""
    waves = [wave for wave in reading.waves if overall_of(wave) is not None]
    if len(waves) < 2:
        return []
    names: list[str] = []
    values: list[int | None] = []
    for before, wave in zip([None, *waves], waves, strict=False):
        if before is not None and not asked_alike(before, wave):
            # A gap in the line, and a word for it in the table.
            names.append("≠")
            values.append(None)
        day = parse_date(wave["survey"]["opened_on"])
        names.append(f"{day:%Y-%m}" if day else "")
        values.append(overall_of(wave))
    return [
        LineChart(
            _("Over the years"),
            _("The mean of all dimensions in each survey. ≠: other wording, not comparable."),
            _("Survey"),
            names,
            [Series(_("Score"), values)],
            pgettext("survey", "points"),
            "trend",
        )
    ]
