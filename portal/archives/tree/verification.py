"""Prove the tree: nodes and heads against the ledger, heads against their signatures and files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from django.core.exceptions import ImproperlyConfigured

from portal.archives.ledger import Fault
from portal.archives.models import TreeHead, TreeNode
from portal.archives.tree import heads, keys, nodes, notes, tree
from portal.archives.tree.tree import EMPTY_ROOT, Frontier

COMPARED_AT_ONCE = 1000


class _Walk:
    """One pass over the ledger that compares the node table and collects roots at some sizes."""

    def __init__(self, wanted: set[int]) -> None:
        self.wanted = wanted
        self.roots: dict[int, bytes] = {0: EMPTY_ROOT}
        self.filled = nodes.filled()
        self.frontier = Frontier()
        self.made: dict[int, list[str]] = defaultdict(list)
        self.compared: dict[int, int] = defaultdict(int)
        self.whole = True

    def faults(self) -> Iterator[Fault]:
        """Walk; yield every node that differs or is missing, and where the ledger breaks off."""
        try:
            for entry in nodes.entries(0):
                for level, _index, made in self.frontier.append(entry):
                    if level < nodes.LOWEST_LEVEL:
                        continue
                    self.made[level].append(made.hex())
                    if len(self.made[level]) >= COMPARED_AT_ONCE:
                        yield from self._compare(level)
                if self.frontier.size in self.wanted:
                    self.roots[self.frontier.size] = self.frontier.root()
        except nodes.BrokenTree as error:
            self.whole = False
            yield Fault(str(error), "the tree over the ledger ends before this entry")
        for level in sorted(self.made):
            yield from self._compare(level)
        if self.whole:
            yield from self._superfluous()

    def _compare(self, level: int) -> Iterator[Fault]:
        start, made = self.compared[level], self.made[level]
        end = start + len(made)
        kept = dict(
            TreeNode.objects.filter(level=level, index__gte=start, index__lt=end).values_list(
                "index", "hash"
            )
        )
        for index, computed in enumerate(made, start):
            place = f"node:{level}/{index}"
            if index not in kept:
                # What the worker has not reached yet is no fault.
                if (index + 1) << level <= self.filled:
                    yield Fault(place, "the node is missing; rebuild the tree")
            elif kept[index] != computed:
                yield Fault(place, "the node does not fit the ledger; rebuild the tree")
        self.compared[level], self.made[level] = end, []

    def _superfluous(self) -> Iterator[Fault]:
        levels = TreeNode.objects.order_by().values_list("level", flat=True).distinct()
        for level in sorted(levels):
            rows = TreeNode.objects.filter(level=level)
            if level >= nodes.LOWEST_LEVEL:
                # Entries appended since the walk may have made nodes of their own.
                rows = rows.filter(index__gte=nodes.newest_entry() >> level)
            for index in rows.order_by("index").values_list("index", flat=True)[:100]:
                yield Fault(f"node:{level}/{index}", "the ledger does not reach to this node")


def all_faults() -> Iterator[Fault]:
    """Yield everything that does not fit: nodes, heads, signatures, files, succession."""
    # Files first: each is written after its row.
    parsed = dict(heads.files())
    known = list(TreeHead.objects.order_by("date"))
    wanted = {head.size for head in known} | {
        note.checkpoint.size for note in parsed.values() if note is not None
    }
    walk = _Walk(wanted)
    yield from walk.faults()
    try:
        trusted = keys.trusted_keys()
    except ImproperlyConfigured as error:
        yield Fault("head:key", str(error))
        return
    for head in known:
        yield from _head_faults(head, walk, trusted)
    for earlier, later in pairwise(known):
        yield from _succession_faults(earlier, later)
    yield from _file_faults(parsed, known, walk, trusted)


def _head_faults(head: TreeHead, walk: _Walk, trusted: list[notes.PublicKey]) -> Iterator[Fault]:
    place = f"head:{head.date.isoformat()}"
    try:
        note = notes.parse(head.note)
        note.signed_by(trusted)
    except notes.NoteError as error:
        yield Fault(place, str(error))
    else:
        said = note.checkpoint
        if (said.size, said.root.hex(), said.date) != (head.size, head.root, head.date):
            yield Fault(place, "its row differs from what was signed")
    yield from _root_faults(place, head.size, head.root, walk)


def _root_faults(place: str, size: int, root: str, walk: _Walk) -> Iterator[Fault]:
    computed = walk.roots.get(size)
    if computed is None:
        if walk.whole:
            yield Fault(place, f"it covers {size} entries, the ledger has {walk.frontier.size}")
        else:
            yield Fault(place, "the ledger breaks off before the last entry it covers")
    elif computed.hex() != root:
        yield Fault(place, "its root no longer fits the ledger: entries before it were changed")


def _succession_faults(earlier: TreeHead, later: TreeHead) -> Iterator[Fault]:
    """Yield whether the tree of a later day does not begin with that of the day before."""
    place = f"head:{later.date.isoformat()}"
    if later.size < earlier.size:
        yield Fault(place, f"it covers fewer entries than the head of {earlier.date.isoformat()}")
        return
    try:
        path = nodes.consistency_path(earlier.size, later.size)
        fits = tree.proves_consistency(
            earlier.size,
            later.size,
            path,
            bytes.fromhex(earlier.root),
            bytes.fromhex(later.root),
        )
    except (nodes.BrokenTree, ValueError):
        return  # the missing node or row, or the row that differs, has been named
    if not fits:
        yield Fault(place, f"it does not continue the head of {earlier.date.isoformat()}")


def _file_faults(
    parsed: dict[str, notes.Note | None],
    known: list[TreeHead],
    walk: _Walk,
    trusted: list[notes.PublicKey],
) -> Iterator[Fault]:
    """Yield what is wrong with the files: the proof against whoever owns the database."""
    rows = {head.file_name: head for head in known}
    for name, head in rows.items():
        path = heads.folder() / name
        if name not in parsed and not path.is_file():
            yield Fault(f"head-file:{name}", "the file is missing")
        elif path.read_bytes() != head.note.encode():
            yield Fault(f"head-file:{name}", "the file differs from the head in the database")
    for name, note in parsed.items():
        place = f"head-file:{name}"
        if name not in rows:
            yield Fault(place, "the database does not know this head")
        if note is None:
            yield Fault(place, "the file is no signed head")
            continue
        try:
            note.signed_by(trusted)
        except notes.NoteError as error:
            yield Fault(place, str(error))
            continue
        yield from _root_faults(place, note.checkpoint.size, note.checkpoint.root.hex(), walk)
