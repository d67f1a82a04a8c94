"""System checks: what must never be so where real people work."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from pytest_django import Settings

from portal.archives import triggers
from tests.factories.certificates import PASSWORD, certificate
from tests.factories.people import make_user

OLD = base64.b64encode(b"a" * 32).decode()
NEW = base64.b64encode(b"b" * 32).decode()
INDEX = base64.b64encode(b"c" * 32).decode()


def found(*, deploy: bool = False, databases: list[str] | None = None) -> set[str]:
    """Return the ids of our own findings."""
    messages = run_checks(include_deployment_checks=deploy, databases=databases)
    own = ("people.", "roles.", "personal_data.", "archives.")
    return {str(message.id) for message in messages if str(message.id).startswith(own)}


@pytest.fixture
def like_production(settings: Settings, tmp_path: Path) -> Settings:
    """Settings as on a production machine."""
    settings.PACKAGE_CERTIFICATE = certificate(tmp_path / "signer.p12")
    settings.PACKAGE_CERTIFICATE_PASSWORD = PASSWORD
    settings.DEBUG = settings.DEMO = False
    settings.REQUIRE_MULTI_FACTOR = True
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    settings.BLIND_INDEX_KEY = INDEX
    return settings


def test_production_finds_nothing(like_production: Settings) -> None:
    """With the settings as they should be all is quiet."""
    assert found(deploy=True) == set()


CASES: list[tuple[str, Any, str]] = [
    ("DEBUG", True, "people.E004"),
    ("DEMO", True, "people.E005"),
    ("REQUIRE_MULTI_FACTOR", False, "people.W002"),
    ("WEB_PROCESSES", 2, "people.W004"),
    ("FIELD_ENCRYPTION_KEYS", ["no key"], "personal_data.E001"),
    ("FIELD_ENCRYPTION_KEYS", [], "personal_data.E001"),
    ("FIELD_ENCRYPTION_KEYS", [NEW, NEW], "personal_data.E003"),
    ("FIELD_ENCRYPTION_KEYS", [INDEX], "personal_data.E003"),
    (
        "FIELD_ENCRYPTION_KEYS",
        ["ZGV2ZWxvcG1lbnQtZW5jcnlwdGlvbi1rZXktMzJieXQ="],
        "personal_data.E002",
    ),
    ("BLIND_INDEX_KEY", "", "personal_data.E001"),
    ("WAGTAIL_ENABLE_UPDATE_CHECK", True, "people.E001"),
    ("WAGTAIL_GRAVATAR_PROVIDER_URL", "//www.gravatar.com/avatar", "people.E002"),
    ("MIDDLEWARE", [], "people.E003"),
]


@pytest.mark.parametrize(("name", "value", "expected"), CASES)
def test_each_finding(like_production: Settings, name: str, value: Any, expected: str) -> None:
    """Each wrong setting is found by its own id."""
    setattr(like_production, name, value)
    assert expected in found(deploy=True)


@pytest.mark.django_db
def test_superusers(settings: Settings) -> None:
    """Nobody stands above the officers in production; a developer may."""
    make_user(is_superuser=True)
    settings.DEBUG = False
    assert found(databases=["default"]) == {"people.W003"}
    assert found() == set()
    settings.DEBUG = True
    assert found(databases=["default"]) == set()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("harm", [triggers.remove])
def test_ledger_triggers(harm: Callable[[Any], None]) -> None:
    """A ledger without its triggers is found, and migrate's way of mending it mends it."""
    assert found(databases=["default"]) == set()
    harm(connection)
    try:
        assert found(databases=["default"]) == {"archives.W001"}
    finally:
        triggers.install(connection)
    assert found(databases=["default"]) == set()
