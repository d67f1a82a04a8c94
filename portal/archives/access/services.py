"""Change who reads a record."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.access import keys, sealing
from portal.archives.access.events import ACCESS_LEVEL
from portal.archives.access.refusals import SameLevel
from portal.archives.models import (
    AccessLevel,
    Record,
    RecordFile,
    RecordState,
)
from portal.archives.permissions import require_receive
from portal.archives.refusals import AlreadyHandled

#: From the widest circle of readers to the narrowest.
LEVELS = (AccessLevel.OPEN, AccessLevel.INTERNAL, AccessLevel.CONTROLLED)
#: Bytes that are brought into another form at once; more is left to the worker.
AT_ONCE_BYTES = 50 * 1024 * 1024


def is_higher(level: str, than: str) -> bool:
    """Whether a level is read by fewer than another."""
    return LEVELS.index(AccessLevel(level)) > LEVELS.index(AccessLevel(than))


def _set_level(record: Record, level: str, about: dict[str, Any]) -> ledger.Draft:
    """Change the level of a locked record, its payload and its place in the search index."""
    before = record.access_level
    record.access_level = level
    record.save(update_fields=["access_level"])
    if keys.is_sealed_level(before) != keys.is_sealed_level(level):
        sealing.reform_payload(record)
        sealing.order(record)
        transaction.on_commit(partial(_settle_what_is_small, record.pk), robust=True)
    from portal.archives.search import index_again

    index_again(record)
    return ledger.Draft(
        ACCESS_LEVEL, record.pk, {"from": before, "to": level, "at": timezone.now(), **about}
    )


def _settle_what_is_small(record_id: uuid.UUID) -> None:
    files = RecordFile.objects.filter(record_id=record_id, stored_at__isnull=False)
    if (files.aggregate(total=Sum("size"))["total"] or 0) <= AT_ONCE_BYTES:
        sealing.settle_safely(record_id)


def raise_level(record: Record, level: str, *, clause: str = "") -> list[ledger.Draft]:
    """Raise the level of a record to what a rule of the scope table asks for; never lower it.

    The caller has locked the row, and appends what is returned with its own entries.

    Args:
        record: with its present level.
        level: the level asked for; empty asks for nothing.
        clause: of the rule.

    Raises:
        SealedUnreadable: what is sealed cannot be opened.
    """
    if not level or not is_higher(level, record.access_level):
        return []
    return [_set_level(record, level, {"reason": "", "clause": clause, "account": None})]


@transaction.atomic
def change_level(
    record_id: uuid.UUID, level: str, *, by: Any, reason: str, seen: str = ""
) -> Record:
    """Change the level of a record up or down, on the word of the archivist.

    Args:
        record_id: the record.
        level: a value of `AccessLevel`.
        by: the account that decides.
        reason: kept in the ledger.
        seen: the level that was shown to the account; empty asks nothing.

    Raises:
        NotArchivist: the account may not decide in the archive.
        AlreadyHandled: the level is another than the one that was shown, or it is destroyed.
        SameLevel: the record has the level already.
        SealedUnreadable: what is sealed cannot be opened.
    """
    require_receive(by)
    record: Record = Record.objects.select_for_update().get(pk=record_id)
    if record.state == RecordState.DESTROYED:
        raise AlreadyHandled(
            _("“%(title)s” is destroyed.") % {"title": record.title},
            [(_("Back to the record"), record.get_absolute_url())],
        )
    if seen and seen != record.access_level:
        raise AlreadyHandled(
            _("The access level was changed meanwhile; it is now “%(level)s”. Please look again.")
            % {"level": record.get_access_level_display()},
            [(_("Back to the record"), record.get_absolute_url())],
        )
    if level == record.access_level:
        raise SameLevel(
            _("The record has the access level “%(level)s” already.")
            % {"level": record.get_access_level_display()},
            [(_("Back to the record"), record.get_absolute_url())],
        )
    draft = _set_level(
        record, level, {"reason": reason, "clause": "", "account": by.pk, "person": str(by)}
    )
    ledger.append([draft])
    return record
