"""20,000 Party members in one workbook: checked with a preview, then taken over."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

ROWS = 20_000
AT_MOST_SECONDS = 20.0
AT_MOST_MEGABYTES = 200.0


def measured(vendor: str, rows: int) -> Iterator[Measurement]:
    """Measure one kind of database."""
    with fresh_database(vendor) as surroundings:
        said = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.roster_import_process", str(rows)],
            cwd=ROOT,
            env=surroundings,
            check=True,
            stdout=subprocess.PIPE,
        )
    lines = (line.split() for line in said.stdout.decode().splitlines())
    figures = {line[0]: float(line[1]) for line in lines if len(line) == 2}
    where = f"{rows:,} members, {vendor}"
    yield Measurement(f"checked with preview, {where}", figures["checked"], "s")
    yield Measurement(f"taken over, {where}", figures["taken"], "s")
    yield Measurement(
        f"both, {where}", figures["checked"] + figures["taken"], "s", at_most=AT_MOST_SECONDS
    )
    yield Measurement(
        f"memory beyond a started portal, {where}",
        figures["memory"],
        "MB",
        at_most=AT_MOST_MEGABYTES,
    )


@benchmark("roster")
def roster() -> Iterator[Measurement]:
    """Import into both databases; ROSTER_ROWS makes it smaller."""
    rows = int(os.environ.get("ROSTER_ROWS", ROWS))
    for vendor in ("SQLite", "PostgreSQL"):
        yield from measured(vendor, rows)
