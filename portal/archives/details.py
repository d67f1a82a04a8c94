"""What the record page shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.archives.models import LedgerEntry, Record
from portal.archives.sources import source
from portal.archives.timeline import timeline

# The steps of a process as headings; the process sheet prints them too.
EVENT_NAMES = {
    "draft": _("Drafted"),
    "submit": _("Submitted for review"),
    "approve": _("Approved"),
    "publish": _("Published"),
    "take-over": _("Taken over from a catalogue"),
}


def record_details(record: Record) -> dict[str, Any]:
    """Return the record with its files, versions, events and the page it came from."""
    entries = list(LedgerEntry.objects.filter(record_id=record.pk).order_by("sequence"))
    return {
        "record": record,
        "render": record.render,
        "files": list(record.files.all()),
        "entries": entries,
        "events": timeline(record, entries),
        "versions": list(
            Record.objects.of_source(record.source_kind, record.source_id).select_related("render")
        ),
        "origin": source(record.source_kind).origin(record.source_id),
    }
