"""The key of each file, sealed under the portal's key ring."""

from __future__ import annotations

import base64
import secrets
import uuid

from django.db import transaction

from portal.files.models import StoredFile
from portal.personal_data.encryption import key_ids, unwrap, wrap

KEY_BYTES = 32
ROWS_AT_ONCE = 500


def _context(file_id: uuid.UUID) -> bytes:
    return b"private file" + file_id.bytes


def _seal(file_id: uuid.UUID, key: bytes) -> tuple[str, str]:
    key_id, sealed = wrap(key, _context(file_id))
    return key_id, base64.b64encode(sealed).decode()


def give_key(file: StoredFile) -> bytes:
    """Give a new row a key of its own and return it."""
    key = secrets.token_bytes(KEY_BYTES)
    file.key_id, file.wrapped_key = _seal(file.pk, key)
    return key


def key_of(file: StoredFile) -> bytes:
    """Return the key of a file.

    Raises:
        UnreadableValue: no configured key opens it.
    """
    return unwrap(file.key_id, base64.b64decode(file.wrapped_key), _context(file.pk))


def renew() -> int:
    """Seal every file's key under the newest key of the ring; return how many were renewed.

    Raises:
        UnreadableValue: a key cannot be opened; what was renewed before stays renewed.
    """
    count = 0
    older = StoredFile.objects.exclude(key_id=key_ids()[0]).order_by("pk")
    older = older.only("pk", "key_id", "wrapped_key")
    while batch := list(older[:ROWS_AT_ONCE]):
        with transaction.atomic():
            for file in batch:
                key_id, wrapped = _seal(file.pk, key_of(file))
                # Only where nobody renewed it meanwhile.
                count += StoredFile.objects.filter(pk=file.pk, wrapped_key=file.wrapped_key).update(
                    key_id=key_id, wrapped_key=wrapped
                )
    return count
