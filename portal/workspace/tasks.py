"""What waits for an account: every application registers a source of its own tasks.

One query a source, however many tasks there are: a source returns its newest few and how
many there are in all.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SHOWN = 5


@dataclass(frozen=True)
class Task:
    """One thing to do: what, where, until when."""

    title: str
    url: str
    note: Any = ""
    due_on: datetime.date | None = None


@dataclass(frozen=True)
class TaskList:
    """The tasks of one source for one account.

    Attributes:
        tasks: the first few, the most urgent first.
        count: how many there are in all.
        url: where all of them are.
    """

    title: Any
    url: str
    count: int
    tasks: list[Task] = field(default_factory=list)


_sources: dict[str, Callable[[Any], TaskList | None]] = {}


def register_tasks(code: str, source: Callable[[Any], TaskList | None]) -> None:
    """Add a source once, when its application is ready; None stands for not concerned."""
    _sources[code] = source


def task_lists(user: Any) -> list[TaskList]:
    """Return the lists that concern an account, empty ones included, in registration order."""
    return [found for source in _sources.values() if (found := source(user)) is not None]
