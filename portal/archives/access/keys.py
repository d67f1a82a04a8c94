"""One data key for each sealed record, wrapped under the portal's key ring."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from portal.archives.access.refusals import RecordKeyGone, RecordKeyUnreadable
from portal.archives.models import AccessLevel, RecordKey, SealingTask
from portal.personal_data.encryption import UnreadableValue, key_ids, unwrap, wrap

KEY_BYTES = 32
ROWS_AT_ONCE = 500


def is_sealed_level(level: str) -> bool:
    """Whether content of this level is kept sealed."""
    return level != AccessLevel.OPEN


def new_key(record_id: uuid.UUID) -> tuple[RecordKey, bytes]:
    """Return an unsaved row and the key it holds; nothing is read or written."""
    key = secrets.token_bytes(KEY_BYTES)
    row = RecordKey(record_id=record_id)
    _wrap_into(row, key)
    return row, key


def _unwrapped(row: RecordKey) -> bytes:
    return unwrap(row.key_id, base64.b64decode(row.wrapped), row.record_id.bytes)


def _wrap_into(row: RecordKey, key: bytes) -> None:
    row.key_id, sealed = wrap(key, row.record_id.bytes)
    row.wrapped = base64.b64encode(sealed).decode()


def opened(row: RecordKey) -> bytes:
    """Return the key in a row.

    Raises:
        RecordKeyUnreadable: no configured key opens it.
    """
    try:
        return _unwrapped(row)
    except (UnreadableValue, ValueError) as error:
        raise RecordKeyUnreadable.standard() from error


def rows_of(record_ids: Iterable[uuid.UUID], using: str = "default") -> dict[uuid.UUID, RecordKey]:
    """Return the rows of many records at once; records without a key are left out."""
    wanted = set(record_ids)
    return RecordKey.objects.using(using).in_bulk(wanted) if wanted else {}


def of_sealed_records(
    record_ids: Iterable[uuid.UUID], using: str = "default"
) -> dict[uuid.UUID, bytes]:
    """Return the keys of those records whose level asks for sealing, with one query for 500.

    A record whose key cannot be opened at the moment is left out and put on the list of those
    that are to be sealed: that a key is missing must not stop what the archive has to write
    down, damage among it. The worker seals it when the key is back.
    """
    wanted, found = list(set(record_ids)), {}
    for begin in range(0, len(wanted), ROWS_AT_ONCE):
        rows = RecordKey.objects.using(using).filter(pk__in=wanted[begin : begin + ROWS_AT_ONCE])
        for row in rows.exclude(record__access_level=AccessLevel.OPEN):
            try:
                found[row.record_id] = opened(row)
            except RecordKeyUnreadable:
                SealingTask.objects.using(using).get_or_create(
                    record_id=row.record_id, defaults={"since": timezone.now()}
                )
    return found


def key_of(record_id: uuid.UUID, using: str = "default") -> bytes:
    """Return the key of one record.

    Raises:
        RecordKeyGone: it has none.
        RecordKeyUnreadable: no configured key opens it.
    """
    row = RecordKey.objects.using(using).filter(pk=record_id).first()
    if row is None:
        raise RecordKeyGone.standard()
    return opened(row)


def ensure_key(record_id: uuid.UUID) -> bytes:
    """Return the key of a record, made now if it has none. The row of the record is locked."""
    row = RecordKey.objects.filter(pk=record_id).first()
    if row is not None:
        return opened(row)
    row, key = new_key(record_id)
    row.save(force_insert=True)
    return key


def renew() -> int:
    """Wrap every record key under the newest key of the ring; return how many were renewed.

    Raises:
        UnreadableValue: a key cannot be opened; what was renewed before stays renewed.
    """
    count = 0
    newest = key_ids()[0]
    older = RecordKey.objects.exclude(key_id=newest).order_by("pk")
    while batch := list(older[:ROWS_AT_ONCE]):
        with transaction.atomic():
            for row in batch:
                before = row.wrapped
                _wrap_into(row, _unwrapped(row))
                # Only where nobody renewed it meanwhile.
                count += RecordKey.objects.filter(pk=row.pk, wrapped=before).update(
                    key_id=row.key_id, wrapped=row.wrapped
                )
    return count
