"""5,000 beneficiaries in one workbook: checked with a preview, then taken over."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

AT_MOST_SECONDS = 20.0


def measured(vendor: str) -> Iterator[Measurement]:
    """Measure one kind of database."""
    with fresh_database(vendor) as surroundings:
        said = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.register_import_process"],
            cwd=ROOT,
            env=surroundings,
            check=True,
            stdout=subprocess.PIPE,
        )
    lines = (line.split() for line in said.stdout.decode().splitlines())
    figures = {line[0]: float(line[1]) for line in lines if len(line) == 2}
    where = f"5,000 beneficiaries, {vendor}"
    yield Measurement(f"checked with preview, {where}", figures["checked"], "s")
    yield Measurement(f"taken over, {where}", figures["taken"], "s")
    yield Measurement(
        f"both, {where}", figures["checked"] + figures["taken"], "s", at_most=AT_MOST_SECONDS
    )


@benchmark("register")
def register() -> Iterator[Measurement]:
    """Import into both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        yield from measured(vendor)
