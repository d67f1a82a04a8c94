"""What waits for an account: every application registers a source of its own tasks.

One query a source, however many tasks there are: a source returns its most urgent few and how
many there are in all.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.http import HttpRequest

from portal.workdays.calendar import WorkingCalendar
from portal.workdays.words import Due, due

logger = logging.getLogger(__name__)

# So many of all sources together are shown; a source that gives as many of its own, the most
# urgent first, leaves none out of them.
SHOWN = 10


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


class Urgent(NamedTuple):
    """One task beside those of other sources."""

    task: Task
    source: Any
    due: Due | None


_sources: dict[str, Callable[[Any], TaskList | None]] = {}


def register_tasks(code: str, source: Callable[[Any], TaskList | None]) -> None:
    """Add a source once, when its application is ready; None stands for not concerned.

    The source is asked at most once a request, for the header of a page or for the workspace.
    """
    _sources[code] = source


def task_lists(user: Any) -> list[TaskList]:
    """Return the lists that concern an account, empty ones included, in registration order.

    A source that fails is left out and logged: it must not take every page with it, since the
    header of each shows how much waits.
    """
    lists = []
    for code, source in _sources.items():
        try:
            found = source(user)
        except Exception:
            logger.exception("The tasks of %s cannot be read.", code)
            continue
        if found is not None:
            lists.append(found)
    return lists


def task_lists_of(request: HttpRequest) -> list[TaskList]:
    """Return the lists of whoever sent a request, read once."""
    lists: list[TaskList] | None = getattr(request, "_task_lists", None)
    if lists is None:
        lists = task_lists(request.user) if request.user.is_authenticated else []
        request._task_lists = lists  # type: ignore[attr-defined]
    return lists


def most_urgent(
    lists: Iterable[TaskList], today: datetime.date, known: WorkingCalendar
) -> list[Urgent]:
    """Return the first tasks of all sources together: by last day, those without one last.

    Among tasks of one day the order of the sources and the order inside them stays.
    """
    rows = [(task, found.title) for found in lists for task in found.tasks]
    rows.sort(key=lambda row: (row[0].due_on is None, row[0].due_on or today))
    return [
        Urgent(task, source, due(task.due_on, today, known) if task.due_on else None)
        for task, source in rows[:SHOWN]
    ]
