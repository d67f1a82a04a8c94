"""Prove that what is destroyed is destroyed, and that nothing else counts as destroyed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured

from portal.archives import ledger
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.appraisal import erasure, tombstones
from portal.archives.ledger import DESTROY, Fault
from portal.archives.models import (
    DestructionEntry,
    EntryPayload,
    LedgerEntry,
    Record,
    RecordFile,
    RecordKey,
    RecordState,
)


def is_destroyed(record: Record, entries: list[LedgerEntry]) -> bool:
    """Whether a record is destroyed by its row or by its ledger entries."""
    return record.state == RecordState.DESTROYED or any(one.kind == DESTROY for one in entries)


def destroyed_faults(record: Record, entries: list[LedgerEntry]) -> Iterator[Fault]:
    """Yield what of a destroyed record is still there, or what its destruction lacks."""
    place = f"record:{record.pk}"
    found = [entry for entry in entries if entry.kind == DESTROY]
    if not found:
        yield Fault(place, "it is marked as destroyed, but no ledger entry destroyed it")
        return
    if record.state != RecordState.DESTROYED:
        yield Fault(place, "the ledger has its destruction, but its row says otherwise")
    yield from _tombstone_faults(record, found[-1])
    before = [one.sequence for one in entries if one.sequence < found[-1].sequence]
    left = EntryPayload.objects.filter(sequence__in=before).exclude(
        sequence__in=[entry.sequence for entry in found]
    )
    for sequence in left.values_list("sequence", flat=True):
        yield Fault(f"ledger:{sequence}", "the payload of a destroyed record is still there")
    if RecordKey.objects.filter(pk=record.pk).exists():
        yield Fault(place, "it is destroyed, but its key is still there")
    if RecordFile.objects.filter(record=record).exists():
        yield Fault(place, "it is destroyed, but rows of its files are still there")
    entry = DestructionEntry.objects.filter(record=record, destroyed_at__isnull=False).first()
    if entry is None:
        yield Fault(place, "it is destroyed, but stands on no destruction list")
        return
    for name in erasure.left_files(record.pk, entry.files):
        yield Fault(place, f"it is destroyed, but its stored file is still there: {name}")


def _tombstone_faults(record: Record, entry: LedgerEntry) -> Iterator[Fault]:
    place = f"ledger:{entry.sequence}"
    try:
        payload = ledger.payload_of(entry.sequence)
    except EntryPayload.DoesNotExist:
        return  # the walk over the ledger names it
    except (SealedUnreadable, json.JSONDecodeError):
        yield Fault(place, "the tombstone cannot be read")
        return
    if payload.get("code") != (record.archive_code or ""):
        yield Fault(place, "the tombstone names another archive code than the record")


def tombstone_file_faults() -> Iterator[Fault]:
    """Yield what is wrong between the signed tombstones and this database."""
    try:
        found = list(tombstones.files())
    except ImproperlyConfigured as error:
        yield Fault("tombstone:key", str(error))
        return
    states = dict(Record.objects.filter(state=RecordState.DESTROYED).values_list("pk", "state"))
    known = set(
        Record.objects.filter(
            pk__in=[one.record_id for _name, one in found if isinstance(one, tombstones.Tombstone)]
        ).values_list("pk", flat=True)
    )
    lying = set()
    for name, one in found:
        if isinstance(one, tombstones.NoTombstone):
            yield Fault(f"tombstone:{name}", str(one))
            continue
        lying.add(one.record_id)
        if one.record_id in known and one.record_id not in states:
            yield Fault(
                f"tombstone:{name}",
                "the database is older than this destruction; run archive_replay_tombstones",
            )
    done = DestructionEntry.objects.filter(files_removed_at__isnull=False)
    for record_id in done.values_list("record_id", flat=True):
        if record_id not in lying:
            yield Fault(f"record:{record_id}", "its signed tombstone is missing")
