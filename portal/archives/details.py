"""What the record page shows."""

from __future__ import annotations

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from portal.archives import ledger
from portal.archives.models import EntryPayload, LedgerEntry, Record
from portal.archives.sources import source

EVENT_NAMES = {
    "draft": _("Drafted"),
    "submit": _("Submitted for review"),
    "approve": _("Approved"),
    "publish": _("Published"),
}
ENTRY_NAMES = {
    "capture": _("Captured"),
    "late-capture": _("Captured late"),
    "rendition": _("Files made"),
    "end": _("Withdrawn from publication"),
}


def _process_events(entry: LedgerEntry) -> list[dict[str, Any]]:
    try:
        payload = ledger.payload_of(entry.sequence)
    except EntryPayload.DoesNotExist:
        return []
    return [
        {
            "title": EVENT_NAMES.get(event["action"], event["action"]),
            "person": event["person"],
            "at": parse_datetime(event["at"]) if event["at"] else None,
            "remark": event["remark"],
        }
        for event in payload.get("process", [])
    ]


def _entry_event(entry: LedgerEntry, record: Record) -> dict[str, Any]:
    moments = {
        "capture": record.captured_at,
        "late-capture": record.captured_at,
        "rendition": record.render.finished_at,
        "end": record.ended_at,
    }
    return {
        "title": ENTRY_NAMES.get(entry.kind, entry.kind),
        "person": "",
        "at": moments.get(entry.kind),
        "remark": _("Ledger entry %(number)d") % {"number": entry.sequence},
    }


def record_details(record: Record) -> dict[str, Any]:
    """Return the record with its files, versions, events and the page it came from."""
    entries = list(LedgerEntry.objects.filter(record_id=record.pk).order_by("sequence"))
    events: list[dict[str, Any]] = []
    for entry in entries:
        if entry.kind in ("capture", "late-capture"):
            events += _process_events(entry)
        events.append(_entry_event(entry, record))
    return {
        "record": record,
        "render": record.render,
        "files": list(record.files.all()),
        "entries": entries,
        "events": events,
        "versions": list(
            Record.objects.of_source(record.source_kind, record.source_id).select_related("render")
        ),
        "origin": source(record.source_kind).origin(record.source_id),
    }
