"""Owners of files for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from portal.files import owners


@pytest.fixture(autouse=True)
def private_root(settings: Settings, tmp_path: Path) -> Path:
    """A folder of private files for each test."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    return tmp_path / "private"


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, set[int]]]:
    """Numbers of the accounts that may read, by owner; for the owner kind `test`."""
    allowed: dict[str, set[int]] = {}
    monkeypatch.setattr(owners, "_kinds", dict(owners._kinds))
    owners.register_owner("test", lambda user, owner: user.pk in allowed.get(owner, set()))
    yield allowed
