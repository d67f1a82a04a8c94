"""Remove what the database and the store hold of one record.

The rows go in the transaction of the tombstone; the files go after its commit, by a step that
may be done again. The row of the record stays, with its code.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache

from portal.archives import ledger, store
from portal.archives.access import sealing
from portal.archives.access.vault import sealed_folder
from portal.archives.attachments.previews import WIDTHS, cache_key
from portal.archives.models import (
    AccessLevel,
    EntryPayload,
    Inspection,
    LedgerEntry,
    LegacyItem,
    LegacyScan,
    PackageWork,
    PageCount,
    PaperCopy,
    PoolItem,
    Record,
    RecordFile,
    RecordKey,
    RecordPerson,
    RecordState,
    Render,
    SealingTask,
)
from portal.search import storage


def files_of(record: Record) -> list[dict[str, Any]]:
    """Return role, size, digest and form of every stored file; no names, which may tell."""
    return [
        {"role": file.role, "size": file.size, "sha256": file.sha256, "sealed": file.sealed}
        for file in RecordFile.objects.filter(record=record).order_by("position", "pk")
    ]


def erase_rows(record: Record) -> int:
    """Erase payloads, key and everything else in the database; return how many payloads.

    Runs in the transaction of the tombstone, with the row of the record locked.
    """
    sequences = LedgerEntry.objects.filter(record_id=record.pk).exclude(kind=ledger.DESTROY)
    payloads, _rows = EntryPayload.objects.filter(
        sequence__in=sequences.values("sequence")
    ).delete()
    RecordKey.objects.filter(pk=record.pk).delete()
    SealingTask.objects.filter(pk=record.pk).delete()
    PackageWork.objects.filter(pk=record.pk).delete()
    # With them go packages, conversions and faults of files, and the results of checks.
    RecordFile.objects.filter(record=record).delete()
    Inspection.objects.filter(record=record).delete()
    PageCount.objects.filter(record=record).delete()
    RecordPerson.objects.filter(record=record).delete()
    PaperCopy.objects.filter(record=record).delete()
    Render.objects.filter(pk=record.pk).update(last_error="")
    PoolItem.objects.filter(pk=record.pk).update(
        return_remark="", answer="", check_wanted_at=None, due_on=None
    )
    LegacyScan.objects.filter(item__record=record).delete()
    LegacyItem.objects.filter(record=record).update(
        title=record.archive_code or "", author="", reference="", remark=""
    )
    _erase_row(record)
    return payloads


def _erase_row(record: Record) -> None:
    """Leave the code and where it stood; the title of a controlled record tells too much."""
    record.state, record.content_sha256 = RecordState.DESTROYED, ""
    if record.access_level == AccessLevel.CONTROLLED:
        record.title, record.reference = record.archive_code or str(record.pk), ""
    record.save(update_fields=["state", "content_sha256", "title", "reference"])
    storage.write(Record, [record])


def _mirrored(path: Path) -> Path | None:
    if not settings.ARCHIVE_MIRROR_ROOT:
        return None
    return Path(settings.ARCHIVE_MIRROR_ROOT) / path.relative_to(Path(settings.ARCHIVE_ROOT))


def erase_files(record_id: uuid.UUID, files: list[dict[str, Any]]) -> None:
    """Remove the stored files of a destroyed record from both stores; may be done again.

    Plain bytes that another record has as well stay: they are that record's own.

    Raises:
        OSError: the store cannot be written.
    """
    sealed = sealed_folder(record_id)
    for folder in (sealed, _mirrored(sealed)):
        if folder is not None:
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(folder)
    for sha256 in sorted({file["sha256"] for file in files}):
        sealing.remove_plain(sha256)
        copy = _mirrored(store.path_of(sha256))
        if copy is not None and not RecordFile.objects.filter(sha256=sha256).exists():
            copy.unlink(missing_ok=True)
        for is_sealed in (True, False):
            file = RecordFile(record_id=record_id, sha256=sha256, sealed=is_sealed)
            cache.delete_many([cache_key(file, width) for width in WIDTHS])


def left_files(record_id: uuid.UUID, files: list[dict[str, Any]]) -> list[str]:
    """Return what of a destroyed record still lies in the store: places, not contents."""
    left = ["sealed files"] if sealed_folder(record_id).exists() else []
    for sha256 in sorted({file["sha256"] for file in files}):
        if store.exists(sha256) and not RecordFile.objects.filter(sha256=sha256).exists():
            left.append(sha256)
    return left
