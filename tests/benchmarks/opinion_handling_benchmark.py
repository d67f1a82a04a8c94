"""100,000 opinions: the desks of the union and of a unit, the dashboards, the count of a year."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

OPINIONS = 100_000
GOALS = {"lists_p95": 150.0, "dashboard_p95": 150.0}
NAMES = {
    "lists_median": "lists of union and units, median",
    "lists_p95": "lists of union and units, p95",
    "dashboard_median": "dashboard, median",
    "dashboard_p95": "dashboard, p95",
    "sheet": "dashboard as a workbook, median",
}


def command(*arguments: object) -> list[str]:
    """Return the command of one part."""
    module = "tests.benchmarks.opinion_handling_process"
    return [sys.executable, "-m", module, *map(str, arguments)]


@benchmark("opinion_handling")
def opinion_handling() -> Iterator[Measurement]:
    """Both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        with fresh_database(vendor) as surroundings:
            subprocess.run(command("fill", OPINIONS), cwd=ROOT, env=surroundings, check=True)
            said = subprocess.run(
                command("measure"), cwd=ROOT, env=surroundings, check=True, stdout=subprocess.PIPE
            )
        figures = dict(line.split() for line in said.stdout.decode().splitlines() if " " in line)
        where = f"{OPINIONS:,} opinions, {vendor}"
        for code, name in NAMES.items():
            yield Measurement(
                f"{name}, {where}", float(figures[code]), "ms", at_most=GOALS.get(code)
            )
        yield Measurement(f"count of a year, {where}", float(figures["count"]), "s", at_most=60)
