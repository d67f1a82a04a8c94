"""Append to the ledger and check it."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from django.db import connections

from portal.archives.access import keys
from portal.archives.access import payloads as payload_seal
from portal.archives.access.payloads import OpenedPayload
from portal.archives.canonical import canonical
from portal.archives.models import EntryPayload, LedgerEntry
from portal.archives.statements import FixedInsert, FixedRead, insert_together

GENESIS_HASH = "0" * 64
SALT_BYTES = 32
WALK_ROWS = 2000
# These write the record in the same transaction and bring its key themselves, so publishing
# does not pay for a look at the keys.
CAPTURES = ("capture", "late-capture")
# The event that makes the absence of a payload lawful.
DESTROY = "destroy"
# Any fixed number serves; it names the one lock behind the chain on PostgreSQL.
CHAIN_LOCK = 0x7061_7274_79

_insert_entries = FixedInsert(LedgerEntry)
_insert_payloads = FixedInsert(EntryPayload)
_newest_read = FixedRead(
    lambda: LedgerEntry.objects.order_by("-sequence").values_list("sequence", "entry_hash")[:1]
)


@dataclass(frozen=True)
class Draft:
    """What is to be appended: an event, the record it concerns, and the payload behind it.

    Attributes:
        key: the data key of the record, from a capture of one that is kept sealed. All other
            payloads are sealed by `append` when their record has a key and its level asks for it.
    """

    kind: str
    record_id: uuid.UUID
    payload: dict[str, Any] = field(default_factory=dict)
    key: bytes | None = field(default=None, repr=False)


def entry_hash(
    sequence: int, kind: str, record_id: uuid.UUID, commitment: str, previous_hash: str
) -> str:
    """Return the hash of a row: SHA-256 over the canonical form of its other columns.

    The form is written out, because a walk over the ledger needs it for every row; that it is
    the form of `canonical` is tested.
    """
    form = (
        f'{{"commitment":{_text(commitment)},"kind":{_text(kind)},'
        f'"previous":{_text(previous_hash)},"record":"{record_id!s}","sequence":{sequence:d}}}'
    )
    return hashlib.sha256(form.encode()).hexdigest()


def _text(value: str) -> str:
    return encode_basestring(unicodedata.normalize("NFC", value))


def commit_to(salt: str, body: str) -> str:
    """Return the salted commitment to a payload: HMAC-SHA256 with the salt as its key."""
    return hmac.digest(bytes.fromhex(salt), body.encode(), "sha256").hex()


def _take_chain_lock(using: str) -> None:
    # SQLite transactions begin IMMEDIATE, so the writer already holds the only write lock.
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def append(drafts: list[Draft], using: str = "default") -> list[LedgerEntry]:
    """Append entries in order. Must run in a transaction, after all its other writes.

    The chain lock is taken here, once, and held to the commit; whoever takes it earlier and
    then waits for a row lock can deadlock with somebody who holds the row.
    """
    if not drafts:
        return []
    _take_chain_lock(using)
    sequence, previous_hash = _newest_read.first(using=using) or (0, GENESIS_HASH)
    # Under the chain lock: a level that is changed meanwhile is written after this, and finds
    # these payloads to bring into its form.
    others = {draft.record_id for draft in drafts if draft.kind not in CAPTURES}
    record_keys = keys.of_sealed_records(others, using)
    entries, payloads = [], []
    for draft in drafts:
        sequence += 1
        salt = secrets.token_hex(SALT_BYTES)
        body = canonical(draft.payload)
        commitment = commit_to(salt, body)
        entry = LedgerEntry(
            sequence=sequence,
            kind=draft.kind,
            record_id=draft.record_id,
            commitment=commitment,
            previous_hash=previous_hash,
            entry_hash=entry_hash(sequence, draft.kind, draft.record_id, commitment, previous_hash),
        )
        previous_hash = entry.entry_hash
        entries.append(entry)
        key = draft.key or record_keys.get(draft.record_id)
        if key is not None:
            salt, body = "", payload_seal.sealed(key, draft.record_id, sequence, salt, body)
        payloads.append(EntryPayload(sequence=sequence, salt=salt, body=body))
    insert_together([(_insert_entries, entries), (_insert_payloads, payloads)], using)
    return entries


def newest_sequence() -> int:
    """Return the number of the newest entry, 0 for an empty ledger."""
    newest = LedgerEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return newest or 0


def payload_of(sequence: int) -> dict[str, Any]:
    """Return the payload behind an entry, opened when it is sealed.

    Raises:
        EntryPayload.DoesNotExist: it was erased.
        SealedUnreadable: it is sealed and cannot be opened.
    """
    (opened,) = payload_seal.open_all([EntryPayload.objects.get(sequence=sequence)])
    loaded: dict[str, Any] = json.loads(opened.text())
    return loaded


def payloads_of(sequences: Iterable[int]) -> dict[int, OpenedPayload]:
    """Return many payloads by entry number, with two queries; erased ones are left out.

    One that cannot be opened says so in `refusal` and when its text is asked for.
    """
    found = EntryPayload.objects.filter(sequence__in=list(sequences))
    return {opened.sequence: opened for opened in payload_seal.open_all(list(found))}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with the ledger or a file, named by its place."""

    place: str
    problem: str


class _Row(NamedTuple):
    """A row of the ledger as the walk reads it; a model instance costs twice the time."""

    sequence: int
    kind: str
    record_id: uuid.UUID
    commitment: str
    previous_hash: str
    entry_hash: str


def _rows() -> Iterator[_Row]:
    rows = LedgerEntry.objects.order_by("sequence").values_list(*_Row._fields)
    return map(_Row._make, rows.iterator(WALK_ROWS))


def _payload_faults(
    entry: _Row, payload: OpenedPayload | None, destroyed: dict[str, int]
) -> Iterator[Fault]:
    if payload is not None and payload.refusal is not None:
        yield Fault(f"ledger:{entry.sequence}", payload.refusal.problem)
    elif payload is not None:
        try:
            kept = commit_to(payload.salt, payload.body) == entry.commitment
        except ValueError:
            yield Fault(f"ledger:{entry.sequence}", "the salt is no hexadecimal number")
            return
        if not kept:
            yield Fault(f"ledger:{entry.sequence}", "the payload does not match its commitment")
    elif entry.kind == DESTROY or entry.sequence > destroyed.get(str(entry.record_id), 0):
        # A tombstone excuses what lies before it, never itself.
        yield Fault(f"ledger:{entry.sequence}", "the payload is gone without a tombstone")


def _opened_payloads() -> Iterator[OpenedPayload]:
    """Yield all payloads in order, opened a batch at a time."""
    rows = EntryPayload.objects.order_by("sequence").iterator(WALK_ROWS)
    while batch := list(islice(rows, WALK_ROWS)):
        yield from payload_seal.open_all(batch)


def faults() -> Iterator[Fault]:
    """Walk the whole ledger and yield everything that does not fit.

    Finds a changed column, a missing or inserted row, rows in another order, and a payload
    that was changed or erased without a tombstone. Entries and payloads are read side by
    side in order, so memory stays flat however long the ledger is.
    """
    destroyed = {
        str(record_id): sequence
        for record_id, sequence in LedgerEntry.objects.filter(kind=DESTROY)
        .order_by("sequence")
        .values_list("record_id", "sequence")
    }
    payloads = _opened_payloads()
    payload = next(payloads, None)
    expected, previous_hash = 1, GENESIS_HASH
    for entry in _rows():
        place = f"ledger:{entry.sequence}"
        if entry.sequence != expected:
            yield Fault(place, f"expected entry {expected}")
        if entry.previous_hash != previous_hash:
            yield Fault(place, "the previous hash does not match")
        computed = entry_hash(
            entry.sequence, entry.kind, entry.record_id, entry.commitment, entry.previous_hash
        )
        if computed != entry.entry_hash:
            yield Fault(place, "the entry's own hash does not match")
        while payload is not None and payload.sequence < entry.sequence:
            yield Fault(f"payload:{payload.sequence}", "the payload belongs to no entry")
            payload = next(payloads, None)
        own = payload if payload is not None and payload.sequence == entry.sequence else None
        yield from _payload_faults(entry, own, destroyed)
        if own is not None:
            payload = next(payloads, None)
        expected, previous_hash = entry.sequence + 1, entry.entry_hash
    while payload is not None:
        yield Fault(f"payload:{payload.sequence}", "the payload belongs to no entry")
        payload = next(payloads, None)
