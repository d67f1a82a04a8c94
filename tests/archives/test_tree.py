"""The tree itself: the vectors of Certificate Transparency, and every size up to some hundreds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.archives import ledger
from portal.archives.canonical import digest
from portal.archives.tree import tree
from portal.archives.tree.tree import Frontier, Lookup, Node

# The leaves and the roots over the first 1 to 8 of them, from the test data of
# github.com/google/certificate-transparency (merkle_tree_test).
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Audit paths and consistency proofs of the same test data, as (first, second) and hashes.
CT_PATHS = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CT_CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
MOST = 300


def mth(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def grown(leaves: list[bytes]) -> tuple[dict[Node, bytes], Frontier]:
    """Every node and the edge of a tree that was appended to."""
    frontier, nodes = Frontier(), {}
    for leaf in leaves:
        for level, index, made in frontier.append(leaf):
            nodes[level, index] = made
    return nodes, frontier


def lookup_in(nodes: Mapping[Node, bytes]) -> Lookup:
    """A look-up that knows no more than these nodes."""

    def lookup(wanted: Iterable[Node]) -> Mapping[Node, bytes]:
        return {node: nodes[node] for node in wanted}

    return lookup


LEAVES = [number.to_bytes(2, "big") for number in range(MOST)]
NODES, _EDGE = grown(LEAVES)
LOOKUP = lookup_in(NODES)
ROOTS = [mth(LEAVES[:size]) for size in range(MOST + 1)]


def path_of(index: int, size: int) -> list[bytes]:
    """The audit path of a leaf."""
    return tree.hashes_of_ranges(tree.inclusion_ranges(index, size), LOOKUP)


def proof_of(first: int, second: int) -> list[bytes]:
    """The consistency proof between two sizes."""
    return tree.hashes_of_ranges(tree.consistency_ranges(first, second), LOOKUP)


def test_the_vectors_of_certificate_transparency():
    nodes, frontier = grown(CT_LEAVES)
    lookup = lookup_in(nodes)
    assert tree.root_of(0, lookup).hex() == hashlib.sha256().hexdigest()
    for size, root in enumerate(CT_ROOTS, start=1):
        assert tree.root_of(size, lookup).hex() == root
    assert frontier.root().hex() == CT_ROOTS[-1]
    for (index, size), path in CT_PATHS.items():
        made = tree.hashes_of_ranges(tree.inclusion_ranges(index, size), lookup)
        assert [part.hex() for part in made] == path
    for (first, second), proof in CT_CONSISTENCY.items():
        made = tree.hashes_of_ranges(tree.consistency_ranges(first, second), lookup)
        assert [part.hex() for part in made] == proof


def test_every_size_has_the_root_of_the_definition():
    frontier = Frontier()
    for size in range(MOST + 1):
        assert tree.root_of(size, LOOKUP) == ROOTS[size]
        assert frontier.root() == ROOTS[size]
        if size < MOST:
            list(frontier.append(LEAVES[size]))


def test_an_edge_can_be_taken_up_again_anywhere():
    for size in range(MOST):
        corner = tree.complete_subtrees(0, size)
        again = Frontier(size, [NODES[node] for node in corner])
        assert again.root() == ROOTS[size]
        for leaf in LEAVES[size:]:
            for level, index, made in again.append(leaf):
                assert NODES[level, index] == made
        assert again.root() == ROOTS[MOST]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 64, 65, 129, 200, MOST])
def test_every_leaf_is_proven_and_no_other_place(size):
    for index in range(size):
        path = path_of(index, size)
        leaf = tree.leaf_hash(LEAVES[index])
        assert tree.proves_inclusion(leaf, index, size, path, ROOTS[size])
        assert not tree.proves_inclusion(leaf, (index + 1) % size, size, path, ROOTS[size]) or (
            size == 1
        )


@given(st.integers(1, MOST), st.data())
def test_a_path_proves_nothing_but_its_leaf(size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, MOST - 1))
    path = path_of(index, size)
    leaf = tree.leaf_hash(LEAVES[index])
    assert tree.proves_inclusion(leaf, index, size, path, ROOTS[size])
    assert len(path) <= (size - 1).bit_length()
    if other != index:
        other_leaf = tree.leaf_hash(LEAVES[other])
        assert not tree.proves_inclusion(other_leaf, index, size, path, ROOTS[size])
        assert not tree.proves_inclusion(leaf, other, size, path, ROOTS[size])
    assert not tree.proves_inclusion(leaf, index, size, [*path, leaf], ROOTS[size])
    assert not tree.proves_inclusion(leaf, -1, size, path, ROOTS[size])
    if path:
        assert not tree.proves_inclusion(leaf, index, size, path[:-1], ROOTS[size])
        place = data.draw(st.integers(0, len(path) - 1))
        bent = bytes([path[place][0] ^ 1]) + path[place][1:]
        bent_path = [*path[:place], bent, *path[place + 1 :]]
        assert not tree.proves_inclusion(leaf, index, size, bent_path, ROOTS[size])


@given(st.integers(1, MOST), st.integers(1, MOST), st.data())
def test_a_consistency_proof_proves_its_two_trees_only(first, second, data):
    assume(first <= second)
    proof = proof_of(first, second)
    assert tree.proves_consistency(first, second, proof, ROOTS[first], ROOTS[second])
    assert len(proof) <= (second - 1).bit_length() + 1
    wrong = data.draw(st.integers(0, MOST))
    if wrong != first:
        assert not tree.proves_consistency(first, second, proof, ROOTS[wrong], ROOTS[second])
    if wrong != second:
        assert not tree.proves_consistency(first, second, proof, ROOTS[first], ROOTS[wrong])
    assert not tree.proves_consistency(
        first, second, [*proof, ROOTS[0]], ROOTS[first], ROOTS[second]
    )
    if proof:
        assert not tree.proves_consistency(first, second, proof[:-1], ROOTS[first], ROOTS[second])


@given(st.integers(1, MOST - 1), st.data())
def test_a_tree_that_was_rewritten_is_inconsistent_with_the_old_one(first, data):
    second = data.draw(st.integers(first, MOST))
    changed = data.draw(st.integers(0, first - 1))
    rewritten = [*LEAVES[:changed], b"other", *LEAVES[changed + 1 : second]]
    nodes, edge = grown(rewritten)
    proof = tree.hashes_of_ranges(tree.consistency_ranges(first, second), lookup_in(nodes))
    assert not tree.proves_consistency(first, second, proof, ROOTS[first], edge.root())


def test_sizes_and_places_that_do_not_exist():
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError):
            tree.inclusion_ranges(index, size)
    for first, second in ((0, 3), (4, 3), (-1, 3)):
        with pytest.raises(ValueError):
            tree.consistency_ranges(first, second)
        assert not tree.proves_consistency(first, second, [], ROOTS[0], ROOTS[3])
    assert tree.proves_consistency(3, 3, [], ROOTS[3], ROOTS[3])
    assert not tree.proves_consistency(3, 3, [ROOTS[3]], ROOTS[3], ROOTS[3])


@given(st.integers(0, 2**63 - 1), st.text(max_size=30), st.uuids(), st.text(max_size=64), st.text())
def test_the_hash_of_an_entry_is_that_of_its_canonical_form(
    sequence, kind, record_id, commitment, previous
):
    written_out = ledger.entry_hash(sequence, kind, record_id, commitment, previous)
    assert written_out == digest(
        {
            "sequence": sequence,
            "kind": kind,
            "record": str(record_id),
            "commitment": commitment,
            "previous": previous,
        }
    )
