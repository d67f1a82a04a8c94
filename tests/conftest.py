"""What holds for every test: a closed network, empty caches, a quick way back after commits.

Fixtures that matter to whoever writes a test:

``db``
    one transaction that is rolled back; nothing commits, so the capture at commit does not happen
    unless the test calls ``portal.publishing.queue.flush()``.
``transactional_db``
    real commits, on both databases; afterwards the state right after the migrations is copied back
    (`tests.infrastructure.database_reset`), so roots, roles and workflow are always there.
``time_machine``
    moves the clock: ``time_machine.move_to("2026-12-01 09:00+08:00")``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils.translation.reloader import translation_file_changed
from pytest_django import DjangoDbBlocker

from portal.pages.catalogues import compile_catalogues
from tests.infrastructure import database_reset, network, prepared_database

# How long an example takes says something about the machine, not about the rule.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Let no test reach another machine."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        network.close(monkeypatch)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_translations() -> None:
    """Compile the Chinese catalogues, which a fresh clone does not have."""
    compile_catalogues()
    # Another worker may have written them after this one had looked, so what was read before is
    # forgotten whoever wrote them.
    translation_file_changed(None, Path("django.mo"))


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Start from the migrated database of an earlier run, where there is one."""
    return prepared_database.take()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Create the test database as usual and remember it for the tests that commit."""

    def put_back(self: TransactionTestCase) -> None:
        database_reset.restore()

    with django_db_blocker.unblock():
        prepared_database.keep()
        database_reset.remember()
    with pytest.MonkeyPatch.context() as monkeypatch:
        # Plain TransactionTestCase only: TestCase has its own, which rolls back.
        monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", put_back)
        yield


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """Start every test with empty caches."""
    database_reset.forget_cached_values()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out on SQLite what makes sense on PostgreSQL only, however the tests were chosen."""
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        return
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the files that the tests stored."""
    folder = getattr(settings, "TEMPORARY_DIR", None)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
