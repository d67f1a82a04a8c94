"""Work that a worker leases row by row, and must show life to keep.

A table of such work inherits `LeasedWork`; the functions here move its rows: waiting, leased, then
done or dead. Each row is worked on by one worker at a time, whatever happens to a worker.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar

from django.db import connection, connections, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEASE = datetime.timedelta(seconds=60)
MAX_ATTEMPTS = 5
RETRY_BASE_SECONDS = 5
DIED = "The worker died each time it was tried."


class WorkStatus(models.TextChoices):
    """Where a piece of work stands."""

    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("Being made")
    DONE = "done", _("Made")
    DEAD = "dead", _("Failed")


class LeasedWork(models.Model):
    """Columns of work that is leased, and how patient its table is.

    Attributes:
        max_attempts: how often a row is tried before it is put aside; None for `MAX_ATTEMPTS`.
        retry_base_seconds: the first wait, doubled each time; None for `RETRY_BASE_SECONDS`.
        retry_longest_seconds: no wait is longer; None for no bound.
    """

    max_attempts: ClassVar[int | None] = None
    retry_base_seconds: ClassVar[int | None] = None
    retry_longest_seconds: ClassVar[int | None] = None

    status = models.CharField(
        _("status"), max_length=10, choices=WorkStatus.choices, default=WorkStatus.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    available_at = models.DateTimeField()
    worker = models.CharField(max_length=80, blank=True)
    lease_ends_at = models.DateTimeField(null=True)
    last_error = models.TextField(_("last error"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        abstract = True


Work = TypeVar("Work", bound=LeasedWork)


class LeaseLost(RuntimeError):
    """Another worker took over while this one was silent; its result stands."""


def worker_name() -> str:
    """Return a name no other worker has, readable in lists of work."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def _most_attempts(model: type[LeasedWork]) -> int:
    return MAX_ATTEMPTS if model.max_attempts is None else model.max_attempts


@transaction.atomic
def take(model: type[Work], worker: str, *conditions: Q) -> Work | None:
    """Lease the next row of a table to a worker; None when nothing is due.

    What made its workers die again and again is put aside on the way, so that one poisonous row
    cannot stop the others.

    Args:
        conditions: which rows the worker takes, if not all.
    """
    now = timezone.now()
    while (row := _next(model, now, conditions)) is not None:
        if row.attempts < _most_attempts(model):
            row.status = WorkStatus.LEASED
            row.worker = worker
            row.attempts += 1
            row.lease_ends_at = now + LEASE
            row.save(update_fields=["status", "worker", "attempts", "lease_ends_at"])
            return row
        row.status = WorkStatus.DEAD
        row.last_error = row.last_error or DIED
        row.finished_at = now
        row.save(update_fields=["status", "last_error", "finished_at"])
    return None


def _next(model: type[Work], now: datetime.datetime, conditions: tuple[Q, ...]) -> Work | None:
    due = model._default_manager.filter(
        Q(status=WorkStatus.WAITING, available_at__lte=now)
        | Q(status=WorkStatus.LEASED, lease_ends_at__lt=now),
        *conditions,
    ).order_by("available_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    return due.first()


def _held(row: LeasedWork, **values: object) -> int:
    return (
        type(row)
        ._default_manager.filter(pk=row.pk, status=WorkStatus.LEASED, worker=row.worker)
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


def _patience(row: LeasedWork) -> datetime.timedelta:
    base = RETRY_BASE_SECONDS if row.retry_base_seconds is None else row.retry_base_seconds
    seconds = base * 2 ** (row.attempts - 1)
    if row.retry_longest_seconds is not None:
        seconds = min(seconds, row.retry_longest_seconds)
    return datetime.timedelta(seconds=seconds)


@transaction.atomic
def give_back(row: LeasedWork, error: Exception, reason: str = "") -> bool:
    """Put work back with growing patience, or aside after the last attempt.

    Args:
        reason: a code to be kept instead of the words of the error, where people read it.

    Returns:
        Whether it was put aside.
    """
    now = timezone.now()
    dead = row.attempts >= _most_attempts(type(row))
    held = _held(
        row,
        status=WorkStatus.DEAD if dead else WorkStatus.WAITING,
        lease_ends_at=None,
        worker="",
        finished_at=now if dead else None,
        available_at=now + _patience(row),
        last_error=reason or f"{type(error).__name__}: {error}"[:2000],
    )
    return dead and bool(held)


def postpone(row: LeasedWork, until: datetime.datetime, reason: str) -> None:
    """Put work back that could not even be tried; the attempt does not count."""
    _held(
        row,
        status=WorkStatus.WAITING,
        attempts=max(row.attempts - 1, 0),
        lease_ends_at=None,
        worker="",
        available_at=until,
        last_error=reason,
    )


def revive(rows: models.QuerySet[Any], **values: object) -> int:
    """Give what was put aside a fresh start; return how many rows were.

    Args:
        rows: of one table of leased work; those that were not put aside stay as they are.
        values: columns of the table that start afresh as well.
    """
    fresh = {"attempts": 0, "finished_at": None, "last_error": "", **values}
    return rows.filter(status=WorkStatus.DEAD).update(
        status=WorkStatus.WAITING, available_at=timezone.now(), **fresh
    )
