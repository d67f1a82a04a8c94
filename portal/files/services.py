"""Receive, hand in, replace, read and remove private files."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from portal.files import keys, storage
from portal.files.checking import CheckedUpload, check
from portal.files.models import FileState, StoredFile
from portal.files.refusals import FileRefused, FileTaken

logger = logging.getLogger(__name__)


def receive(upload: UploadedFile | CheckedUpload, *, user: Any, purpose: str = "") -> StoredFile:
    """Check an upload and store it, sealed, as a temporary file of an account.

    Args:
        upload: as it came, or as a form checked it.
        user: whose it is until it is handed in; None or anonymous for nobody's.
        purpose: what it is for, such as the code of a required material.

    Raises:
        FileRefused: it is not accepted, or there is no room; nothing is left of it.
    """
    checked = upload if isinstance(upload, CheckedUpload) else check(upload)
    file = StoredFile(
        purpose=purpose,
        original_name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        received_sha256=checked.received_sha256,
        scan=checked.scan,
        uploaded_by=user if user is not None and user.is_authenticated else None,
        uploaded_at=timezone.now(),
    )
    key = keys.give_key(file)
    try:
        storage.write(file, checked.chunks(), key)
    except OSError as error:
        logger.error("A private file could not be written: %s", error.strerror)
        raise FileRefused("full", checked.name) from error
    finally:
        checked.close()
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except BaseException:
        storage.remove(file.storage_name)
        raise
    return file


def files_of(owner_kind: str, owner_id: str) -> Any:
    """Return the files that count for an owner, in the order in which they were uploaded."""
    return StoredFile.objects.filter(
        owner_kind=owner_kind, owner_id=owner_id, state=FileState.CLAIMED
    )


@transaction.atomic
def claim(files: Iterable[StoredFile], owner_kind: str, owner_id: str, *, by: Any = None) -> None:
    """Hand in temporary files for an owner, all or none.

    Args:
        by: the account that hands them in; then files of anybody else are refused.

    Raises:
        FileTaken: one of them is not temporary any more, or somebody else's.
        FileRefused: the owner would have more files than are allowed.
    """
    wanted = {file.pk for file in files}
    temporary = StoredFile.objects.select_for_update().filter(
        pk__in=wanted, state=FileState.TEMPORARY
    )
    if by is not None:
        temporary = temporary.filter(uploaded_by=by)
    found = list(temporary.order_by("pk").values_list("pk", flat=True))
    if len(found) != len(wanted):
        raise FileTaken.standard()
    most = settings.FILE_MOST_PER_OWNER
    if files_of(owner_kind, owner_id).count() + len(found) > most:
        raise FileRefused("too-many", limit=most)
    StoredFile.objects.filter(pk__in=found).update(
        owner_kind=owner_kind, owner_id=owner_id, state=FileState.CLAIMED
    )


@transaction.atomic
def replace(old: StoredFile, new: StoredFile, *, by: Any = None) -> StoredFile:
    """Put a temporary file in the place of one that was handed in; the old one is kept.

    Raises:
        FileTaken: the old one does not count any more, or the new one is not temporary.
    """
    locked = (
        StoredFile.objects.select_for_update().filter(pk=old.pk, state=FileState.CLAIMED).first()
    )
    if locked is None:
        raise FileTaken.standard()
    locked.state = FileState.REPLACED
    locked.save(update_fields=["state"])
    claim([new], locked.owner_kind, locked.owner_id, by=by)
    StoredFile.objects.filter(pk=new.pk).update(replaces=locked, purpose=locked.purpose)
    new.refresh_from_db()
    old.state = FileState.REPLACED
    return new


def set_aside(files: Iterable[StoredFile]) -> None:
    """Let files that others took the place of count no more; they are kept and stay readable."""
    keys = [file.pk for file in files]
    StoredFile.objects.filter(pk__in=keys, state=FileState.CLAIMED).update(state=FileState.REPLACED)


def read(file: StoredFile, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the plain bytes of a file piece by piece, or of a part of it.

    Raises:
        FileUnreadable: the bytes are gone or were changed, or no key opens them.
    """
    yield from storage.read(file, start, end)


def _remove(files: Any) -> int:
    """Delete rows at once and, when that is certain, their bytes."""
    with transaction.atomic():
        rows = list(files.select_for_update().values_list("pk", "storage_name"))
        StoredFile.objects.filter(pk__in=[pk for pk, _name in rows]).delete()
        for _pk, name in rows:
            transaction.on_commit(partial(storage.remove, name))
    return len(rows)


def remove_of(owner_kind: str, owner_id: str) -> int:
    """Remove all files of an owner for good, replaced ones included; return how many."""
    return _remove(StoredFile.objects.filter(owner_kind=owner_kind, owner_id=owner_id))


def remove_temporary(file: StoredFile, *, by: Any) -> None:
    """Take back a file that was not handed in.

    Raises:
        FileTaken: it was handed in meanwhile, or is somebody else's.
    """
    own = StoredFile.objects.filter(pk=file.pk, state=FileState.TEMPORARY, uploaded_by=by)
    if not _remove(own):
        raise FileTaken.standard()


def remove_claimed(file: StoredFile) -> None:
    """Remove one file of an owner for good; the caller has asked whether it may go."""
    _remove(StoredFile.objects.filter(pk=file.pk, state=FileState.CLAIMED))


def sweep_unclaimed(now: datetime.datetime | None = None) -> int:
    """Remove files that were never handed in, and bytes without a row; return how many.

    Source: PIPL 19, data is kept no longer than needed.
    """
    age = datetime.timedelta(hours=settings.FILE_UNCLAIMED_HOURS)
    before = (now or timezone.now()) - age
    count = _remove(StoredFile.objects.filter(state=FileState.TEMPORARY, uploaded_at__lt=before))
    # A transaction that stores a file for the first time may still be open.
    for path in storage.strays(age.total_seconds()):
        path.unlink(missing_ok=True)
        count += 1
    return count


def sweep_job() -> str:
    """Sweep, and return a line for the log of the daily jobs."""
    return f"{sweep_unclaimed()} private files that nobody handed in removed"
