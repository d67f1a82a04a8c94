"""The figures of support over 100,000 cases: counting them, and reading page and workbook."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

CASES = 100_000
GOAL = 200.0


def measured(vendor: str) -> Iterator[Measurement]:
    """Measure one kind of database."""
    command = [sys.executable, "-m", "tests.benchmarks.support_figures_process"]
    with fresh_database(vendor) as surroundings:
        subprocess.run([*command, "fill", str(CASES)], cwd=ROOT, env=surroundings, check=True)
        said = subprocess.run(
            [*command, "measure"], cwd=ROOT, env=surroundings, check=True, stdout=subprocess.PIPE
        )
        figures = dict(line.split() for line in said.stdout.decode().splitlines() if " " in line)
        where = f"{CASES:,} cases of five years, {vendor}"
        yield Measurement(
            f"page of figures, p95, {where}", float(figures["page_p95"]), "ms", at_most=GOAL
        )
        yield Measurement(f"page of figures, median, {where}", float(figures["page_median"]), "ms")
        yield Measurement(f"workbook, p95, {where}", float(figures["sheet_p95"]), "ms")
        yield Measurement(f"counting every year, {where}", float(figures["counted"]), "s")


@benchmark("support-figures")
def support_figures() -> Iterator[Measurement]:
    """Both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        yield from measured(vendor)
