"""The people in a record, from what was captured: who made it and who is named in its facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.archives.capture import capture_payload
from portal.archives.models import (
    AccessLevel,
    EntryPayload,
    LedgerEntry,
    PersonPart,
    Record,
    RecordPerson,
)
from portal.archives.sources import source

LONGEST_NAME = 100


def people_of(record: Record, payload: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and part of everybody in a captured payload."""
    parts = set(PersonPart.values) - {PersonPart.NAMED}
    for event in payload.get("process", []):
        if event["action"] in parts and event.get("person"):
            yield event["person"].strip(), event["action"]
    for name in source(record.source_kind).people(payload):
        if name.strip():
            yield name.strip(), PersonPart.NAMED


def write_people(record: Record) -> None:
    """Write who is in a record, once; of controlled and of erased ones nobody is kept.

    Names in this table are in the clear, and the payload of a controlled record is not.
    """
    if record.access_level == AccessLevel.CONTROLLED:
        record.people.all().delete()
        return
    try:
        payload = capture_payload(record)
    except (EntryPayload.DoesNotExist, LedgerEntry.DoesNotExist):
        record.people.all().delete()
        return
    listed = set(record.people.filter(first=True).values_list("name", flat=True))
    rows = []
    for full_name, part in people_of(record, payload):
        name = full_name[:LONGEST_NAME]
        rows.append(
            RecordPerson(
                record=record,
                name=name,
                part=part,
                first=name not in listed,
                kind=record.kind,
                business_date=record.business_date,
                captured_at=record.captured_at,
            )
        )
        listed.add(name)
    RecordPerson.objects.bulk_create(rows, ignore_conflicts=True)
