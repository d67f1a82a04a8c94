"""Bring payload and files of a record into the form that its level asks for, and finish after a
crash.

A level takes effect for readers at once; the bytes follow. A record whose bytes may be behind has
a `SealingTask`, written in the transaction that changed the level and deleted when all is done.
Each step leaves at least one readable copy of every file: the new form is written and read back,
then the row of the file points to it, and only then the old form goes. Whatever step a process
dies in, doing it all again ends at the same place.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.archives import store
from portal.archives.access import keys, payloads
from portal.archives.access.refusals import LevelChanged
from portal.archives.access.vault import Vault, sealed_folder, sealed_path
from portal.archives.models import (
    AccessLevel,
    EntryPayload,
    LedgerEntry,
    Record,
    RecordFile,
    SealingTask,
)

logger = logging.getLogger(__name__)

#: A level may be changed again while files are written; so often it is followed at once.
ROUNDS = 5


class DamagedFile(RuntimeError):
    """Stored bytes are not those that were recorded, so no other form is made of them."""


class _Made(Protocol):
    """A file that was made and is in no row; see `portal.archives.rendition.MadeFile`."""

    @property
    def stored(self) -> store.StoredBytes:
        """Digests of its plain bytes."""

    @property
    def sealed(self) -> bool:
        """In which form it lies."""


def _locked(record_id: uuid.UUID) -> Record:
    return Record.objects.select_for_update().only("access_level").get(pk=record_id)


def reform_payload(record: Record) -> bytes | None:
    """Seal or open all payloads of a record, as its level says; return its key if it has one.

    All of them: a remark or a reason that somebody typed may tell as much as what was published.

    Runs in a transaction that has locked the record.

    Raises:
        SealedUnreadable: what is sealed cannot be opened.
    """
    sealed = keys.is_sealed_level(record.access_level)
    if sealed:
        key: bytes | None = keys.ensure_key(record.pk)
    else:
        key = keys.key_of(record.pk) if keys.rows_of([record.pk]) else None
    sequences = LedgerEntry.objects.filter(record_id=record.pk)
    rows = EntryPayload.objects.filter(sequence__in=sequences.values("sequence"))
    wrong = [row for row in rows if payloads.is_sealed(row.body) != sealed]
    for row, opened in zip(wrong, payloads.open_all(wrong), strict=True):
        salt, body = opened.salt, opened.text()
        if key is not None and sealed:
            salt, body = "", payloads.sealed(key, record.pk, row.sequence, salt, body)
        EntryPayload.objects.filter(sequence=row.sequence).update(salt=salt, body=body)
    return key


def order(record: Record) -> None:
    """Put a record on the list of those whose bytes follow; part of the level's transaction."""
    SealingTask.objects.update_or_create(
        record_id=record.pk, defaults={"since": timezone.now(), "last_error": ""}
    )


def _move(file: RecordFile, key: bytes | None, sealed: bool) -> None:
    """Write a stored file in its other form, read that back, and point the row to it."""
    origin = Vault(file.record_id, key if file.sealed else None)
    target = Vault(file.record_id, key if sealed else None)
    if origin.digests(file.sha256).sha256 != file.sha256:
        raise DamagedFile(f"{file.name}: the stored bytes do not match their SHA-256")
    target.put(origin.chunks(file.sha256))
    if target.digests(file.sha256).sha256 != file.sha256:
        raise DamagedFile(f"{file.name}: the other form does not read back")
    with transaction.atomic():
        if keys.is_sealed_level(_locked(file.record_id).access_level) != sealed:
            raise LevelChanged(str(file.record_id))
        RecordFile.objects.filter(pk=file.pk).update(sealed=sealed)


def _plain_is_needed(sha256: str) -> bool:
    """Whether a file of any record lies in the store plain under this digest, or soon will."""
    users = RecordFile.objects.filter(sha256=sha256, sealed=False)
    return users.filter(
        Q(stored_at__isnull=False) | Q(record__access_level=AccessLevel.OPEN)
    ).exists()


def remove_plain(sha256: str) -> None:
    """Remove plain bytes that no record needs; a record that came meanwhile gets them back."""
    path = store.path_of(sha256)
    if not path.is_file() or _plain_is_needed(sha256):
        return
    # Under this name the store's own sweep removes it should the process die here.
    aside = Path(settings.ARCHIVE_ROOT) / f"incoming-{uuid.uuid4().hex}"
    os.replace(path, aside)
    if _plain_is_needed(sha256):
        os.replace(aside, path)
    else:
        aside.unlink()


def _remove_other_form(record_id: uuid.UUID, sealed: bool) -> None:
    """Remove the form that no row of the record points to any more, and the task.

    Raises:
        LevelChanged: the level is another again.
    """
    with transaction.atomic():
        if keys.is_sealed_level(_locked(record_id).access_level) != sealed:
            raise LevelChanged(str(record_id))
        files = RecordFile.objects.filter(record_id=record_id)
        if files.filter(stored_at__isnull=False).exclude(sealed=sealed).exists():
            raise LevelChanged(str(record_id))
        if sealed:
            for sha256 in set(files.values_list("sha256", flat=True)):
                remove_plain(sha256)
        else:
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(sealed_folder(record_id))
        SealingTask.objects.filter(record_id=record_id).delete()


def settle(record_id: uuid.UUID) -> bool:
    """Bring everything stored of a record into the form of its level; may be repeated.

    Returns:
        Whether all is done; False when the level kept changing, and the task stays.

    Raises:
        SealedUnreadable: sealed content cannot be opened.
        DamagedFile: a file is not what was recorded.
        MissingFile: the bytes of a file are gone.
        OSError: the store cannot be written.
    """
    for _round in range(ROUNDS):
        with transaction.atomic():
            record = _locked(record_id)
            sealed = keys.is_sealed_level(record.access_level)
            key = reform_payload(record)
        stored = RecordFile.objects.filter(record_id=record_id, stored_at__isnull=False)
        try:
            for file in stored.exclude(sealed=sealed):
                _move(file, key, sealed)
            _remove_other_form(record_id, sealed)
        except LevelChanged:
            continue
        return True
    return False


def settle_safely(record_id: uuid.UUID) -> bool:
    """Settle a record; what fails is logged and noted in its task, which stays and goes last."""
    try:
        return settle(record_id)
    except Exception as error:
        # Whatever is wrong with one record must neither stop the others nor be lost.
        logger.exception("Record %s could not be brought into the form of its level.", record_id)
        SealingTask.objects.filter(record_id=record_id).update(
            since=timezone.now(), last_error=f"{type(error).__name__}: {error}"[:2000]
        )
        return False


def work(limit: int | None = None, seconds: float | None = None) -> int:
    """Settle what waits, the longest waiting first; return how many records are done.

    Args:
        limit: so many records at most; None for all that wait now.
        seconds: begin no other record after this time.
    """
    began, started = time.monotonic(), timezone.now()
    done = tried = 0
    while limit is None or tried < limit:
        if seconds is not None and time.monotonic() - began > seconds:
            break
        waiting = SealingTask.objects.filter(since__lte=started).order_by("since")
        record_id = waiting.values_list("record_id", flat=True).first()
        if record_id is None:
            break
        tried += 1
        done += settle_safely(record_id)
    return done


def discard(record_id: uuid.UUID, made: Iterable[_Made]) -> None:
    """Remove files that were made in the form of a level the record no longer has."""
    for file in made:
        if not file.sealed:
            remove_plain(file.stored.sha256)
        elif not RecordFile.objects.filter(
            record_id=record_id, sha256=file.stored.sha256, sealed=True
        ).exists():
            sealed_path(record_id, file.stored.sha256).unlink(missing_ok=True)
