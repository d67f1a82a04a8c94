"""What the portal asks for is what an installation gets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_NAME = re.compile(r"^([A-Za-z0-9._-]+)")


def names(path: Path) -> set[str]:
    """Return the packages that lines of a file begin with, in one spelling."""
    found = (_NAME.match(line) for line in path.read_text().splitlines() if line[:1] not in "#-")
    return {re.sub(r"[-_.]+", "-", match[1]).lower() for match in found if match}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_dependency_is_in_the_lock(name):
    wanted = names(ROOT / f"{name}.in")

    assert wanted
    assert wanted - names(ROOT / f"{name}.txt") == set()
