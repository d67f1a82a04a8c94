"""Capture: the committed state of a source becomes a record, or an event, in the ledger."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, NamedTuple

from django.utils import timezone

from portal.archives import ledger, queue
from portal.archives.access.keys import is_sealed_level, new_key
from portal.archives.canonical import digest
from portal.archives.models import Record, RecordFile, RecordKey, Render
from portal.archives.sources import CapturedState, source
from portal.archives.statements import FixedInsert, FixedRead, insert_together

CAPTURE = "capture"
LATE_CAPTURE = "late-capture"
END = "end"


# In pieces of their own, because every publication pays for them.
_insert_record = FixedInsert(Record)
_insert_key = FixedInsert(RecordKey)
_insert_render = FixedInsert(Render)
_insert_files = FixedInsert(RecordFile)
_latest_read = FixedRead(
    lambda source_kind, source_id: Record.objects.of_source(source_kind, source_id).values_list(
        "pk", "version", "content_sha256", "ended_at"
    )[:1],
    *(str, str),
)


def capture(source_kind: str, source_id: str, using: str = "default") -> None:
    """Queue a registered source; its record is written right before the commit.

    A republication without change writes nothing; a changed one writes a new version linked
    to the one before; something no longer published writes the event that ends it.

    Raises:
        NoTransaction: no transaction is running.
        UnknownSource: nothing is registered under the kind.
    """
    source(source_kind)
    queue.enqueue(source_kind, source_id, using)


def content_digest(state: CapturedState) -> str:
    """Return the digest by which a change of content or of a cited file is noticed."""
    return digest(
        {
            "content": state.content,
            "files": [[file.role, file.object_id, file.sha256] for file in state.files],
        }
    )


def capture_all(queued: list[tuple[str, str]], using: str) -> list[Record]:
    """Write records and events for sources; the ledger is appended last, once."""
    records, drafts = write_all(queued, using)
    ledger.append(drafts, using)
    return records


def write_all(queued: list[tuple[str, str]], using: str) -> tuple[list[Record], list[ledger.Draft]]:
    """Write records of sources and return the events; the caller appends them, last and once.

    For transactions that have more to write: an event takes the chain lock, and whoever holds
    it must not write anything else.
    """
    drafts: list[ledger.Draft] = []
    records: list[Record] = []
    for source_kind, source_id in queued:
        state = source(source_kind).committed_state(source_id, using)
        latest = _latest(source_kind, source_id, using)
        if state is None:
            if latest is not None and latest.ended_at is None:
                drafts.append(_end(source_kind, source_id, latest, using))
            continue
        fingerprint = content_digest(state)
        if latest and latest.ended_at is None and latest.content_sha256 == fingerprint:
            continue
        source(source_kind).accept_capture(source_id, state)
        record, draft = _write(source_kind, source_id, state, fingerprint, latest, using)
        records.append(record)
        drafts.append(draft)
    return records, drafts


class _Latest(NamedTuple):
    """What a capture needs to know of the newest record of a source."""

    pk: uuid.UUID
    version: int
    content_sha256: str
    ended_at: datetime.datetime | None


def _latest(source_kind: str, source_id: str, using: str) -> _Latest | None:
    row = _latest_read.first(source_kind, source_id, using=using)
    return _Latest(*row) if row else None


def _end(source_kind: str, source_id: str, latest: _Latest, using: str) -> ledger.Draft:
    ended_at = timezone.now()
    Record.objects.using(using).filter(pk=latest.pk).update(ended_at=ended_at)
    payload = {
        **source(source_kind).ended(source_id, using),
        "source": [source_kind, source_id],
        "ended_at": ended_at,
    }
    return ledger.Draft(END, latest.pk, payload)


def _write(
    source_kind: str,
    source_id: str,
    state: CapturedState,
    fingerprint: str,
    latest: _Latest | None,
    using: str,
) -> tuple[Record, ledger.Draft]:
    now = timezone.now()
    record = Record(
        id=uuid.uuid4(),
        source_kind=source_kind,
        source_id=source_id,
        version=latest.version + 1 if latest else 1,
        previous_id=latest.pk if latest else None,
        kind=state.kind,
        subkind=state.subkind,
        title=state.title,
        reference=state.reference,
        unit_id=state.unit_id,
        business_date=state.business_date,
        year=state.business_date.year,
        captured_at=now,
        captured_by_id=state.actor_id,
        content_sha256=fingerprint,
        late=state.late,
        access_level=state.access_level,
    )
    key, keys = None, []
    if is_sealed_level(record.access_level):
        row, key = new_key(record.pk)
        keys = [row]
    cited = [
        RecordFile(
            record=record,
            role=file.role,
            position=10 + position,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            source_object_id=file.object_id,
        )
        for position, file in enumerate(state.files)
    ]
    insert_together(
        [
            (_insert_record, [record]),
            (_insert_key, keys),
            (_insert_render, [Render(record=record, available_at=now)]),
            (_insert_files, cited),
        ],
        using,
    )
    return record, ledger.Draft(
        LATE_CAPTURE if state.late else CAPTURE,
        record.pk,
        _payload(record, state, source_kind, source_id),
        key,
    )


def _payload(
    record: Record, state: CapturedState, source_kind: str, source_id: str
) -> dict[str, Any]:
    return {
        "record": record.pk,
        "source": [source_kind, source_id],
        "version": record.version,
        "previous": record.previous_id,
        "kind": record.kind,
        "subkind": record.subkind,
        "title": record.title,
        "reference": record.reference,
        "unit": record.unit_id,
        "business_date": record.business_date,
        "captured_at": record.captured_at,
        "captured_by": record.captured_by_id,
        "late": record.late,
        "access_level": record.access_level,
        "reason": state.reason,
        "content_sha256": record.content_sha256,
        "content": state.content,
        "shown": state.shown,
        "process": state.process,
        "files": [
            {
                "role": file.role,
                "object": file.object_id,
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in state.files
        ],
    }


def capture_payload(record: Record) -> dict[str, Any]:
    """Return what was captured with a record.

    Raises:
        LedgerEntry.DoesNotExist: the record has no capture entry.
        EntryPayload.DoesNotExist: the payload was erased.
        SealedUnreadable: it is sealed and cannot be opened.
    """
    from portal.archives.models import LedgerEntry

    entry = LedgerEntry.objects.get(record_id=record.pk, kind__in=[CAPTURE, LATE_CAPTURE])
    return ledger.payload_of(entry.sequence)
