"""The typed environment readers and their documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.settings import environment

DEPLOYMENT = Path(environment.BASE_DIR / "docs" / "deployment.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(environment.VARIABLES))
def test_every_variable_is_documented(name: str) -> None:
    assert f"| `{name}` |" in DEPLOYMENT


def test_reading_an_undeclared_variable_is_an_error() -> None:
    with pytest.raises(LookupError):
        environment.text("NOT_DECLARED", default="")


def test_truth_values_are_read_from_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "on")
    assert environment.boolean("DEMO", default=False) is True
    monkeypatch.setenv("DEMO", "off")
    assert environment.boolean("DEMO", default=True) is False


def test_lists_lose_their_empty_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, ,b.example,")
    assert environment.names("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_a_relative_path_counts_from_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    assert environment.path("DATA_DIR", Path("var")) == environment.BASE_DIR / "elsewhere"
