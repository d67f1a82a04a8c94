"""Prove the archive: every row fits the ledger, every file has the bytes that were recorded."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from portal.archives import file_access, ledger, store
from portal.archives.access.events import ACCESS_LEVEL, CAPTURED_LEVEL
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.appraisal import verification as destruction_verification
from portal.archives.canonical import canonical
from portal.archives.capture import CAPTURE, END, LATE_CAPTURE
from portal.archives.inspection.contents import PACKAGE, SEAL
from portal.archives.ledger import Fault
from portal.archives.models import (
    PACKAGE_ROLES,
    EntryPayload,
    FileRole,
    LedgerEntry,
    Record,
    RecordFile,
    Render,
)
from portal.archives.models import RenderStatus as Status
from portal.archives.pool import custody
from portal.archives.renders import RENDITION
from portal.archives.tree import verification as tree_verification

# Columns of the record row that repeat what was captured, by their names in the payload; a
# difference means tampering.
REPEATED = {
    "version": "version",
    "kind": "kind",
    "title": "title",
    "reference": "reference",
    "late": "late",
    "content_sha256": "content_sha256",
    "previous_id": "previous",
    "business_date": "business_date",
    "captured_at": "captured_at",
    "captured_by_id": "captured_by",
}
# What is captured of a cited file besides its role and number.
REPEATED_OF_FILE = ("name", "media_type", "size", "sha256")
# Files that came after the rendition, by the event whose newest entry proves them.
PROVEN_BY: dict[str, frozenset[str]] = {
    PACKAGE: frozenset(PACKAGE_ROLES),
    "conversion": frozenset({"conversion"}),
    SEAL: frozenset({FileRole.SEALED_PACKAGE}),
}


class _Unreadable(Exception):
    """A payload that cannot be compared with anything."""


def _payload(entry: LedgerEntry) -> dict[str, Any] | None:
    """Return the payload behind an entry; None when erased, which the ledger's walk judges.

    Raises:
        _Unreadable: it is no JSON object.
    """
    try:
        payload = ledger.payload_of(entry.sequence)
    except EntryPayload.DoesNotExist:
        return None
    except SealedUnreadable as refusal:
        raise _Unreadable(refusal.problem) from refusal
    except json.JSONDecodeError as error:
        raise _Unreadable("the payload is no JSON") from error
    if not isinstance(payload, dict):
        raise _Unreadable("the payload is no JSON object")
    return payload


def _same(column: Any, captured: Any) -> bool:
    """Whether a column has the value that was captured, as the ledger writes values."""
    return canonical(column) == canonical(captured)


def record_faults(record: Record) -> Iterator[Fault]:
    """Yield what in a record differs from what its ledger entries committed to."""
    place = f"record:{record.pk}"
    entries = list(LedgerEntry.objects.filter(record_id=record.pk).order_by("sequence"))
    captures = [entry for entry in entries if entry.kind in (CAPTURE, LATE_CAPTURE)]
    if destruction_verification.is_destroyed(record, entries):
        yield from destruction_verification.destroyed_faults(record, entries)
        return
    if not captures:
        yield Fault(place, "no ledger entry captured this record")
    elif len(captures) > 1:
        yield Fault(place, f"{len(captures)} ledger entries captured it, not one")
    for entry in captures[:1]:
        yield from _compared(entry, record, _capture_faults)
    yield from _level_faults(record, captures[:1], entries)
    yield from _custody_faults(record, captures[:1], entries)
    yield from _end_faults(record, [entry for entry in entries if entry.kind == END])
    yield from _render_faults(record, [entry for entry in entries if entry.kind == RENDITION])
    for kind, roles in PROVEN_BY.items():
        newest = next((entry for entry in reversed(entries) if entry.kind == kind), None)
        yield from _later_faults(record, newest, roles)


def _compared(
    entry: LedgerEntry,
    record: Record,
    compare: Callable[[Record, dict[str, Any]], Iterator[Fault]],
) -> Iterator[Fault]:
    """Yield the differences between a record and an entry's payload, if there is one."""
    try:
        payload = _payload(entry)
    except _Unreadable as unreadable:
        yield Fault(f"ledger:{entry.sequence}", str(unreadable))
        return
    if payload is not None:
        yield from compare(record, payload)


def _custody_faults(
    record: Record, captures: list[LedgerEntry], entries: list[LedgerEntry]
) -> Iterator[Fault]:
    """Yield what the pool and its decisions do not explain: state, code, class, period, unit."""
    events: list[tuple[str, dict[str, Any]]] = []
    unit: Any = None
    for entry in entries:
        if entry.kind not in custody.EVENTS and entry not in captures:
            continue
        try:
            payload = _payload(entry)
        except _Unreadable as unreadable:
            if entry not in captures:
                yield Fault(f"ledger:{entry.sequence}", str(unreadable))
            return
        if payload is None:
            return
        if entry in captures:
            unit = payload.get("unit")
            if "subkind" in payload and not _same(record.subkind, payload["subkind"]):
                yield Fault(f"record:{record.pk}", "subkind differs from what was captured")
        else:
            events.append((entry.kind, payload))
    for column in custody.differing_columns(record, unit, events):
        yield Fault(f"record:{record.pk}", f"{column} is not what its ledger entries lead to")


def _capture_faults(record: Record, payload: dict[str, Any]) -> Iterator[Fault]:
    place = f"record:{record.pk}"
    for column, name in REPEATED.items():
        if name not in payload or not _same(getattr(record, column), payload[name]):
            yield Fault(place, f"{column} differs from what was captured")
    if record.business_date is None or record.year != record.business_date.year:
        yield Fault(place, "year differs from what was captured")
    if payload.get("source") != [record.source_kind, record.source_id]:
        yield Fault(place, "the source differs from what was captured")
    try:
        captured = {
            (file["role"], file["object"]): [file[name] for name in REPEATED_OF_FILE]
            for file in payload["files"]
        }
    except (KeyError, TypeError):
        yield Fault(place, "the captured list of files cannot be read")
        return
    yield from _cited_faults(record, captured)


def _cited_faults(record: Record, captured: dict[tuple[str, int], list[Any]]) -> Iterator[Fault]:
    rows = {
        (file.role, file.source_object_id): [getattr(file, name) for name in REPEATED_OF_FILE]
        for file in record.files.all()
        if file.source_object_id is not None
    }
    for key in captured.keys() | rows.keys():
        if key not in captured or key not in rows or not _same(rows[key], captured[key]):
            yield Fault(f"record:{record.pk}", f"the cited {key[0]} {key[1]} differs")


def _level_faults(
    record: Record, captures: list[LedgerEntry], entries: list[LedgerEntry]
) -> Iterator[Fault]:
    """Yield whether the level is another than the newest event about it, or the capture, says."""
    changes = [entry for entry in entries if entry.kind == ACCESS_LEVEL]

    def compare(record: Record, payload: dict[str, Any]) -> Iterator[Fault]:
        said = payload.get("to") if changes else payload.get("access_level", CAPTURED_LEVEL)
        if record.access_level != said:
            yield Fault(f"record:{record.pk}", "access_level differs from what was recorded")

    for entry in (changes or captures)[-1:]:
        yield from _compared(entry, record, compare)


def _end_faults(record: Record, entries: list[LedgerEntry]) -> Iterator[Fault]:
    place = f"record:{record.pk}"
    if record.ended_at is not None and not entries:
        yield Fault(place, "ended_at is set, but no ledger entry ended it")
    if record.ended_at is None and entries:
        yield Fault(place, "ended_at is empty, but the ledger has its end")
    if len(entries) > 1:
        yield Fault(place, f"{len(entries)} ledger entries ended it, not one")
    if record.ended_at is not None:
        for entry in entries[:1]:
            yield from _compared(entry, record, _ended_at_faults)


def _ended_at_faults(record: Record, payload: dict[str, Any]) -> Iterator[Fault]:
    if not _same(record.ended_at, payload.get("ended_at")):
        yield Fault(f"record:{record.pk}", "ended_at differs from what was recorded")


def _render_faults(record: Record, entries: list[LedgerEntry]) -> Iterator[Fault]:
    place = f"record:{record.pk}"
    try:
        status = record.render.status
    except Render.DoesNotExist:
        yield Fault(place, "its render is gone")
        return
    if status == Status.DEAD:
        yield Fault(place, f"its files could not be made: {record.render.last_error}")
    proven = 1 if status == Status.DONE else 0
    if len(entries) != proven:
        yield Fault(place, f"{len(entries)} entries prove its files, not {proven}")
    for entry in entries[:1]:
        yield from _compared(entry, record, _rendition_faults)


def _rendition_faults(record: Record, payload: dict[str, Any]) -> Iterator[Fault]:
    later = frozenset().union(*PROVEN_BY.values())
    yield from _made_faults(
        record, payload, [file for file in record.files.all() if file.role not in later]
    )


def _later_faults(
    record: Record, entry: LedgerEntry | None, roles: frozenset[str]
) -> Iterator[Fault]:
    """Yield how files that came after the rendition differ from the entry that proves them."""
    files = [file for file in record.files.all() if file.role in roles]
    if entry is None:
        for file in files:
            yield Fault(f"record:{record.pk}", f"no ledger entry proves {file.name}")
        return
    yield from _compared(
        entry, record, lambda record, payload: _made_faults(record, payload, files)
    )


def _made_faults(
    record: Record, payload: dict[str, Any], files: list[RecordFile]
) -> Iterator[Fault]:
    place = f"record:{record.pk}"
    names = ("role", "name", "media_type", "size", "sha256", "sm3")
    try:
        expected = sorted(canonical([file[name] for name in names]) for file in payload["files"])
    except (KeyError, TypeError):
        yield Fault(place, "the list of files the ledger proves cannot be read")
        return
    found = sorted(canonical([getattr(file, name) for name in names]) for file in files)
    if expected != found:
        yield Fault(place, "its files differ from those the ledger proves")
    for file in files:
        if file.stored_at is None:
            yield Fault(place, f"{file.name} is not marked as stored, though the ledger proves it")


def file_faults(file: RecordFile) -> Iterator[Fault]:
    """Yield what is wrong with the stored bytes of a file."""
    try:
        stored = file_access.digests(file)
    except store.MissingFile:
        yield Fault(f"file:{file.record_id}:{file.name}", "the stored file is missing")
        return
    except SealedUnreadable as refusal:
        yield Fault(f"file:{file.record_id}:{file.name}", refusal.problem)
        return
    yield from digest_faults(file, stored)


def digest_faults(file: RecordFile, stored: store.StoredBytes) -> Iterator[Fault]:
    """Yield how what was read of a file differs from what was recorded."""
    place = f"file:{file.record_id}:{file.name}"
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


def _confirmed(record_id: uuid.UUID, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Look again at a record that seems to have faults.

    Records are read by the hundred, so a page withdrawn or a render finished since then
    would look like a difference.
    """
    if any(True for _fault in faults):
        for record in Record.objects.filter(pk=record_id):
            yield from record_faults(record)


def all_faults() -> Iterator[Fault | None]:
    """Yield every fault, and None after each checked thing so that progress can be shown."""
    # The reports come from checks that ask this module for faults.
    from portal.archives.inspection.verification import report_faults

    yield from ledger.faults()
    yield None
    yield from tree_verification.all_faults()
    yield from orphan_entries()
    yield from destruction_verification.tombstone_file_faults()
    records = Record.objects.select_related("render").prefetch_related("files")
    for record in records.order_by("captured_at").iterator(200):
        yield from _confirmed(record.pk, record_faults(record))
        yield from report_faults(record)
        for file in record.files.all():
            if file.stored_at is not None:
                yield from file_faults(file)
        yield None
