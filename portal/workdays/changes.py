"""What happens when the calendar changes: processes read it again, deadlines are recomputed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

ChangeCallback = Callable[[frozenset[int]], None]

_callbacks: dict[str, ChangeCallback] = {}


def on_calendar_change(code: str, callback: ChangeCallback) -> None:
    """Register what depends on the calendar, once, when an application is ready.

    The callback gets the years whose days changed. It runs in the transaction of the change,
    so nobody ever sees the new calendar with the old deadlines; an error undoes the change.
    """
    _callbacks[code] = callback


def forget_callback(code: str) -> None:
    """Take a callback out again."""
    _callbacks.pop(code, None)


def renew_version() -> None:
    """Make every process read the calendar again at its next question."""
    from portal.workdays.models import CalendarVersion

    CalendarVersion.objects.update_or_create(pk=1, defaults={"token": uuid.uuid4()})


def announce(years: Iterable[int]) -> None:
    """Let everything that depends on these years follow. Must run in the transaction.

    Raises:
        TransactionManagementError: no transaction is running.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("The calendar changes in a transaction.")
    renew_version()
    changed = frozenset(years)
    for callback in _callbacks.values():
        callback(changed)


def _row_changed(**_arguments: Any) -> None:
    renew_version()


def connect() -> None:
    """Renew the version also when a single row is saved or deleted past the services."""
    from portal.workdays.models import CalendarDay, CalendarYear

    for model in (CalendarDay, CalendarYear):
        for signal in (post_save, post_delete):
            signal.connect(_row_changed, sender=model, dispatch_uid=f"workdays-{model.__name__}")
