"""What is checked before anonymous opinions are taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from union.opinions.registration import ANONYMOUS_PREFIX

BACKENDS = "django.core.cache.backends"
KEY = "YW5vdGhlci1yZWNlaXB0LXBlcHBlci1vZi0zMmJ5dGU="


def found() -> set[str]:
    messages = run_checks(include_deployment_checks=True)
    return {str(message.id) for message in messages if str(message.id).startswith("union.")}


@pytest.fixture
def confirmed(settings: Any) -> Any:
    settings.ANONYMOUS_PATHS_UNLOGGED = True
    return settings


def test_all_is_quiet_when_it_is_as_it_should_be(confirmed: Any) -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ANONYMOUS_PATHS_UNLOGGED", False, "union.W001"),
        ("RECEIPT_PEPPER", "", "union.E001"),
        ("RECEIPT_PEPPER", "no key", "union.E001"),
        ("BLIND_INDEX_KEY", KEY, "union.E002"),
        ("MIDDLEWARE", ["django.middleware.common.CommonMiddleware"], "union.E003"),
        ("CSRF_USE_SESSIONS", True, "union.E004"),
        ("SESSION_SAVE_EVERY_REQUEST", True, "union.E004"),
        ("CACHES", {"default": {"BACKEND": f"{BACKENDS}.db.DatabaseCache"}}, "union.W003"),
    ],
)
def test_each_finding(confirmed: Any, name: str, value: Any, expected: str) -> None:
    confirmed.RECEIPT_PEPPER = KEY
    setattr(confirmed, name, value)
    assert expected in found()


def test_a_cache_of_files_is_a_finding(confirmed: Any, tmp_path: Path) -> None:
    confirmed.CACHES = {
        "default": {
            "BACKEND": f"{BACKENDS}.filebased.FileBasedCache",
            "LOCATION": str(tmp_path),
        }
    }
    assert "union.W003" in found()


def test_the_snippet_for_the_proxy_names_the_paths() -> None:
    from portal.settings.environment import BASE_DIR

    written = (BASE_DIR / "docs" / "union-opinions.md").read_text(encoding="utf-8")
    assert f"location {ANONYMOUS_PREFIX}" in written
    assert "access_log off;" in written
    # Only the pages of the box load these; a line about them would tell who was there when.
    for name in ("unsigned", "puzzle"):
        assert (BASE_DIR / "portal/static/portal/js" / f"{name}.js").exists()
    assert "location ~ ^/static/portal/js/(unsigned|puzzle)\\." in written
