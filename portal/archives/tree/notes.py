"""Signed heads as text: the checkpoint format of C2SP, which others can read and check.

Sources: C2SP tlog-checkpoint (origin, size, base64 root, extension lines) and C2SP signed-note
(blank line, then lines of an em dash, the key's name, and base64 of key number and signature).
The one extension line used here carries the day: ``date 2026-11-22``.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_NUMBER_BYTES = 4
DASH = "— "
DATE = "date "


class NoteError(ValueError):
    """A text that is no head, or whose signature does not hold; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """What a head says: whose ledger, how many entries, their root (32 bytes), which day."""

    origin: str
    size: int
    root: bytes
    date: datetime.date | None = None

    def text(self) -> str:
        """Return the text that is signed; it ends with a line break."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.date is not None:
            lines.append(f"{DATE}{self.date.isoformat()}")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class PublicKey:
    """An Ed25519 key (32 bytes) under a name, as a note verifier key."""

    name: str
    raw: bytes

    @property
    def number(self) -> bytes:
        """The four bytes that stand for the key in a signature line."""
        named = self.name.encode() + b"\n" + ED25519 + self.raw
        return hashlib.sha256(named).digest()[:KEY_NUMBER_BYTES]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the 32 bytes as 64 hex digits, for comparison on paper."""
        return hashlib.sha256(self.raw).hexdigest()

    def __str__(self) -> str:
        encoded = base64.b64encode(ED25519 + self.raw).decode()
        return f"{self.name}+{self.number.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Read a note verifier key: name, key number and base64, joined by plus signs.

        Raises:
            NoteError: it is none, or its number does not belong to it.
        """
        try:
            name, number, encoded = text.strip().split("+", 2)
            decoded = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoteError("This is no public key of a head.") from error
        key = cls(name, decoded[1:])
        if decoded[:1] != ED25519 or len(key.raw) != 32 or key.number.hex() != number:
            raise NoteError("This is no public key of a head.")
        return key


@dataclass(frozen=True)
class Note:
    """A signed head: what it says, its very text, and its signatures by name and key number."""

    checkpoint: Checkpoint
    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def signed_by(self, keys: Iterable[PublicKey]) -> PublicKey:
        """Return the first of these keys whose signature holds.

        Raises:
            NoteError: none of them signed it, or a signature is false.
        """
        return _signer(self.text, self.signatures, keys)


def _signer(
    text: str, signatures: Iterable[tuple[str, bytes, bytes]], keys: Iterable[PublicKey]
) -> PublicKey:
    """Return the first of the keys whose signature of a text holds.

    Raises:
        NoteError: none of them signed it, or a signature is false.
    """
    signatures = tuple(signatures)
    for key in keys:
        for name, number, signature in signatures:
            if (name, number) != (key.name, key.number):
                continue
            try:
                Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, text.encode())
            except InvalidSignature as error:
                raise NoteError("The signature does not belong to this text.") from error
            return key
    raise NoteError("It is not signed with a key that is known here.")


def public_key_of(private: Ed25519PrivateKey, name: str) -> PublicKey:
    """Return the public half of a key under a name."""
    return PublicKey(name, private.public_key().public_bytes_raw())


def sign(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> str:
    """Return the whole note: text, blank line, signature line. The origin names the key."""
    return sign_text(checkpoint.text(), checkpoint.origin, private)


def sign_text(text: str, origin: str, private: Ed25519PrivateKey) -> str:
    """Return a text that ends with a line feed as a note, signed by the key of an origin."""
    key = public_key_of(private, origin)
    signature = base64.b64encode(key.number + private.sign(text.encode())).decode()
    return f"{text}\n{DASH}{key.name} {signature}\n"


def text_signed_by(note: str, trusted: Iterable[PublicKey]) -> str:
    """Return the text of any signed note.

    Raises:
        NoteError: it is none, or none of the keys signed it.
    """
    text, blank, lines = note.rpartition("\n\n")
    if not blank:
        raise NoteError("There is no signature.")
    signatures = tuple(signature_of(line) for line in lines.removesuffix("\n").split("\n"))
    _signer(text + "\n", signatures, trusted)
    return text + "\n"


def signature_of(line: str) -> tuple[str, bytes, bytes]:
    """Return key name, key number and signature of a signature line.

    Raises:
        NoteError: it is none.
    """
    if not line.startswith(DASH):
        raise NoteError("A signature line does not begin with a dash.")
    name, _space, encoded = line.removeprefix(DASH).partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise NoteError("A signature line is no base64.") from error
    return name, decoded[:KEY_NUMBER_BYTES], decoded[KEY_NUMBER_BYTES:]


def _checkpoint(text: str) -> Checkpoint:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not lines[0] or not lines[1].isascii() or not lines[1].isdecimal():
        raise NoteError("The first three lines are not origin, size and root.")
    date = None
    try:
        root = base64.b64decode(lines[2], validate=True)
        for line in lines[3:]:
            if line.startswith(DATE):
                date = datetime.date.fromisoformat(line.removeprefix(DATE))
    except ValueError as error:
        raise NoteError("The root or the date cannot be read.") from error
    if len(root) != 32 or str(int(lines[1])) != lines[1]:
        raise NoteError("The size or the root is not written as it must be.")
    return Checkpoint(lines[0], int(lines[1]), root, date)


def parse(note: str) -> Note:
    """Read a signed head. Says nothing yet about whether its signature holds.

    Raises:
        NoteError: it has not the form of one.
    """
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NoteError("There is no blank line with signatures after it.")
    text += "\n"
    lines = signatures.removesuffix("\n").split("\n")
    return Note(_checkpoint(text), text, tuple(signature_of(line) for line in lines))
