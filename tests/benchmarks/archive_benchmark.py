"""Sealing an item, exporting ten thousand of them, and proving that a backup of them comes back."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

DATABASES = ("SQLite", "PostgreSQL")
SEALED = 10
FEW, MANY = 2_000, 10_000
KINDS = {"transfer": "transfer package", "csip": "E-ARK packages"}


def portal(surroundings: dict[str, str]) -> dict[str, str]:
    """Return the environment of a portal with all its files in one folder, and its demo signer."""
    return {**surroundings, "DJANGO_SETTINGS_MODULE": "tests.infrastructure.demo_settings"}


def said(surroundings: dict[str, str], part: str, argument: str) -> Any:
    """Run one process; return what it printed last.

    Raises:
        CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", "tests.benchmarks.archive_process", part, argument]
    ended = subprocess.run(command, cwd=ROOT, env=surroundings, check=True, stdout=subprocess.PIPE)
    return json.loads(ended.stdout.decode().strip().splitlines()[-1])


@benchmark("archive_sealing")
def archive_sealing() -> Iterator[Measurement]:
    """Items of two pages, with everything between taking the work and the row that proves it."""
    for vendor in DATABASES:
        with fresh_database(vendor) as surroundings:
            found = said(portal(surroundings), "seal", str(SEALED))
        yield Measurement(
            f"pages of the text, {vendor}", max(found["pages"]), "pages", at_least=2, at_most=2
        )
        seconds = found["seconds"]
        yield Measurement(f"sealing, median, {vendor}", statistics.median(seconds), "s", at_most=2)
        yield Measurement(f"sealing, slowest of {SEALED}, {vendor}", max(seconds), "s", at_most=2)


@benchmark("archive_volume")
def archive_volume() -> Iterator[Measurement]:
    """Exports of many items with the memory of the worker, and the restore drill of all of them."""
    for vendor in DATABASES:
        with fresh_database(vendor) as plain, tempfile.TemporaryDirectory() as folder:
            surroundings = portal(plain)
            yield from _exports(vendor, surroundings)
            yield from _restored(vendor, said(surroundings, "restore", folder))


def _exports(vendor: str, surroundings: dict[str, str]) -> Iterator[Measurement]:
    grown: dict[tuple[str, int], float] = {}
    for count in (FEW, MANY):
        assert said(surroundings, "fill", str(count)) == count
        for kind, name in KINDS.items():
            found = said(surroundings, "export", kind)
            assert (found["records"], found["items"], found["problems"]) == (count, count, 0)
            grown[kind, count] = found["megabytes"]
            words = f"{name} of {count:,}, {vendor}"
            yield Measurement(f"{words}, memory above the start", grown[kind, count], "MB", 150)
            yield Measurement(words, found["seconds"], "s")
    for kind, name in KINDS.items():
        more = grown[kind, MANY] - grown[kind, FEW]
        # Each record more costs its line in the directory of the zip and nothing else.
        yield Measurement(f"{name}, {MANY:,} above {FEW:,}, {vendor}", more, "MB", at_most=20)


def _restored(vendor: str, found: dict[str, Any]) -> Iterator[Measurement]:
    assert (found["records"] >= MANY, found["faults"]) == (True, []), found
    where = f"{MANY:,} records, {found['entries']:,} ledger entries, {vendor}"
    yield Measurement(f"restore drill, {where}", found["drill"] / 60, "min", at_most=15)
    yield Measurement(f"first backup, {where}", found["backup"] / 60, "min")
    yield Measurement(f"stored files, {vendor}", found["objects"], "files")
    yield Measurement(f"stored bytes, {vendor}", found["megabytes"], "MB")
