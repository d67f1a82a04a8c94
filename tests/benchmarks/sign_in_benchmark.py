"""300 phones that sign in to one meeting within a minute, through the whole portal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

PHONES, PROCESSES = 300, 4
AT_MOST_SECONDS = 60.0


@benchmark("sign_in")
def sign_in() -> Iterator[Measurement]:
    """Both databases; on SQLite all processes write to one file."""
    for vendor in ("SQLite", "PostgreSQL"):
        with fresh_database(vendor) as surroundings:
            said = subprocess.run(
                [
                    *(sys.executable, "-m", "tests.benchmarks.sign_in_process"),
                    *("room", str(PHONES), str(PROCESSES)),
                ],
                cwd=ROOT,
                env=surroundings,
                check=True,
                stdout=subprocess.PIPE,
            )
        figures = dict(line.split() for line in said.stdout.decode().splitlines() if " " in line)
        where = f"{PHONES} phones, {PROCESSES} processes, {vendor}"
        yield Measurement(
            f"signing in without success, {where}", float(figures["errors"]), "phones", at_most=0
        )
        yield Measurement(
            f"all signed in, {where}", float(figures["seconds"]), "s", at_most=AT_MOST_SECONDS
        )
        yield Measurement(
            f"reading the code, opening, tapping, p95, {where}", float(figures["p95"]), "ms"
        )
