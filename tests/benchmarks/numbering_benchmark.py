"""Archive codes: 8,000 numbers by 16 writers, one transaction in ten rolled back."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from tests.benchmarks.ledger_benchmark import ROOT, fresh_database
from tests.benchmarks.registry import Measurement, benchmark

WRITERS = 16
NUMBERS = 8000
CHECK = """
import django; django.setup()
from portal.archives.models import IssuedCode
from portal.archives.numbering.report import code_faults
numbers = sorted(IssuedCode.objects.values_list("item_number", flat=True))
print(len(numbers) - len(set(numbers)), len(set(range(1, len(numbers) + 1)) - set(numbers)),
      len(list(code_faults())), len(numbers))
"""


def measured(vendor: str) -> Iterator[Measurement]:
    """Let all writers take their numbers at once, then count duplicates and gaps."""
    with fresh_database(vendor) as surroundings:
        command = [sys.executable, "-m", "tests.benchmarks.numbering_process"]
        writers = [
            subprocess.Popen(
                [*command, str(NUMBERS // WRITERS), str(number)],
                cwd=ROOT,
                env=surroundings,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(WRITERS)
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline().strip() == "ready"
        started = time.monotonic()
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
        undone = sum(int(writer.communicate()[0] or 0) for writer in writers)
        seconds = time.monotonic() - started
        if any(writer.returncode for writer in writers):
            raise RuntimeError("A writer failed.")
        counted = subprocess.run(
            [sys.executable, "-c", CHECK],
            cwd=ROOT,
            env=surroundings,
            check=True,
            capture_output=True,
            text=True,
        )
        duplicates, gaps, faults, issued = map(int, counted.stdout.split())
        name = f"{WRITERS} writers, {vendor}"
        yield Measurement(f"numbers issued by {name}", issued, "", at_least=NUMBERS)
        yield Measurement(f"duplicates, {name}", duplicates, "", at_most=0)
        yield Measurement(f"gaps, {name}", gaps, "", at_most=0)
        yield Measurement(f"faults in the report, {name}", faults, "", at_most=0)
        yield Measurement(f"rolled back, {name}", undone, "")
        yield Measurement(f"numbers a second, {name}", issued / seconds, "1/s")


@benchmark("numbering")
def numbering() -> Iterator[Measurement]:
    """Both databases."""
    for vendor in ("SQLite", "PostgreSQL"):
        yield from measured(vendor)
