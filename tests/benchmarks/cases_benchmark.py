"""100,000 cases: the desk, one step, a changed calendar; and twenty who hand in at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

CASES = 100_000
APPLICANTS = 20
GOALS = {"queue_p95": 150.0, "step_p95": 30.0}
NAMES = {
    "queue_median": "page of the desk, median",
    "queue_p95": "page of the desk, p95",
    "step_median": "one step, median",
    "step_p95": "one step, p95",
    "ending_median": "the step that ends a case, median",
    "ending_p95": "the step that ends a case, p95",
}


def command(*arguments: object) -> list[str]:
    """Return the command of one part."""
    return [sys.executable, "-m", "tests.benchmarks.cases_process", *map(str, arguments)]


def measured(vendor: str) -> Iterator[Measurement]:
    """Measure one kind of database."""
    with fresh_database(vendor) as surroundings:
        subprocess.run(command("fill", CASES), cwd=ROOT, env=surroundings, check=True)
        said = subprocess.run(
            command("measure"), cwd=ROOT, env=surroundings, check=True, stdout=subprocess.PIPE
        )
        figures = dict(line.split() for line in said.stdout.decode().splitlines() if " " in line)
        where = f"{CASES:,} cases, {vendor}"
        for code, name in NAMES.items():
            yield Measurement(
                f"{name}, {where}", float(figures[code]), "ms", at_most=GOALS.get(code)
            )
        yield Measurement(
            f"all last days after a change of the calendar, {where}",
            float(figures["recompute"]),
            "s",
            at_most=60,
        )
        yield Measurement(f"last days that moved, {where}", float(figures["recomputed"]), "")
        yield from _at_once(vendor, surroundings)


def _at_once(vendor: str, surroundings: dict[str, str]) -> Iterator[Measurement]:
    """Let twenty processes hand in in the same moment."""
    processes = [
        subprocess.Popen(
            command("submit", number),
            cwd=ROOT,
            env=surroundings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(APPLICANTS)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0].split() for process in processes]
    times = [float(row[0]) for row in said if row]
    failed = sum(process.returncode != 0 for process in processes)
    name = f"{APPLICANTS} submissions at once, {vendor}"
    yield Measurement(f"errors in {name}", failed, "", at_most=0)
    yield Measurement(f"the slowest of {name}", max(times, default=0.0), "s")


@benchmark("cases")
def cases() -> Iterator[Measurement]:
    """Both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        yield from measured(vendor)
