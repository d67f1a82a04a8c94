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
from portal.archives.models import Render, RenderStatus
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
    """
    now = timezone.now()
    held = Render.objects.filter(
        pk=render.pk, status=RenderStatus.LEASED, worker=render.worker
    ).update(status=RenderStatus.DONE, finished_at=now, lease_ends_at=None, last_error="")
    if not held:
        raise LeaseLost(str(render.pk))
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
        finish(render, made)
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
