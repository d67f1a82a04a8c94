"""Destroy again what a restored older database copy has brought back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal.archives.appraisal import destruction, erasure, tombstones
from portal.archives.appraisal.holds import take_holds_lock
from portal.archives.appraisal.tombstones import NoTombstone, Tombstone
from portal.archives.models import DestructionEntry, Record, RecordState

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Replayed:
    """What came of one tombstone.

    Attributes:
        name: of the file.
        code: the archive code of the record.
        outcome: destroyed again, destroyed already, unknown record, or why it was refused.
        done: whether the record is destroyed in this database now, or was never in it.
    """

    name: str
    code: str
    outcome: str
    done: bool = True


def replay_tombstones(where: Path | None = None) -> list[Replayed]:
    """Destroy every record that a signed tombstone names and this database still has.

    A legal hold does not stop it: the destruction was lawful when it happened, and what is gone
    cannot be held. May be run again; what is destroyed stays as it is.

    Args:
        where: the folder of the tombstones; None for the portal's own.
    """
    return list(_replayed(where))


def _replayed(where: Path | None) -> Iterator[Replayed]:
    for name, found in tombstones.files(where):
        if isinstance(found, NoTombstone):
            yield Replayed(name, "", str(found), done=False)
            continue
        code = str(found.payload.get("code", ""))
        record = Record.objects.filter(pk=found.record_id).first()
        if record is None:
            # The copy is older than the record; its files may lie in the store all the same.
            erasure.erase_files(found.record_id, list(found.payload.get("files", [])))
            yield Replayed(name, code, "the database does not know this record")
            continue
        again = _destroy_again(found)
        for pk in DestructionEntry.objects.filter(record=record).values_list("pk", flat=True):
            destruction.remove_files(pk)
        yield Replayed(name, code, "destroyed again" if again else "destroyed already")


@transaction.atomic
def _destroy_again(found: Tombstone) -> bool:
    """Write the tombstone into this ledger too, with a reference to the first one."""
    take_holds_lock()
    record: Record = (
        Record.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=found.record_id)
    )
    if record.state == RecordState.DESTROYED:
        return False
    logger.warning("Record %s was restored after its destruction; destroyed again.", record.pk)
    entry = DestructionEntry.objects.filter(record=record, counts=True).first()
    if entry is None:
        entry = DestructionEntry(
            record=record,
            archive_code=record.archive_code or str(found.payload.get("code", "")),
            title=record.title,
            unit_name=record.unit.name if record.unit else "",
            year=record.year,
            period=record.period,
            expired_on=record.expires_on,
        )
    payload = {
        **found.payload,
        "at": timezone.now(),
        "replayed": {"entry": found.sequence, "at": found.payload.get("at")},
        "files": _all_files(record, found),
    }
    destruction.write_tombstone(entry, record, payload)
    return True


def _all_files(record: Record, found: Tombstone) -> list[dict[str, object]]:
    """Return the files of the row and of the tombstone, each once."""
    listed = [*erasure.files_of(record), *found.payload.get("files", [])]
    return list({(file["role"], file["sha256"]): file for file in listed}.values())
