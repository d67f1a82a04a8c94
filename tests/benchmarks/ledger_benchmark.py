"""The ledger: appending by eight writers, verifying it, proving one entry of a million.

PostgreSQL runs as in production, with its log flushed to the disk at every commit.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.registry import Measurement, benchmark
from tests.infrastructure import postgresql

ROOT = Path(__file__).resolve().parent.parent.parent
WRITERS = 8
SECONDS = 10
VERIFIED_ROWS = 100_000
PROVEN_ROWS = 1_000_000
APPEND_GOALS = {"SQLite": 500, "PostgreSQL": 200}


def environment(database_url: str, folder: Path) -> dict[str, str]:
    """The environment of a process of the benchmark."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.publish_settings",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
    }


def process(part: str, number: int, surroundings: dict[str, str]) -> subprocess.Popen[str]:
    """Start one process."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.ledger_process", part, str(number)],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def output(part: str, number: int, surroundings: dict[str, str]) -> list[str]:
    """Run one process; return its lines.

    Raises:
        RuntimeError: it failed.
    """
    running = process(part, number, surroundings)
    printed, _errors = running.communicate()
    if running.returncode:
        raise RuntimeError(f"{part} failed.")
    return printed.splitlines()


def appended_per_second(surroundings: dict[str, str]) -> float:
    """Let all writers append at once.

    Raises:
        RuntimeError: one of them failed.
    """
    writers = [process("append", SECONDS, surroundings) for _ in range(WRITERS)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "ready"
    started = time.monotonic()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    counts = [int(writer.communicate()[0] or 0) for writer in writers]
    if any(writer.returncode for writer in writers):
        raise RuntimeError("A writer failed.")
    return sum(counts) / (time.monotonic() - started)


@contextlib.contextmanager
def fresh_database(vendor: str) -> Iterator[dict[str, str]]:
    """Migrate an empty database of this kind; yield the environment that leads to it."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-")))
        if vendor == "SQLite":
            url = f"sqlite:///{folder / 'bench.sqlite3'}"
        else:
            kept = dict(postgresql.SETTINGS)
            stack.callback(postgresql.SETTINGS.update, kept)
            postgresql.SETTINGS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
            url = stack.enter_context(postgresql.private_server())
        surroundings = environment(url, folder)
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, env=surroundings, check=True)
        yield surroundings


def measured(vendor: str) -> Iterator[Measurement]:
    """Measure one kind of database."""
    with fresh_database(vendor) as surroundings:
        rate = appended_per_second(surroundings)
        name = f"append, {WRITERS} writers, one entry a transaction, {vendor}"
        yield Measurement(name, rate, "rows/s", at_least=APPEND_GOALS[vendor])
        walk, tree = output("verify", VERIFIED_ROWS, surroundings)
        name = f"verify {VERIFIED_ROWS:,} rows with payloads, {vendor}"
        yield Measurement(name, float(walk), "s", at_most=10)
        yield Measurement(f"verify the tree over them, {vendor}", float(tree), "s")


def proven(vendor: str) -> Iterator[Measurement]:
    """Measure proofs of one kind of database."""
    with fresh_database(vendor) as surroundings:
        filled, line = output("prove", PROVEN_ROWS, surroundings)
        yield Measurement(f"fill the tree over {PROVEN_ROWS:,} rows, {vendor}", float(filled), "s")
        times = sorted(map(float, line.split()))
        name = f"inclusion proof at {PROVEN_ROWS:,} rows, {vendor}"
        middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
        yield Measurement(f"{name}, median", middle, "ms")
        yield Measurement(f"{name}, p95", late, "ms", at_most=10)


@benchmark("ledger")
def ledger() -> Iterator[Measurement]:
    """Append and verify on both databases."""
    for vendor in APPEND_GOALS:
        yield from measured(vendor)


@benchmark("ledger_proof")
def ledger_proof() -> Iterator[Measurement]:
    """Prove entries of a large ledger on both databases."""
    for vendor in APPEND_GOALS:
        yield from proven(vendor)
