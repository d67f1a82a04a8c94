"""Leased work: each record's files are made exactly once, whatever happens to a worker."""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator

from django.db import connection, connections, transaction
from django.utils import timezone

from portal.archives import ledger
from portal.archives.access.keys import is_sealed_level
from portal.archives.access.refusals import LevelChanged
from portal.archives.access.sealing import discard
from portal.archives.models import Record, Render, RenderStatus
from portal.archives.rendition import MadeFile, make_files, save_files
from portal.archives.search import index_record

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(seconds=60)
MAX_ATTEMPTS = 5
RETRY_BASE_SECONDS = 5
RENDITION = "rendition"


class LeaseLost(RuntimeError):
    """Another worker took over while this one was silent; its result stands."""


def worker_name() -> str:
    """Return a name no other worker has, readable in the list of renders."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@transaction.atomic
def take(worker: str) -> Render | None:
    """Lease the next render to a worker; None when nothing is due.

    A render whose workers died again and again is put aside on the way, so that one poisonous
    record cannot stop the others.
    """
    now = timezone.now()
    while (render := _next(now)) is not None:
        if render.attempts < MAX_ATTEMPTS:
            render.status = RenderStatus.LEASED
            render.worker = worker
            render.attempts += 1
            render.lease_ends_at = now + LEASE
            render.save(update_fields=["status", "worker", "attempts", "lease_ends_at"])
            return render
        render.status = RenderStatus.DEAD
        render.last_error = render.last_error or "The worker died each time it was tried."
        render.finished_at = now
        render.save(update_fields=["status", "last_error", "finished_at"])
    return None


def _next(now: datetime.datetime) -> Render | None:
    waiting = Render.objects.takeable(now)
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    return waiting.first()


def extend(render: Render) -> bool:
    """Show that the worker lives; False when the lease is lost."""
    return bool(
        Render.objects.filter(
            pk=render.pk, status=RenderStatus.LEASED, worker=render.worker
        ).update(lease_ends_at=timezone.now() + LEASE)
    )


@contextlib.contextmanager
def heartbeat(render: Render) -> Iterator[None]:
    """Extend the lease in the background while a long render runs."""
    stopped = threading.Event()

    def beat() -> None:
        try:
            while not stopped.wait(LEASE.total_seconds() / 3):
                if not extend(render):
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


@transaction.atomic
def finish(render: Render, made: list[MadeFile]) -> None:
    """Write the files' rows and the ledger entry that proves them, once.

    Raises:
        LeaseLost: another worker has taken over.
        LevelChanged: the files have the form of another level than the record has now.
    """
    now = timezone.now()
    held = Render.objects.filter(
        pk=render.pk, status=RenderStatus.LEASED, worker=render.worker
    ).update(status=RenderStatus.DONE, finished_at=now, lease_ends_at=None, last_error="")
    if not held:
        raise LeaseLost(str(render.pk))
    _refuse_another_form(render)
    save_files(render.record, made, now)
    index_record(render.record)
    ledger.append(
        [
            ledger.Draft(
                RENDITION,
                render.record_id,
                {
                    "record": render.record_id,
                    "finished_at": now,
                    "files": [
                        {
                            "role": file.role,
                            "name": file.name,
                            "media_type": file.media_type,
                            "size": file.stored.size,
                            "sha256": file.stored.sha256,
                            "sm3": file.stored.sm3,
                        }
                        for file in made
                    ],
                },
            )
        ]
    )


def _refuse_another_form(render: Render) -> None:
    """Refuse files whose form is not that of the record's level any more.

    The row stays locked to the commit, so the level cannot change in between.

    Raises:
        LevelChanged: somebody sealed or opened the record meanwhile; its files are made again.
    """
    levels = Record.objects.select_for_update().filter(pk=render.record_id)
    now = levels.values_list("access_level", flat=True).get()
    if is_sealed_level(now) != is_sealed_level(render.record.access_level):
        raise LevelChanged("The level of the record changed while its files were made.")


@transaction.atomic
def fail(render: Render, error: Exception) -> None:
    """Put a render back with growing patience, or aside after the last attempt."""
    now = timezone.now()
    dead = render.attempts >= MAX_ATTEMPTS
    Render.objects.filter(pk=render.pk, status=RenderStatus.LEASED, worker=render.worker).update(
        status=RenderStatus.DEAD if dead else RenderStatus.WAITING,
        lease_ends_at=None,
        worker="",
        finished_at=now if dead else None,
        available_at=now
        + datetime.timedelta(seconds=RETRY_BASE_SECONDS * 2 ** (render.attempts - 1)),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def work_once(worker: str) -> bool:
    """Make the files of one record; False when nothing is due."""
    render = take(worker)
    if render is None:
        return False
    try:
        with heartbeat(render):
            made = make_files(render.record)
        try:
            finish(render, made)
        except LevelChanged:
            discard(render.record_id, made)
            raise
    except LeaseLost:
        logger.warning("Another worker took over render %s.", render.pk)
    except Exception as error:
        # Whatever is wrong with one record must neither stop the worker nor be lost.
        logger.exception("Render %s failed.", render.pk)
        fail(render, error)
    return True


def work_all(worker: str | None = None) -> int:
    """Make everything that is due now; return how many renders were tried."""
    name = worker or worker_name()
    count = 0
    while work_once(name):
        count += 1
    return count


@transaction.atomic
def revive(render: Render) -> None:
    """Give a render that was put aside a fresh start."""
    Render.objects.filter(pk=render.pk, status=RenderStatus.DEAD).update(
        status=RenderStatus.WAITING,
        attempts=0,
        available_at=timezone.now(),
        finished_at=None,
        last_error="",
    )
