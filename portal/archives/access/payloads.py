"""The payload behind a ledger entry, sealed with the key of its record.

A sealed body is `sealed:v1:<record id>:<base64 of nonce, ciphertext and tag>`; inside are salt
and body, and the salt's own column is empty. The commitment of the entry stays over what is
inside. Record and entry number are bound to the seal, so a payload cannot be moved.
"""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.archives.access import keys
from portal.archives.access.refusals import RecordKeyGone, SealBroken, SealedUnreadable
from portal.archives.models import EntryPayload, RecordKey

PREFIX = "sealed:v1:"
NONCE_BYTES = 12
ID_LENGTH = 32


@dataclass(frozen=True)
class OpenedPayload:
    """Salt and body of a payload, or why they cannot be read."""

    sequence: int
    salt: str = ""
    body: str = ""
    refusal: SealedUnreadable | None = None

    def text(self) -> str:
        """Return the body.

        Raises:
            SealedUnreadable: it cannot be opened.
        """
        if self.refusal is not None:
            raise self.refusal
        return self.body


def _bound_to(record_id: uuid.UUID, sequence: int) -> bytes:
    return PREFIX.encode() + record_id.bytes + sequence.to_bytes(8, "big")


def is_sealed(body: str) -> bool:
    """Whether a stored body is sealed; a plain one is JSON and begins otherwise."""
    return body.startswith(PREFIX)


def sealed(key: bytes, record_id: uuid.UUID, sequence: int, salt: str, body: str) -> str:
    """Return the stored form of salt and body."""
    nonce = os.urandom(NONCE_BYTES)
    inside = f"{salt}\n{body}".encode()
    closed = AESGCM(key).encrypt(nonce, inside, _bound_to(record_id, sequence))
    return f"{PREFIX}{record_id.hex}:{base64.b64encode(nonce + closed).decode()}"


def _record_id(body: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=body[len(PREFIX) : len(PREFIX) + ID_LENGTH])
    except ValueError:
        return None


def _opened(payload: EntryPayload, row: RecordKey | None) -> OpenedPayload:
    record_id = _record_id(payload.body)
    try:
        if record_id is None:
            raise SealBroken.standard()
        if row is None:
            raise RecordKeyGone.standard()
        raw = base64.b64decode(payload.body[len(PREFIX) + ID_LENGTH + 1 :], validate=True)
        inside = AESGCM(keys.opened(row)).decrypt(
            raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound_to(record_id, payload.sequence)
        )
    except SealedUnreadable as refusal:
        return OpenedPayload(payload.sequence, refusal=refusal)
    except (InvalidTag, ValueError):
        return OpenedPayload(payload.sequence, refusal=SealBroken.standard())
    salt, _line, body = inside.decode().partition("\n")
    return OpenedPayload(payload.sequence, salt, body)


def open_all(payloads: Sequence[EntryPayload]) -> list[OpenedPayload]:
    """Open many payloads, plain ones included, with one query for all their keys."""
    ids = {
        record_id
        for payload in payloads
        if is_sealed(payload.body) and (record_id := _record_id(payload.body)) is not None
    }
    rows = keys.rows_of(ids)
    return [
        _opened(payload, rows.get(_record_id(payload.body)))  # type: ignore[arg-type]
        if is_sealed(payload.body)
        else OpenedPayload(payload.sequence, payload.salt, payload.body)
        for payload in payloads
    ]
