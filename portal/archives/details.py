"""What the record page shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.archives.appraisal.holds import hold_on
from portal.archives.models import (
    DestructionEntry,
    DestructionList,
    FileRole,
    LedgerEntry,
    Record,
    RecordState,
)
from portal.archives.permissions import may_read_office, may_receive
from portal.archives.pool.listing import sees_item
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


def _list_seen_by(user: Any, record: Record) -> DestructionList | None:
    """Return the list by which a record was destroyed, to those who may see lists."""
    if record.state != RecordState.DESTROYED or not may_read_office(user):
        return None
    entry = DestructionEntry.objects.filter(record=record, destroyed_at__isnull=False)
    found = entry.select_related("destruction_list").first()
    return found.destruction_list if found else None


def record_details(record: Record, user: Any) -> dict[str, Any]:
    """Return the record with its files, events, page, and the versions the account may read."""
    entries = list(LedgerEntry.objects.filter(record_id=record.pk).order_by("sequence"))
    versions = list(
        Record.objects.visible_to(user)
        .of_source(record.source_kind, record.source_id)
        .select_related("render")
    )
    visible = {version.pk: version for version in versions}
    newer = next((one for one in versions if one.previous_id == record.pk), None)
    return {
        "record": record,
        "replaces": visible.get(record.previous_id) if record.previous_id else None,
        "replaced_by": newer,
        "may_change_level": may_receive(user) and record.state != RecordState.DESTROYED,
        "hold": hold_on(record),
        "may_see_holds": may_read_office(user),
        "destruction_list": _list_seen_by(user, record),
        "may_see_pool": sees_item(user, record),
        "render": record.render,
        # Packages have a section of their own.
        "files": list(record.files.exclude(role=FileRole.SEALED_PACKAGE)),
        "entries": entries,
        "events": timeline(record, entries),
        "versions": versions,
        "origin": source(record.source_kind).origin(record.source_id),
    }
