"""The urn in which anonymous opinions wait: no order, no time, no plain text.

Whenever something comes in, all rows are taken out, sealed anew and written back in one
transaction, sorted by their random keys. On PostgreSQL the table begins a new file each time
(TRUNCATE), so no dead row, transaction number or place tells an order; on SQLite the key is the
rowid, and deleted rows are overwritten. Measured in section 2.4 of the facts: everything less
leaks the order.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from portal.personal_data.encryption import unwrap, wrap
from union.models import WaitingItem

CONTEXT = b"union.waiting"
KEY_BITS = 63
# Sealed entries are filled up to whole blocks, so that their length says little.
BLOCK = 4096
# Marks an entry that could not be released.
FAILED = "failed"
_random = secrets.SystemRandom()


@dataclass(frozen=True, repr=False)
class Waiting:
    """One entry of the urn, opened."""

    mac: bytes
    entry: dict[str, Any]


def seal(entry: dict[str, Any]) -> bytes:
    """Return an entry encrypted, in whole blocks."""
    plain = json.dumps(entry, ensure_ascii=False).encode()
    plain += b" " * (-len(plain) % BLOCK)
    key_id, sealed = wrap(plain, CONTEXT)
    return key_id.encode() + b":" + sealed


def unseal(sealed: bytes | memoryview) -> dict[str, Any]:
    """Return the entry behind its sealed form.

    Raises:
        UnreadableValue: no configured key opens it.
    """
    key_id, _colon, rest = bytes(sealed).partition(b":")
    opened: dict[str, Any] = json.loads(unwrap(key_id.decode(), rest, CONTEXT))
    return opened


def random_key() -> int:
    """Return a key that tells nothing."""
    return secrets.randbits(KEY_BITS)


def lock() -> None:
    """Let one transaction at a time look into the urn; on SQLite it has the database anyway.

    Whoever reads the urn and writes it afterwards takes the lock first: two that have read both
    wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {WaitingItem._meta.db_table} IN ACCESS EXCLUSIVE MODE")


def _empty() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE TABLE {WaitingItem._meta.db_table}")
    else:
        WaitingItem.objects.all().delete()


def _write(entries: Iterable[Waiting]) -> None:
    rows = [WaitingItem(pk=random_key(), mac=one.mac, sealed=seal(one.entry)) for one in entries]
    WaitingItem.objects.bulk_create(sorted(rows, key=lambda row: row.pk))


def opened() -> list[Waiting]:
    """Return everything in the urn; the caller holds its lock."""
    rows = WaitingItem.objects.values_list("mac", "sealed")
    return [Waiting(bytes(mac), unseal(sealed)) for mac, sealed in rows]


@transaction.atomic
def put(mac: bytes, entry: dict[str, Any]) -> list[Waiting]:
    """Put an entry into the urn and write the whole urn anew.

    Returns:
        What lay in it before, for a look at what was sent twice.
    """
    lock()
    before = opened()
    _empty()
    _write([*before, Waiting(mac, entry)])
    return before


@transaction.atomic
def take_out() -> list[Waiting]:
    """Empty the urn and return what was in it, shuffled; inside the releasing transaction."""
    lock()
    entries = opened()
    _empty()
    _random.shuffle(entries)
    return entries


@transaction.atomic
def put_back(entries: Sequence[Waiting]) -> None:
    """Put back what could not be released, with what came in meanwhile."""
    if not entries:
        return
    lock()
    before = opened()
    _empty()
    _write([*before, *entries])


def count() -> int:
    """Return how much waits."""
    return WaitingItem.objects.count()


def senders() -> int:
    """Return of how many senders something waits that has not failed to be released before.

    Several entries of one sender are no batch, and an entry that cannot be released must not make
    one of each that comes after it.
    """
    return len({one.mac for one in opened() if not one.entry.get(FAILED)})
