"""What capture costs: publishing with its record against stock Wagtail, which keeps none.

Compared is the same request on the same page type with the same content: on one side the portal's
review page, on the other Wagtail's own approval (`GroupApprovalTask`, its workflow action address,
stock database engines, nothing captured, no transaction added). Search index, reference index,
notification by mail, log, sessions and task backend are the same. Both sides run in processes of
their own with databases of their own and are measured in turns.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.registry import Measurement, benchmark
from tests.infrastructure.postgresql import private_server

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 200
SIDES = {
    "portal": "tests.benchmarks.publish_settings",
    "stock": "tests.benchmarks.publish_stock_settings",
}
GOALS = {"approve": 1.10, "publish": 1.20}
NAMES = {"approve": "HTTP approve request", "publish": "revision.publish()"}


class Side:
    """A process that publishes when told to."""

    def __init__(self, name: str, database_url: str, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.publish_process", name],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": SIDES[name],
                "DATABASE_URL": database_url,
                "DATA_DIR": str(folder),
                "LOG_LEVEL": "ERROR",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answer("ready")

    def answer(self, expected: str = "") -> str:
        """Return the next line of the process.

        Raises:
            RuntimeError: it ended instead.
        """
        assert self.process.stdout is not None
        while line := self.process.stdout.readline().strip():
            if not expected or line == expected:
                return line
        raise RuntimeError("The publishing process ended early.")

    def measure(self, kind: str) -> float:
        """Return milliseconds of one approval or publication."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kind}\n")
        self.process.stdin.flush()
        return float(self.answer())

    def close(self) -> int:
        """Let it check its database; return its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(timeout=120)


@contextlib.contextmanager
def sides(urls: dict[str, str], folder: Path) -> Iterator[dict[str, Side]]:
    """Run both sides.

    Raises:
        RuntimeError: one of them did not do what it was measured for.
    """
    running: dict[str, Side] = {}
    try:
        for name, url in urls.items():
            running[name] = Side(name, url, folder / name)
        yield running
        wrong = [name for name, side in running.items() if side.close()]
        if wrong:
            raise RuntimeError(f"Not everything was published by: {', '.join(wrong)}.")
    finally:
        for side in running.values():
            side.process.kill()


def compare(vendor: str, urls: dict[str, str], folder: Path) -> Iterator[Measurement]:
    """Measure both sides in turns, the beginner changing from round to round."""
    with sides(urls, folder) as running:
        for kind, goal in GOALS.items():
            times: dict[str, list[float]] = {name: [] for name in running}
            for number in range(ROUNDS):
                names = list(running) if number % 2 else list(reversed(running))
                for name in names:
                    times[name].append(running[name].measure(kind))
            medians = {name: statistics.median(values) for name, values in times.items()}
            label = f"{NAMES[kind]}, {vendor}"
            yield Measurement(f"{label}, with capture, median", medians["portal"], "ms")
            yield Measurement(f"{label}, stock, median", medians["stock"], "ms")
            yield Measurement(
                f"{label}, with capture to stock",
                medians["portal"] / medians["stock"],
                "ratio",
                at_most=goal,
            )


def postgresql_urls(address: str) -> dict[str, str]:
    """Create a database for each side; return their addresses."""
    import psycopg

    base, _slash, _name = address.rpartition("/")
    port, _colon, folder = base.removeprefix("postgres://").partition("@:")[2].partition("/")
    with psycopg.connect(
        host=folder,
        port=port,
        user=address.split("//")[1].split("@")[0],
        dbname="postgres",
        autocommit=True,
    ) as connection:
        for name in SIDES:
            connection.execute(f'CREATE DATABASE "bench_{name}"')  # type: ignore[arg-type]
    return {name: f"{base}/bench_{name}" for name in SIDES}


@benchmark("publish")
def publish() -> Iterator[Measurement]:
    """The price of the record, on both databases, median of 200 in turns."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        urls = {side: f"sqlite:///{folder / side}.sqlite3" for side in SIDES}
        yield from compare("SQLite", urls, folder)
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as name,
        private_server() as address,
    ):
        yield from compare("PostgreSQL", postgresql_urls(address), Path(name))
