"""The small flow of the tests, and a Monday without holidays near it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories.cases import MATTER, Matter, registered


@pytest.fixture(autouse=True)
def small_flow() -> Iterator[None]:
    """Register the flow of the tests."""
    with registered(MATTER):
        yield


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    """Stand on a Monday, with folders of one's own."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def matter(db: None) -> Matter:
    """A draft of the small flow with an account for each party."""
    return Matter()
