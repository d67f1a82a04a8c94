"""Name the formats of stored files, and keep office attachments as PDF/A besides the original.

Both are work for the worker and can be repeated after a crash: files without a format are
looked at again, conversions are leased rows.
"""

from __future__ import annotations

import io
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from portal import leases
from portal.archives import file_access, ledger, store
from portal.archives.access.keys import is_sealed_level
from portal.archives.access.refusals import LevelChanged, SealedUnreadable
from portal.archives.access.sealing import discard
from portal.archives.attachments import conversion
from portal.archives.attachments.containers import OLE2_SIGNATURE, ZIP_SIGNATURES
from portal.archives.attachments.formats import ENCRYPTED, HEAD_BYTES, Format, identify
from portal.archives.models import (
    CITED_ROLES,
    Conversion,
    ConversionReason,
    FileRole,
    Record,
    RecordFile,
    RenderStatus,
)
from portal.archives.rendition import MadeFile

logger = logging.getLogger(__name__)

CONVERSION = "conversion"
FILES_AT_A_TIME = 20
# Formats whose name is not in their first bytes are read whole, up to this size.
READ_WHOLE_BYTES = 300 * 1024 * 1024
UNREADABLE = "!"


def format_of(file: RecordFile) -> Format:
    """Return what the stored bytes of a file are.

    Raises:
        MissingFile: the store has none.
        OSError: they cannot be read.
    """
    chunks = file_access.open_chunks(file)
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    inside = head.startswith((OLE2_SIGNATURE, *ZIP_SIGNATURES)) or b"%PDF-" in head[:1024]
    if not inside or file.size > READ_WHOLE_BYTES or len(head) >= file.size:
        return identify(io.BytesIO(head), file.name)
    with tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024) as whole:
        whole.write(head)
        for chunk in chunks:
            whole.write(chunk)
        return identify(whole, file.name)


def identify_some(limit: int = FILES_AT_A_TIME) -> int:
    """Name the formats of stored files that have none yet; return how many were looked at.

    Office attachments among them get their conversion row in the same transaction.
    """
    waiting = list(
        RecordFile.objects.filter(format_name="", stored_at__isnull=False)
        .select_related("record")
        .order_by("pk")[:limit]
    )
    for file in waiting:
        try:
            found = format_of(file)
        except (OSError, SealedUnreadable):
            # Missing or damaged bytes are for the fixity check to report, not for this.
            logger.warning("The format of file %s could not be read.", file.pk, exc_info=True)
            RecordFile.objects.filter(pk=file.pk).update(format_name=UNREADABLE)
            continue
        with transaction.atomic():
            RecordFile.objects.filter(pk=file.pk).update(format_name=found.name)
            if file.role in CITED_ROLES and (found.filter or found is ENCRYPTED):
                queue(file)
    return len(waiting)


def queue(file: RecordFile) -> None:
    """Ask for the conversion of a file, once."""
    Conversion.objects.get_or_create(file=file, defaults={"available_at": timezone.now()})


def work_once(worker: str) -> bool:
    """Name the formats of some files or convert one; False when there is nothing to do."""
    if identify_some():
        return True
    work = leases.take(Conversion, worker)
    if work is None:
        return False
    try:
        with leases.heartbeat(work):
            _convert(work)
    except leases.LeaseLost:
        logger.warning("Another worker took over the conversion of file %s.", work.pk)
    except conversion.NotConverted as refused:
        with transaction.atomic():
            leases.close(
                work, RenderStatus.DEAD, reason=refused.reason, last_error=refused.detail[:2000]
            )
    except Exception as error:
        # Whatever is wrong with one file must neither stop the worker nor be lost.
        logger.exception("The conversion of file %s failed.", work.pk)
        leases.give_back(work, error)
    return True


def _convert(work: Conversion) -> None:
    file = RecordFile.objects.select_related("record").get(pk=work.pk)
    found = format_of(file)
    if found is ENCRYPTED:
        raise conversion.NotConverted(conversion.ENCRYPTED)
    if not found.filter:
        raise conversion.NotConverted(conversion.FAILED, found.name)
    with conversion.own_folder() as folder:
        made = conversion.convert(file_access.open_chunks(file), found, folder)
        stored = file_access.keep(file.record, _chunks(made.path))
        try:
            _finish(work, file, made, stored)
        except (LevelChanged, leases.LeaseLost):
            # The bytes belong to no row and must not lie about.
            sealed = is_sealed_level(file.record.access_level)
            kept = MadeFile(FileRole.CONVERSION, "", "", stored, sealed=sealed)
            discard(file.record_id, [kept])
            raise


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        yield from iter(lambda: opened.read(store.CHUNK_BYTES), b"")


@transaction.atomic
def _finish(
    work: Conversion,
    file: RecordFile,
    made: conversion.Converted,
    kept: store.StoredBytes,
) -> None:
    """Write the row of the PDF/A and the ledger entry that proves it, once.

    Raises:
        LeaseLost: another worker has taken over.
        LevelChanged: the stored form is not the one that the record's level asks for now.
    """
    # Locked, so that of two conversions of one record the later entry lists both.
    record = Record.objects.select_for_update().get(pk=file.record_id)
    sealed = is_sealed_level(file.record.access_level)
    if is_sealed_level(record.access_level) != sealed:
        raise LevelChanged(str(record.pk))
    leases.close(work, RenderStatus.DONE, reason="")
    now = timezone.now()
    stem = Truncator(Path(file.name).stem).chars(200)
    RecordFile.objects.update_or_create(
        derived_from=file,
        defaults={
            "record_id": file.record_id,
            "role": FileRole.CONVERSION,
            "position": min(file.position + 1000, 32000),
            "name": f"{stem}.pdf",
            "media_type": "application/pdf",
            "format_name": made.format_name,
            "size": kept.size,
            "sha256": kept.sha256,
            "sm3": kept.sm3,
            "sealed": sealed,
            "stored_at": now,
        },
    )
    ledger.append(
        [
            ledger.Draft(
                CONVERSION,
                file.record_id,
                {
                    "record": file.record_id,
                    "at": now,
                    "source": {"role": file.role, "object": file.source_object_id},
                    "source_sha256": file.sha256,
                    "program": made.program,
                    "files": [
                        {
                            "role": copy.role,
                            "name": copy.name,
                            "media_type": copy.media_type,
                            "size": copy.size,
                            "sha256": copy.sha256,
                            "sm3": copy.sm3,
                        }
                        for copy in RecordFile.objects.filter(
                            record_id=file.record_id, role=FileRole.CONVERSION
                        ).order_by("pk")
                    ],
                },
            )
        ]
    )


def retry(file_id: int) -> bool:
    """Give a conversion that was put aside a fresh start; False when it was not."""
    return bool(leases.revive(Conversion.objects.filter(pk=file_id), reason=""))


def retry_without_program() -> int:
    """Try again what only lacked LibreOffice, now that it is there; return how many."""
    if conversion.program() is None:
        return 0
    waiting = Conversion.objects.filter(reason=ConversionReason.NO_PROGRAM)
    return leases.revive(waiting, reason="")


def retry_all(reason: str = "") -> int:
    """Give all conversions that were put aside, or those of one reason, a fresh start."""
    rows = Conversion.objects.all()
    return leases.revive(rows.filter(reason=reason) if reason else rows, reason="")
