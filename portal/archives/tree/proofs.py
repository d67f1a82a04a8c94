"""Proofs as files: made from the portal, checked without it.

A proof is a JSON object that a person can read and any RFC 6962 library can check. Checking needs
only the file, a signed head, and the public key; nothing is asked of the database.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.models import LedgerEntry, TreeHead
from portal.archives.tree import nodes, notes, tree

FORMAT = "portal-ledger-proof/1"
INCLUSION = "inclusion"
CONSISTENCY = "consistency"


class ProofError(Exception):
    """A proof that cannot be made, or a file that is none; the message says why."""


@dataclass(frozen=True)
class Step:
    """One thing that was checked: in words, and whether it holds; None when it was not checked."""

    words: str
    holds: bool | None


@dataclass(frozen=True)
class Verdict:
    """What checking a proof has shown."""

    steps: tuple[Step, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing that was checked failed."""
        return all(step.holds is not False for step in self.steps)

    @property
    def anchored(self) -> bool:
        """Whether everything holds and nothing was left unchecked, the signature included."""
        return all(step.holds is True for step in self.steps)


def entry_named(name: str) -> LedgerEntry:
    """Return the entry with a number, or the first entry of a record's id.

    Raises:
        ProofError: there is none.
    """
    name = name.strip()
    rows = LedgerEntry.objects.order_by("sequence")
    if name.isascii() and name.isdecimal() and len(name) <= 18:
        entry = rows.filter(sequence=int(name)).first()
    else:
        try:
            entry = rows.filter(record_id=uuid.UUID(name)).first()
        except ValueError as error:
            raise ProofError(
                _("“%(name)s” is neither the number of a ledger entry nor of a record.")
                % {"name": name}
            ) from error
    if entry is None:
        raise ProofError(_("The ledger has no entry for %(name)s.") % {"name": name})
    return entry


def head_over(sequence: int) -> TreeHead | None:
    """Return the newest head if it covers an entry."""
    return TreeHead.objects.filter(size__gte=sequence).order_by("-date").first()


def inclusion(entry: LedgerEntry, size: int | None = None, *, grow: bool = True) -> dict[str, Any]:
    """Return the proof that an entry is part of the ledger of a size.

    Args:
        entry: a row of the ledger.
        size: number of entries; by default those the newest head covers, or else all.
        grow: bring a lagging table up to the ledger; pages, which never write, do without.

    Raises:
        ProofError: the ledger is not that long, the entry comes after it, or the tree is broken.
    """
    if size is None:
        newest = head_over(entry.sequence)
        size = newest.size if newest else ledger.newest_sequence()
    if not entry.sequence <= size <= ledger.newest_sequence():
        raise ProofError(
            _("The ledger has no state of %(size)s entries that includes entry %(sequence)s.")
            % {"size": size, "sequence": entry.sequence}
        )
    root, path = _from_tree(
        lambda: (nodes.root(size), nodes.inclusion_path(entry.sequence, size)), grow
    )
    return {
        "format": FORMAT,
        "type": INCLUSION,
        "statement": _("Entry %(sequence)s is among the first %(size)s entries of the ledger.")
        % {"sequence": entry.sequence, "size": size},
        "size": size,
        "root": root.hex(),
        "entry": {
            "sequence": entry.sequence,
            "kind": entry.kind,
            "record": str(entry.record_id),
            "commitment": entry.commitment,
            "previous": entry.previous_hash,
            "hash": entry.entry_hash,
        },
        "path": [part.hex() for part in path],
        "head": _note_of(size),
    }


def consistency(first: int, second: int) -> dict[str, Any]:
    """Return the proof that the ledger of one size is the beginning of that of another.

    Raises:
        ProofError: the sizes are not 0 < first <= second <= entries, or the tree is broken.
    """
    if not 0 < first <= second <= ledger.newest_sequence():
        raise ProofError(
            _("The sizes must rise and lie between 1 and %(size)s.")
            % {"size": ledger.newest_sequence()}
        )
    first_root, second_root, path = _from_tree(
        lambda: (nodes.root(first), nodes.root(second), nodes.consistency_path(first, second))
    )
    return {
        "format": FORMAT,
        "type": CONSISTENCY,
        "statement": _(
            "The ledger of %(second)s entries begins with the unchanged ledger of %(first)s."
        )
        % {"first": first, "second": second},
        "first_size": first,
        "first_root": first_root.hex(),
        "second_size": second,
        "second_root": second_root.hex(),
        "path": [part.hex() for part in path],
        "first_head": _note_of(first),
        "second_head": _note_of(second),
    }


def _from_tree(read: Any, grow: bool = True) -> Any:
    """Read from the node table, which is first brought up to the ledger where it lags behind."""
    try:
        try:
            return read()
        except nodes.BrokenTree:
            if not grow:
                raise
            nodes.fill()
            return read()
    except nodes.BrokenTree as error:
        raise ProofError(
            _("The tree is broken at %(place)s; run archive_verify.") % {"place": error}
        ) from error


def _note_of(size: int) -> str | None:
    head = TreeHead.objects.filter(size=size).order_by("-date").first()
    return head.note if head else None


def as_text(proof: dict[str, Any]) -> str:
    """Return a proof as the text of its file."""
    return json.dumps(proof, ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> dict[str, Any]:
    """Return a proof from the text of its file.

    Raises:
        ProofError: it is none.
    """
    try:
        proof = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProofError(_("The file is no JSON.")) from error
    if not isinstance(proof, dict) or proof.get("format") != FORMAT:
        raise ProofError(_("The file is no proof of this portal's ledger."))
    return proof


def check(proof: dict[str, Any], given: list[str], trusted: list[notes.PublicKey]) -> Verdict:
    """Check a proof against itself, against heads, and the heads against keys.

    Args:
        proof: as returned by `read`.
        given: texts of head files from elsewhere; without any, those in the proof count.
        trusted: keys whose signature counts.

    Raises:
        ProofError: the file lacks something or has it in the wrong form.
    """
    try:
        if proof["type"] == INCLUSION:
            steps = _inclusion_steps(proof)
            anchors = [(int(proof["size"]), proof["root"], proof.get("head"))]
        elif proof["type"] == CONSISTENCY:
            steps = _consistency_steps(proof)
            anchors = [
                (int(proof[f"{which}_size"]), proof[f"{which}_root"], proof.get(f"{which}_head"))
                for which in ("first", "second")
            ]
        else:
            raise ProofError(_("The file is no proof of this portal's ledger."))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProofError(_("The proof is incomplete or damaged.")) from error
    for size, root, own in anchors:
        if given:
            steps += _head_steps(size, root, given, trusted)
        elif own:
            steps += _head_steps(size, root, [own], trusted, must_fit=True)
        else:
            steps += _head_steps(size, root, [], trusted)
    return Verdict(tuple(steps))


def _hashes(values: list[str]) -> list[bytes]:
    return [bytes.fromhex(value) for value in values]


def _inclusion_steps(proof: dict[str, Any]) -> list[Step]:
    entry = proof["entry"]
    computed = ledger.entry_hash(
        int(entry["sequence"]),
        entry["kind"],
        uuid.UUID(entry["record"]),
        entry["commitment"],
        entry["previous"],
    )
    included = tree.proves_inclusion(
        tree.leaf_hash(bytes.fromhex(entry["hash"])),
        int(entry["sequence"]) - 1,
        int(proof["size"]),
        _hashes(proof["path"]),
        bytes.fromhex(proof["root"]),
    )
    return [
        Step(_("The entry has the hash that its columns give."), computed == entry["hash"]),
        Step(
            _("The path leads from entry %(sequence)s to the root over %(size)s entries.")
            % {"sequence": entry["sequence"], "size": proof["size"]},
            included,
        ),
    ]


def _consistency_steps(proof: dict[str, Any]) -> list[Step]:
    first, second = int(proof["first_size"]), int(proof["second_size"])
    grown = tree.proves_consistency(
        first,
        second,
        _hashes(proof["path"]),
        bytes.fromhex(proof["first_root"]),
        bytes.fromhex(proof["second_root"]),
    )
    words = _("The first %(first)s of %(second)s entries are unchanged.")
    return [Step(words % {"first": first, "second": second}, grown)]


def _head_steps(
    size: int,
    root: str,
    given: list[str],
    trusted: list[notes.PublicKey],
    *,
    must_fit: bool = False,
) -> list[Step]:
    """Return the steps that tie a root to a signed head of the same size.

    A path alone does not prove the size: the same path can lead to the same root in a smaller
    tree. Only the head does, which is why the head that a proof brings along must have it.
    """
    try:
        signed = [notes.parse(text) for text in given]
    except (notes.NoteError, TypeError, AttributeError) as error:
        raise ProofError(_("The head cannot be read: %(reason)s") % {"reason": error}) from error
    fitting = [note for note in signed if must_fit or note.checkpoint.size == size]
    values = {"size": size}
    if not fitting:
        words = _("There is no signed head over %(size)s entries; compare the root on paper.")
        return [Step(words % values, None)]
    steps = []
    for note in fitting:
        said = note.checkpoint
        words = _("The signed head over %(size)s entries has the same root.")
        steps.append(Step(words % values, (said.size, said.root.hex()) == (size, root)))
        try:
            key = note.signed_by(trusted)
            words = _("The signature of the head over %(size)s entries holds (key %(key)s).")
            steps.append(Step(words % {**values, "key": key.number.hex()}, True))
        except notes.NoteError:
            words = _("The head over %(size)s entries is not signed with a key that counts.")
            steps.append(Step(words % values, False))
    return steps
