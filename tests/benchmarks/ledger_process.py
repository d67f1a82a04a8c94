"""One process of the ledger's benchmark, with the database of DATABASE_URL.

``append SECONDS``
    waits for a line of input, appends one entry per transaction until the time is over and prints
    how many.
``verify ROWS``
    appends so many entries with payloads of usual size and prints the seconds of one walk over
    all of them, then of the walk over the tree.
``prove ROWS``
    writes so many generated rows, fills the table of nodes, and prints its seconds, then the
    milliseconds of many inclusion proofs in one line.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import django

PROOFS = 500
AT_ONCE = 1000


def payload(number: int) -> dict[str, Any]:
    """A payload of about the size of a capture's."""
    return {
        "number": number,
        "title": "重温入党誓词，对照检查安全责任",
        "text": "全体党员逐条对照检查，明确整改责任人和完成时限。" * 12,
        "files": [{"name": "附件.pdf", "sha256": f"{number:064x}", "size": number}],
    }


def seconds_of(function: Callable[[], Any]) -> float:
    """Return how long a call took."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def append(seconds: float) -> None:
    """Append one entry per transaction for some seconds."""
    from django.db import connection, transaction

    from portal.archives import ledger

    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        with transaction.atomic():
            ledger.append([ledger.Draft("inspect", uuid.uuid4(), payload(count))])
        count += 1
    print(count, flush=True)


def verify(rows: int) -> None:
    """Walk over a ledger of so many rows."""
    from django.db import transaction

    from portal.archives import ledger
    from portal.archives.tree import nodes, verification

    for start in range(ledger.newest_sequence(), rows, AT_ONCE):
        with transaction.atomic():
            drafts = [
                ledger.Draft("inspect", uuid.uuid4(), payload(number))
                for number in range(start, min(start + AT_ONCE, rows))
            ]
            ledger.append(drafts)
    found: list[Any] = []
    print(seconds_of(lambda: found.extend(ledger.faults())), flush=True)
    nodes.fill()
    print(seconds_of(lambda: found.extend(verification.all_faults())), flush=True)
    assert not found, found[:5]


def prove(rows: int) -> None:
    """Prove entries of a ledger of so many generated rows, whose tree is real."""
    from django.db import connection

    from portal.archives.models import LedgerEntry
    from portal.archives.tree import nodes, tree

    first = nodes.newest_entry()
    for start in range(first, rows, AT_ONCE * 10):
        LedgerEntry.objects.bulk_create(
            [
                LedgerEntry(
                    sequence=number,
                    kind="inspect",
                    record_id=uuid.UUID(int=number),
                    commitment="0" * 64,
                    previous_hash="0" * 64,
                    entry_hash=hashlib.sha256(str(number).encode()).hexdigest(),
                )
                for number in range(start + 1, min(start + AT_ONCE * 10, rows) + 1)
            ],
            batch_size=AT_ONCE,
        )
    print(seconds_of(nodes.fill), flush=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    source = random.Random(6962)
    root = nodes.root(rows)
    times = []
    for _ in range(PROOFS):
        sequence = source.randint(1, rows)
        started = time.perf_counter()
        path = nodes.inclusion_path(sequence, rows)
        times.append((time.perf_counter() - started) * 1000)
        entry = LedgerEntry.objects.get(sequence=sequence)
        leaf = tree.leaf_hash(bytes.fromhex(entry.entry_hash))
        assert tree.proves_inclusion(leaf, sequence - 1, rows, path, root)
    print(*times, flush=True)


def main(arguments: list[str]) -> int:
    """Do one part, as the command line says."""
    django.setup()
    part, number = arguments
    {"append": append, "verify": verify, "prove": prove}[part](int(number))  # type: ignore[operator]
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
