"""Carry destruction lists out, and finish after a crash.

For every record: in one transaction the tombstone with everything in the database; after its
commit the signed tombstone file and the removal of stored files. Whatever step a process dies
in, the next run ends at the same place: a record is either untouched, or destroyed for good.
"""

from __future__ import annotations

import logging
import time
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.appraisal import erasure, tombstones
from portal.archives.appraisal.holds import hold_on, take_holds_lock
from portal.archives.capture import capture
from portal.archives.models import (
    AccessLevel,
    DestructionEntry,
    DestructionList,
    DestructionState,
    Record,
    RecordState,
)
from portal.personal_data.encryption import blind_index

logger = logging.getLogger(__name__)

LIST_SOURCE = "destruction-list"


def tombstone_of(entry: DestructionEntry, record: Record) -> dict[str, Any]:
    """Return what the ledger says of a destruction: code, list, people, digests; no title."""
    found = entry.destruction_list
    return {
        "record": record.pk,
        "code": record.archive_code or "",
        "at": timezone.now(),
        "list": found.number if found else "",
        "basis": found.basis if found else "",
        "proposed_by": found.made_by_name if found else "",
        "approved_by": found.approved_by_name if found else "",
        "approved_at": found.approved_at if found else None,
        "witnesses": [witness.name for witness in found.witnesses.all()] if found else [],
        "period": entry.period,
        "expired_on": entry.expired_on,
        "title_digest": blind_index(record.title),
        "files": erasure.files_of(record),
    }


def _keep_out(entry: DestructionEntry, reason: str) -> None:
    entry.counts, entry.remark = False, reason[:500]
    entry.save(update_fields=["counts", "remark"])


@transaction.atomic
def destroy(entry_id: int) -> bool:
    """Destroy the record of one entry in the database; whether it was.

    A record that is held meanwhile, or is not accepted any more, is kept out of the list with
    the reason.
    """
    take_holds_lock()
    entry = DestructionEntry.objects.select_for_update().get(pk=entry_id)
    if entry.destroyed_at is not None or not entry.counts:
        return False
    record: Record = Record.objects.select_for_update().get(pk=entry.record_id)
    if hold := hold_on(record):
        _keep_out(entry, _("Not destroyed: under a legal hold. %(reason)s") % {"reason": hold})
        return False
    if record.state != RecordState.ACCEPTED or record.archive_code != entry.archive_code:
        _keep_out(entry, _("Not destroyed: the record was changed after the approval."))
        return False
    write_tombstone(entry, record, tombstone_of(entry, record))
    return True


def write_tombstone(entry: DestructionEntry, record: Record, payload: dict[str, Any]) -> None:
    """Erase the rows of a locked record and append its tombstone, in the caller's transaction."""
    payload = {**payload, "payloads": erasure.erase_rows(record)}
    entry.files, entry.title_digest = payload["files"], payload["title_digest"]
    if record.access_level == AccessLevel.CONTROLLED:
        entry.title = ""
    entry.destroyed_at = payload["at"]
    entry.save()
    (written,) = ledger.append([ledger.Draft(ledger.DESTROY, record.pk, payload)])
    # Our own row, which nobody else can be waiting with.
    DestructionEntry.objects.filter(pk=entry.pk).update(tombstone=written.sequence)


def remove_files(entry_id: int) -> None:
    """Lay down the signed tombstone and remove the stored files; may be done again.

    Raises:
        OSError: a store cannot be written.
    """
    entry = DestructionEntry.objects.get(pk=entry_id)
    if entry.destroyed_at is None:
        return
    tombstones.lay_down(entry)
    erasure.erase_files(entry.record_id, entry.files)
    DestructionEntry.objects.filter(pk=entry.pk, files_removed_at__isnull=True).update(
        files_removed_at=timezone.now()
    )


@transaction.atomic
def finish(list_id: uuid.UUID) -> bool:
    """Close a list of which everything is done; it becomes a record itself, kept for ever."""
    found: DestructionList = DestructionList.objects.select_for_update().get(pk=list_id)
    waiting = found.entries.filter(counts=True, files_removed_at__isnull=True)
    if found.state != DestructionState.EXECUTING or waiting.exists():
        return False
    found.state, found.executed_at = DestructionState.EXECUTED, timezone.now()
    found.save(update_fields=["state", "executed_at"])
    capture(LIST_SOURCE, str(found.pk))
    return True


def _safely(what: str, work: Any, *arguments: Any) -> bool:
    """Do one step; what fails is logged and stays for the next run, the others go on."""
    try:
        return bool(work(*arguments))
    except Exception:
        logger.exception("%s failed; it is tried again.", what)
        return False


def work(list_id: uuid.UUID | None = None, seconds: float | None = None) -> int:
    """Carry out what was signed and finish what was begun; return how many were destroyed.

    Args:
        list_id: of one list only.
        seconds: begin no other record after this time.
    """
    began, done = time.monotonic(), 0
    entries = DestructionEntry.objects.all()
    lists = DestructionList.objects.filter(state=DestructionState.EXECUTING)
    if list_id is not None:
        entries, lists = entries.filter(destruction_list=list_id), lists.filter(pk=list_id)
    waiting = entries.filter(
        destruction_list__state=DestructionState.EXECUTING, counts=True, destroyed_at__isnull=True
    )
    for pk in list(entries.with_files_to_remove().values_list("pk", flat=True)):
        _safely("Removing the files of a destroyed record", remove_files, pk)
    for pk in list(waiting.values_list("pk", flat=True)):
        if seconds is not None and time.monotonic() - began > seconds:
            return done
        if _safely("The destruction of a record", destroy, pk):
            done += 1
            _safely("Removing the files of a destroyed record", remove_files, pk)
    for key in list(lists.values_list("pk", flat=True)):
        _safely("Closing a destruction list", finish, key)
    return done
