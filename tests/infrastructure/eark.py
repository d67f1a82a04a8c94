"""What eark-validator says of a package: a program of others, in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "build" / "eark-environment" / "bin" / "python"


@dataclass(frozen=True)
class Judgement:
    """What it found.

    Attributes:
        well_formed: whether the folders are those of a package; METS is looked at only then.
        errors: rule and words of everything that a package must not have.
        warnings: rules of what it should not have.
    """

    well_formed: bool
    errors: list[str]
    warnings: list[str]


@cache
def _unavailable() -> str:
    """Install it where it is not yet; return why that failed, empty when it is there."""
    made = subprocess.run([ROOT / ".ci" / "eark-validator"], capture_output=True, text=True)
    return "" if made.returncode == 0 else made.stderr.strip()[-300:] or "no reason given"


def judged(package: Path, folder: Path) -> Judgement:
    """Let eark-validator judge a package; skips the test where it cannot be installed.

    Args:
        package: a folder or a zip.
        folder: where it may unpack a zip.
    """
    if reason := _unavailable():
        pytest.skip(f"eark-validator cannot be installed here: {reason}")
    program = ROOT / "tests" / "infrastructure" / "eark_process.py"
    said = subprocess.run(
        [PYTHON, program, package],
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    return _read(json.loads(said.stdout.strip().splitlines()[-1]))


def _read(report: dict[str, Any]) -> Judgement:
    messages: list[dict[str, Any]] = list(report["structure"]["messages"])
    metadata = report.get("metadata") or {}
    for part in ("schema_results", "schematron_results"):
        messages += (metadata.get(part) or {}).get("messages", [])

    def of(severity: str) -> list[dict[str, Any]]:
        return [one for one in messages if one["severity"].upper().startswith(severity)]

    return Judgement(
        well_formed=str(report["structure"]["status"]).lower() == "wellformed",
        errors=[f"{one['rule_id']}: {one['message']}" for one in of("ERROR")],
        warnings=[str(one["rule_id"]) for one in of("WARN")],
    )
