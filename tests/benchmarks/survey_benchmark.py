"""What surveys cost: an answer, the closing, the result page; and stock Wagtail forms beside."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

INVITED, ANSWERS, CLOSED = 5_000, 300, 10_000
GOALS = {"send_p95": 60.0, "close": 20_000.0, "page_p95": 200.0}
NAMES = {
    "send_median": "an answer of 33 questions, median",
    "send_p95": "an answer of 33 questions, p95",
    "alone_median": "the same without the web around it, median",
    "stock_median": "the same in a stock Wagtail form, median",
    "stock_export": "export of a stock form",
    "close": "closing 10,000 sheets",
    "page_p95": "result page of 60 units, p95",
    "export": "export of results",
}
# Faster than `wagtail.contrib.forms` in the same run.
RATIOS = (
    ("keeping an answer, against the stock form", "alone_median", "stock_median"),
    ("export, against the stock form", "export", "stock_export"),
)


@benchmark("survey")
def survey() -> Iterator[Measurement]:
    """Both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        with fresh_database(vendor) as surroundings:
            said = subprocess.run(
                [
                    *(sys.executable, "-m", "tests.benchmarks.survey_process"),
                    *map(str, (INVITED, ANSWERS, CLOSED)),
                ],
                cwd=ROOT,
                env=surroundings | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.survey_settings"},
                check=True,
                stdout=subprocess.PIPE,
            )
        figures = dict(line.split() for line in said.stdout.decode().splitlines() if " " in line)
        for code, name in NAMES.items():
            yield Measurement(
                f"{name}, {vendor}", float(figures[code]), "ms", at_most=GOALS.get(code)
            )
        for name, ours, stock in RATIOS:
            ratio = float(figures[ours]) / float(figures[stock])
            yield Measurement(f"{name}, {vendor}", ratio, "", at_most=1.0)
