"""What a visitor sees when the portal itself fails."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client

from portal.pages import language


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("connection refused"), 503, "系统正在维护"),
        (DatabaseError("no such column"), 500, "系统出错了"),
        (RuntimeError("a fault"), 500, "系统出错了"),
    ],
)
def test_a_failure_has_its_page_and_needs_no_database(
    error: Exception,
    status: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    # Without the fixture that allows the database, any query would fail the test.
    monkeypatch.setattr(language.ChosenLanguageMiddleware, "__call__", fail)
    answer = Client(raise_request_exception=False).get("/news/")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)
