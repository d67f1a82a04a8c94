"""Honors: certificates in batch by two workers, the wall of ten thousand, verification.

``HONORS_BENCHMARK_SCALE`` below 1 makes everything smaller, for trying.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

SCALE = float(os.environ.get("HONORS_BENCHMARK_SCALE", "1"))
AWARDS = max(60, int(10_000 * SCALE))
CERTIFICATES = max(40, int(500 * SCALE))
VIEWS = max(20, int(300 * SCALE))
WORKERS = 2
CERTIFICATES_SECONDS = 180.0
WALL_MILLISECONDS = 150.0
VERIFICATION_MILLISECONDS = 50.0


def process(part: str, number: int, surroundings: dict[str, str]) -> subprocess.Popen[str]:
    """Start one process."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.honors_process", part, str(number)],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        text=True,
    )


def output(part: str, number: int, surroundings: dict[str, str]) -> list[str]:
    """Run one process; return its words.

    Raises:
        RuntimeError: it failed.
    """
    running = process(part, number, surroundings)
    printed, _errors = running.communicate()
    if running.returncode:
        raise RuntimeError(f"{part} failed.")
    return printed.split()


def drawn(surroundings: dict[str, str]) -> float:
    """Let both workers draw what was ordered; return the seconds it took, start included."""
    started = time.monotonic()
    workers = [process("draw", number, surroundings) for number in range(WORKERS)]
    for worker in workers:
        worker.communicate()
    if any(worker.returncode for worker in workers):
        raise RuntimeError("A worker failed.")
    return time.monotonic() - started


def measured(vendor: str) -> Iterator[Measurement]:
    """Measure one kind of database."""
    with fresh_database(vendor) as plain:
        surroundings = {**plain, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.honors_settings"}
        output("fill", AWARDS, surroundings)
        batch = int(output("order", CERTIFICATES, surroundings)[0])
        yield Measurement(
            f"{CERTIFICATES} certificates, {WORKERS} workers, {vendor}",
            drawn(surroundings),
            "s",
            at_most=CERTIFICATES_SECONDS,
        )
        seconds, megabytes = output("merge", batch, surroundings)[-2:]
        yield Measurement(f"put together, {vendor}", float(seconds), "s")
        yield Measurement(f"their size, {vendor}", float(megabytes), "MB")
        yield Measurement(
            f"wall of {AWARDS:,} honors, p95, {vendor}",
            float(output("wall", VIEWS, surroundings)[-1]),
            "ms",
            at_most=WALL_MILLISECONDS,
        )
        yield Measurement(
            f"verification, p95, {vendor}",
            float(output("verify", VIEWS, surroundings)[-1]),
            "ms",
            at_most=VERIFICATION_MILLISECONDS,
        )


@benchmark("honors")
def honors() -> Iterator[Measurement]:
    """Measure on both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        yield from measured(vendor)
