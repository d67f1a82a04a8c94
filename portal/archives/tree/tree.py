"""The Merkle tree of RFC 6962, section 2.1, with nothing of the portal in it.

A node (level, index) is the hash of the complete subtree over the leaves
[index << level, (index + 1) << level). Every root and every proof is made of such nodes, so the
same code works on a list in memory and on a table of a million rows: it says which nodes it needs,
the caller looks them up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Node = tuple[int, int]
Range = tuple[int, int]
# From nodes to their hashes, all in one go.
Lookup = Callable[[Iterable[Node]], Mapping[Node, bytes]]
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """Return the largest power of two below size, which must be at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def complete_subtrees(start: int, end: int) -> list[Node]:
    """Return the nodes that make up the leaves [start, end), the largest subtree first."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def join(hashes: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees of falling size."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def hashes_of_ranges(ranges: Sequence[Range], lookup: Lookup) -> list[bytes]:
    """Return the hash over each range of leaves, with one look-up for all of them."""
    parts = [complete_subtrees(*leaves) for leaves in ranges]
    found = lookup([node for nodes in parts for node in nodes])
    return [join([found[node] for node in nodes]) for nodes in parts]


def root_of(size: int, lookup: Lookup) -> bytes:
    """Return the root over the first leaves (MTH of RFC 6962, 2.1)."""
    return hashes_of_ranges([(0, size)], lookup)[0]


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes are the audit path of a leaf (PATH of RFC 6962, 2.1.1).

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """Return the ranges whose hashes prove that a tree only grew (PROOF of RFC 6962, 2.1.2).

    Raises:
        ValueError: unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError(f"A tree of {second} cannot have grown from one of {first}.")
    start, end, path = 0, second, []
    whole = True  # whether the first tree itself is the subtree that is left
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, end)]) + path[::-1]


def proves_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether an audit path leads from a leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, computed = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            computed = node_hash(sibling, computed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and computed == root


def proves_consistency(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Whether a proof shows that the second tree begins with the first (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    # A first tree that is complete is a node of the second one and not part of the proof.
    parts = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not parts:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(part, old), node_hash(part, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, part)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class Frontier:
    """The complete subtrees at the right edge of a growing tree: all that appending needs."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Start empty, or from a size and the hashes of `complete_subtrees(0, size)`."""
        self.size = size
        self.hashes = list(hashes)

    def append(self, entry: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add an entry; yield level, index and hash of every subtree that is now complete.

        The generator must be read to its end.
        """
        level, index, made = 0, self.size, leaf_hash(entry)
        self.size += 1
        yield level, index, made
        while index & 1:
            level, index, made = level + 1, index >> 1, node_hash(self.hashes.pop(), made)
            yield level, index, made
        self.hashes.append(made)

    def root(self) -> bytes:
        """Return the root over everything appended."""
        return join(self.hashes)
