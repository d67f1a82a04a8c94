"""Run benchmarks: ``python -m tests.benchmarks [NAME...]``; without names, all of them."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
import time
import traceback
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import tests.benchmarks
from tests.benchmarks.registry import BENCHMARKS, Measurement

RESULTS = Path(__file__).resolve().parent.parent.parent / "build" / "bench.json"


def load() -> None:
    """Import every benchmark module, which registers what it measures."""
    for module in pkgutil.iter_modules(tests.benchmarks.__path__):
        if module.name.endswith("_benchmark"):
            importlib.import_module(f"tests.benchmarks.{module.name}")


def width(text: str) -> int:
    """Return how many columns a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(rows: list[tuple[str, ...]]) -> str:
    """Return rows as an aligned table; the second column is aligned to the right."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for column, text in enumerate(row):
            space = " " * (widths[column] - width(text))
            cells.append(space + text if column == 1 else text + space)
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * number for number in widths))
    return "\n".join(lines)


def merge(name: str, measurements: Iterable[Measurement], seconds: float) -> None:
    """Write one benchmark's numbers into build/bench.json; those of others stay."""
    RESULTS.parent.mkdir(exist_ok=True)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results[name] = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "measurements": [measurement.as_json() for measurement in measurements],
    }
    written = RESULTS.with_suffix(".new")
    written.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n")
    written.replace(RESULTS)


def measure(name: str) -> bool:
    """Run one benchmark and save its numbers; False when it broke."""
    print(f"Measuring {name} ...", flush=True)
    started = time.monotonic()
    measurements: list[Measurement] = []
    whole = True
    try:
        for measurement in BENCHMARKS[name]():
            measurements.append(measurement)
            print(f"  {measurement.name}: {measurement.value:,.4g} {measurement.unit}", flush=True)
    except Exception:
        # What was measured before it broke is still worth keeping.
        traceback.print_exc()
        whole = False
    merge(name, measurements, time.monotonic() - started)
    return whole


def show(names: list[str]) -> None:
    """Print the saved numbers of some benchmarks as one table."""
    rows: list[tuple[str, ...]] = [("measurement", "value", "unit", "goal", "")]
    results = json.loads(RESULTS.read_text())
    for name in names:
        for saved in results[name]["measurements"]:
            met = saved.pop("met")
            measurement = Measurement(**saved)
            verdict = {True: "met", False: "MISSED", None: ""}[met]
            value = f"{measurement.value:,.3f}".rstrip("0").rstrip(".")
            label = f"{name}: {measurement.name}"
            rows.append((label, value, measurement.unit, measurement.goal, verdict))
    print(f"\n{table(rows)}\n\nSaved in {os.path.relpath(RESULTS)}")


def main(names: list[str]) -> int:
    """Measure, print and save; 1 when a benchmark broke, whether goals are met or not."""
    load()
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(sorted(BENCHMARKS))}")
        return 2
    names = names or sorted(BENCHMARKS)
    if len(names) == 1:
        broken = [] if measure(names[0]) else names
    else:
        # Each in a process of its own: settings and memory of one do not touch the next.
        command = [sys.executable, "-m", "tests.benchmarks", "--quiet"]
        broken = [name for name in names if subprocess.run([*command, name]).returncode]
    if "--quiet" not in sys.argv:
        show(names)
    if broken:
        print(f"Broken: {', '.join(broken)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name != "--quiet"]))
