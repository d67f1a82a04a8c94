"""Take work, keep it by showing life, give it back. The pattern of the renders, for any table."""

from __future__ import annotations

import contextlib
import datetime
import threading
from collections.abc import Iterator
from typing import TypeVar

from django.db import connection, connections, transaction
from django.db.models import Q
from django.utils import timezone

from portal.archives.models import RenderStatus
from portal.archives.models.work import LeasedWork

LEASE = datetime.timedelta(seconds=60)
MAX_ATTEMPTS = 5
RETRY_BASE_SECONDS = 5
DIED = "The worker died each time it was tried."

Work = TypeVar("Work", bound=LeasedWork)


class LeaseLost(RuntimeError):
    """Another worker took over while this one was silent; its result stands."""


@transaction.atomic
def take(model: type[Work], worker: str) -> Work | None:
    """Lease the next row of a table to a worker; None when nothing is due.

    What made its workers die again and again is put aside on the way.
    """
    now = timezone.now()
    while (row := _next(model, now)) is not None:
        if row.attempts < MAX_ATTEMPTS:
            row.status = RenderStatus.LEASED
            row.worker = worker
            row.attempts += 1
            row.lease_ends_at = now + LEASE
            row.save(update_fields=["status", "worker", "attempts", "lease_ends_at"])
            return row
        row.status = RenderStatus.DEAD
        row.last_error = row.last_error or DIED
        row.finished_at = now
        row.save(update_fields=["status", "last_error", "finished_at"])
    return None


def _next(model: type[Work], now: datetime.datetime) -> Work | None:
    due = model._default_manager.filter(
        Q(status=RenderStatus.WAITING, available_at__lte=now)
        | Q(status=RenderStatus.LEASED, lease_ends_at__lt=now)
    ).order_by("available_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    return due.first()


def _held(row: LeasedWork, **values: object) -> int:
    return (
        type(row)
        ._default_manager.filter(pk=row.pk, status=RenderStatus.LEASED, worker=row.worker)
        .update(**values)
    )


def extend(row: LeasedWork) -> bool:
    """Show that the worker lives; False when the lease is lost."""
    return bool(_held(row, lease_ends_at=timezone.now() + LEASE))


@contextlib.contextmanager
def heartbeat(row: LeasedWork) -> Iterator[None]:
    """Extend the lease in the background while long work runs."""
    stopped = threading.Event()

    def beat() -> None:
        try:
            while not stopped.wait(LEASE.total_seconds() / 3):
                if not extend(row):
                    return
        finally:
            connections.close_all()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def close(row: LeasedWork, status: str, **values: object) -> None:
    """End the lease with a result. Call it first in the transaction that writes the result.

    Raises:
        LeaseLost: another worker has taken over; the transaction must write nothing.
    """
    ended = {"finished_at": timezone.now(), "lease_ends_at": None, "last_error": "", **values}
    if not _held(row, status=status, **ended):
        raise LeaseLost(f"{row._meta.label} {row.pk}")


@transaction.atomic
def give_back(row: LeasedWork, error: Exception, reason: str = "") -> None:
    """Put work back with growing patience, or aside after the last attempt.

    Args:
        reason: a code to be kept instead of the words of the error, where people read it.
    """
    now = timezone.now()
    dead = row.attempts >= MAX_ATTEMPTS
    _held(
        row,
        status=RenderStatus.DEAD if dead else RenderStatus.WAITING,
        lease_ends_at=None,
        worker="",
        finished_at=now if dead else None,
        available_at=now + datetime.timedelta(seconds=RETRY_BASE_SECONDS * 2 ** (row.attempts - 1)),
        last_error=reason or f"{type(error).__name__}: {error}"[:2000],
    )
