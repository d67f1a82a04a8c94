"""What sending an opinion without a name costs, apart from the proof of work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

ROUNDS = 200
GOALS = {"send_p95": 150.0}
NAMES = {
    "send_median": "sending an opinion without a name, median",
    "send_p95": "sending an opinion without a name, p95",
    "named_p95": "sending an opinion with a name, p95",
    "look_p95": "opening one by its receipt, p95",
    "release_each": "releasing one of a batch of three, median",
}


def command(*arguments: object) -> list[str]:
    """Return the command of the measured half."""
    module = "tests.benchmarks.opinion_sending_process"
    return [sys.executable, "-m", module, *map(str, arguments)]


@benchmark("opinion_sending")
def opinion_sending() -> Iterator[Measurement]:
    """Both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        with fresh_database(vendor) as surroundings:
            said = subprocess.run(
                command(ROUNDS), cwd=ROOT, env=surroundings, check=True, stdout=subprocess.PIPE
            )
        figures = dict(line.split() for line in said.stdout.decode().splitlines() if " " in line)
        for code, name in NAMES.items():
            yield Measurement(
                f"{name}, {vendor}", float(figures[code]), "ms", at_most=GOALS.get(code)
            )
