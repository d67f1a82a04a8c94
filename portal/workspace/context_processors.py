"""What the header of every page knows of the reader's work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from portal.workspace.waiting import Waiting


def my_work(request: HttpRequest) -> dict[str, Any]:
    """Return how much waits; nothing is read before a template asks."""
    return {"my_work": Waiting(request)}
