"""The tree over the ledger in a table, so that a proof reads some dozens of rows, not all.

Filled by the worker every minute and before each head, never by whoever publishes. Only levels
from `LOWEST_LEVEL` upwards are kept: what lies below is computed from at most 16 ledger rows, and
the table has an eighth of a row for each entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection, connections, transaction
from django.db.models import Max

from portal.archives.models import LedgerEntry, TreeNode
from portal.archives.tree import tree
from portal.archives.tree.tree import Frontier, Node

LOWEST_LEVEL = 4
LEAVES = 1 << LOWEST_LEVEL
# Entries in one piece of work: some ten milliseconds of the database's write lock.
BATCH = 4096
# Any fixed number serves; it names the lock of those who fill the table on PostgreSQL.
TREE_LOCK = 0x7061_7274_7A


class BrokenTree(Exception):
    """Ledger or node table do not have what the tree needs; the message names the place."""


def take_lock(using: str = "default") -> None:
    """Let one process at a time write nodes or heads; held to the end of the transaction."""
    # On SQLite a transaction holds the only write lock from its beginning.
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def entries(start: int, end: int | None = None) -> Iterator[bytes]:
    """Yield the hashes of the entries at the places [start, end), counted from 0.

    Raises:
        BrokenTree: an entry is missing or its hash cannot be read.
    """
    rows = LedgerEntry.objects.filter(sequence__gt=start).order_by("sequence")
    if end is not None:
        rows = rows.filter(sequence__lte=end)
    expected = start
    for sequence, entry_hash in rows.values_list("sequence", "entry_hash").iterator(BATCH):
        expected += 1
        if sequence != expected:
            raise BrokenTree(f"ledger:{expected}")
        try:
            yield bytes.fromhex(entry_hash)
        except ValueError as error:
            raise BrokenTree(f"ledger:{sequence}") from error
    if end is not None and expected != end:
        raise BrokenTree(f"ledger:{expected + 1}")


def filled() -> int:
    """Return how many entries the table covers, a multiple of `LEAVES`."""
    newest = TreeNode.objects.filter(level=LOWEST_LEVEL).aggregate(newest=Max("index"))["newest"]
    return 0 if newest is None else (int(newest) + 1) * LEAVES


def newest_entry() -> int:
    """Return the number of the newest entry, 0 for an empty ledger."""
    return LedgerEntry.objects.aggregate(newest=Max("sequence"))["newest"] or 0


def _kept(wanted: Sequence[Node]) -> dict[Node, bytes]:
    """Return those of the nodes that the table has, in one query.

    In plain SQL, because Django takes longer to compose so many conditions than the database to
    answer them.
    """
    if not wanted:
        return {}
    quote = connection.ops.quote_name
    level, index, value = (quote(name) for name in ("level", "index", "hash"))
    condition = " OR ".join([f"({level} = %s AND {index} = %s)"] * len(wanted))
    table = quote(TreeNode._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {level}, {index}, {value} FROM {table} WHERE {condition}",  # noqa: S608
            [number for node in wanted for number in node],
        )
        return {(row[0], row[1]): bytes.fromhex(row[2]) for row in cursor.fetchall()}


def _computed(wanted: Sequence[Node]) -> dict[Node, bytes]:
    """Return nodes below the lowest kept level from the ledger itself, in one query."""
    places = {
        node: range((node[1] << node[0]) + 1, ((node[1] + 1) << node[0]) + 1) for node in wanted
    }
    sequences = [sequence for numbers in places.values() for sequence in numbers]
    if not sequences:
        return {}
    # Without the model's own order, for which SQLite would walk through the whole ledger.
    rows = dict(
        LedgerEntry.objects.filter(sequence__in=sequences)
        .order_by()
        .values_list("sequence", "entry_hash")
    )
    found = {}
    for node, numbers in places.items():
        frontier = Frontier()
        for sequence in numbers:
            if sequence not in rows:
                raise BrokenTree(f"ledger:{sequence}")
            for _made in frontier.append(bytes.fromhex(rows[sequence])):
                pass
        found[node] = frontier.root()
    return found


def hashes(nodes: Iterable[Node]) -> Mapping[Node, bytes]:
    """Return the hashes of complete subtrees.

    Raises:
        BrokenTree: the table lacks one, or the ledger lacks a row.
    """
    every = set(nodes)
    high = sorted(node for node in every if node[0] >= LOWEST_LEVEL)
    low = sorted(node for node in every if node[0] < LOWEST_LEVEL)
    found = {**_kept(high), **_computed(low)}
    for level, index in high:
        if (level, index) not in found:
            raise BrokenTree(f"node:{level}/{index}")
    return found


def fill() -> int:
    """Bring the table up to the ledger; return how many entries it covers now.

    Two processes may do so at once: each computes without a lock, and who comes second finds
    the rows of the first and goes on from there.

    Raises:
        BrokenTree: the ledger or the table has a gap.
    """
    while True:
        start = filled()
        end = min(start + BATCH, newest_entry()) // LEAVES * LEAVES
        if end <= start:
            return start
        made = _made(start, end)
        with transaction.atomic():
            take_lock()
            if filled() == start:
                TreeNode.objects.bulk_create(made, batch_size=500)


def _made(start: int, end: int) -> list[TreeNode]:
    """Return the nodes that become complete with the entries at [start, end)."""
    corner = tree.complete_subtrees(0, start)
    known = hashes(corner)
    frontier = Frontier(start, [known[node] for node in corner])
    return [
        TreeNode(level=level, index=index, hash=made.hex())
        for entry in entries(start, end)
        for level, index, made in frontier.append(entry)
        if level >= LOWEST_LEVEL
    ]


def rebuild() -> int:
    """Make the whole table again from the ledger; return how many entries it covers."""
    with transaction.atomic():
        take_lock()
        TreeNode.objects.all().delete()
    return fill()


def root(size: int) -> bytes:
    """Return the root over the first entries, by the table.

    Raises:
        BrokenTree: see `hashes`.
    """
    return tree.root_of(size, hashes)


def inclusion_path(sequence: int, size: int) -> list[bytes]:
    """Return the audit path of an entry in the tree over the first entries.

    Raises:
        ValueError: the tree does not reach to the entry.
        BrokenTree: see `hashes`.
    """
    return tree.hashes_of_ranges(tree.inclusion_ranges(sequence - 1, size), hashes)


def consistency_path(first: int, second: int) -> list[bytes]:
    """Return the proof that the tree of one size is the beginning of that of another.

    Raises:
        ValueError: the sizes are in the wrong order, or the first is 0.
        BrokenTree: see `hashes`.
    """
    return tree.hashes_of_ranges(tree.consistency_ranges(first, second), hashes)
