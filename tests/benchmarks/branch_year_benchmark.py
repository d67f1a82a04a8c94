"""The year of 200 branches with 40,000 activities, their indicators, and one handbook."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

BRANCHES, ACTIVITIES = 200, 40_000


def measured(vendor: str) -> Iterator[Measurement]:
    """Measure one kind of database."""
    command = [sys.executable, "-m", "tests.benchmarks.branch_year_process"]
    with fresh_database(vendor) as surroundings:
        filled = [*command, "fill", str(BRANCHES), str(ACTIVITIES)]
        subprocess.run(filled, cwd=ROOT, env=surroundings, check=True)
        said = subprocess.run(
            [*command, "measure"], cwd=ROOT, env=surroundings, check=True, stdout=subprocess.PIPE
        )
    figures = dict(line.split() for line in said.stdout.decode().splitlines() if " " in line)
    where = f"{BRANCHES} branches, {ACTIVITIES:,} activities, {vendor}"
    value = {name: float(text) for name, text in figures.items() if name != "pikepdf"}
    yield Measurement(f"year, median, {where}", value["year_median"], "ms")
    yield Measurement(f"year, p95, {where}", value["year_p95"], "ms", at_most=300)
    yield Measurement(f"queries of the year, {where}", value["queries"], "", at_most=12)
    yield Measurement(f"indicators, median, {where}", value["panel"], "ms")
    name = f"handbook of {value['pages']:.0f} pages, a page, {vendor}"
    yield Measurement(name, value["handbook"], "s", at_most=0.12)


@benchmark("branch_year")
def branch_year() -> Iterator[Measurement]:
    """Both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        yield from measured(vendor)
