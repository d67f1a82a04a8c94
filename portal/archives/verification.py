"""Prove the archive: every row fits the ledger, every file has the bytes that were recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.archives import ledger, store
from portal.archives.capture import CAPTURE, LATE_CAPTURE, capture_payload
from portal.archives.ledger import Fault
from portal.archives.models import EntryPayload, LedgerEntry, Record, RecordFile, RenderStatus
from portal.archives.renders import RENDITION

# Columns of the record row that repeat what was captured; a difference means tampering.
REPEATED = ("version", "kind", "title", "reference", "late", "content_sha256")


def record_faults(record: Record) -> Iterator[Fault]:
    """Yield what in a record differs from what its ledger entries committed to."""
    place = f"record:{record.pk}"
    try:
        payload = capture_payload(record)
    except LedgerEntry.DoesNotExist:
        yield Fault(place, "no ledger entry captured this record")
        return
    except EntryPayload.DoesNotExist:
        return
    for column in REPEATED:
        if getattr(record, column) != payload[column]:
            yield Fault(place, f"{column} differs from what was captured")
    if payload["business_date"] != record.business_date.isoformat():
        yield Fault(place, "business_date differs from what was captured")
    if payload["source"] != [record.source_kind, record.source_id]:
        yield Fault(place, "the source differs from what was captured")
    yield from _cited_faults(record, payload)
    yield from _rendition_faults(record)


def _cited_faults(record: Record, payload: dict[str, Any]) -> Iterator[Fault]:
    captured = {(file["role"], file["object"]): file["sha256"] for file in payload["files"]}
    rows = {
        (file.role, file.source_object_id): file.sha256
        for file in record.files.all()
        if file.source_object_id is not None
    }
    for key in captured.keys() | rows.keys():
        if captured.get(key) != rows.get(key):
            yield Fault(f"record:{record.pk}", f"the cited {key[0]} {key[1]} differs")


def _rendition_faults(record: Record) -> Iterator[Fault]:
    if record.render.status != RenderStatus.DONE:
        return
    entries = LedgerEntry.objects.filter(record_id=record.pk, kind=RENDITION)
    if len(entries) != 1:
        yield Fault(f"record:{record.pk}", f"{len(entries)} entries prove its files, not one")
        return
    try:
        proven = ledger.payload_of(entries[0].sequence)["files"]
    except EntryPayload.DoesNotExist:
        return
    expected = sorted((file["role"], file["sha256"], file["size"]) for file in proven)
    found = sorted((file.role, file.sha256, file.size) for file in record.files.all())
    if expected != found:
        yield Fault(f"record:{record.pk}", "its files differ from those the ledger proves")


def file_faults(file: RecordFile) -> Iterator[Fault]:
    """Yield what is wrong with the stored bytes of a file."""
    place = f"file:{file.record_id}:{file.name}"
    try:
        stored = store.digests_of_stored(file.sha256)
    except store.MissingFile:
        yield Fault(place, "the stored file is missing")
        return
    if stored.sha256 != file.sha256:
        yield Fault(place, "the stored bytes do not match their SHA-256")
    elif file.sm3 and stored.sm3 and stored.sm3 != file.sm3:
        yield Fault(place, "the recorded SM3 does not match the bytes")
    if stored.size != file.size:
        yield Fault(place, f"the size is {stored.size} bytes, not {file.size}")


def orphan_entries() -> Iterator[Fault]:
    """Yield captures in the ledger whose record row is gone."""
    known = set(Record.objects.values_list("pk", flat=True))
    for entry in LedgerEntry.objects.filter(kind__in=[CAPTURE, LATE_CAPTURE]).iterator(2000):
        if entry.record_id not in known:
            yield Fault(f"ledger:{entry.sequence}", f"its record {entry.record_id} is gone")


def all_faults() -> Iterator[Fault | None]:
    """Yield every fault, and None after each checked thing so that progress can be shown."""
    yield from ledger.faults()
    yield None
    yield from orphan_entries()
    records = Record.objects.select_related("render").prefetch_related("files")
    for record in records.order_by("captured_at").iterator(200):
        yield from record_faults(record)
        for file in record.files.all():
            if file.stored_at is not None:
                yield from file_faults(file)
        yield None
