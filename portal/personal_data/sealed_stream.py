"""Sealed files: AES-256-GCM in pieces, so that hours of video need no memory.

A file is a header (magic, salt, size of a piece), then pieces of that size, each with its tag.
Every file has a key of its own, HKDF-SHA256 of the owner's key under the salt. The nonce of a
piece is its number and whether it is the last one, so pieces cannot be reordered, repeated, left
out or cut off at the end; owner and header are bound to each, so files cannot be swapped, and
files of different parts of the portal differ by their purpose.
The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"PSEALED1"
SALT_BYTES = 32
PIECE_BYTES = 256 * 1024
LARGEST_PIECE = 16 * 1024 * 1024
TAG_BYTES = 16
HEADER_BYTES = len(MAGIC) + SALT_BYTES + 4


class BrokenSeal(ValueError):
    """Sealed bytes were changed, cut short, moved or put in another order."""


def _cipher(key: bytes, owner: uuid.UUID, salt: bytes, purpose: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, purpose + owner.bytes).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _pieces(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Cut chunks of any size into pieces of the fixed one; the last may be shorter or empty."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) > size:
            yield bytes(waiting[:size])
            del waiting[:size]
    yield bytes(waiting)


def seal(
    chunks: Iterable[bytes],
    key: bytes,
    owner: uuid.UUID,
    *,
    purpose: bytes,
    piece_bytes: int = PIECE_BYTES,
) -> Iterator[bytes]:
    """Yield the sealed form of a file.

    Args:
        chunks: the plain bytes.
        key: 32 bytes.
        owner: what the file belongs to; it opens for this owner only.
        purpose: names the part of the portal, so that no file passes for one of another part.
        piece_bytes: plain bytes in a piece.
    """
    salt = os.urandom(SALT_BYTES)
    header = MAGIC + salt + piece_bytes.to_bytes(4, "big")
    cipher, bound = _cipher(key, owner, salt, purpose), header + owner.bytes
    yield header
    held: bytes | None = None
    number = 0
    for piece in _pieces(chunks, piece_bytes):
        if held is not None:
            yield cipher.encrypt(_nonce(number, False), held, bound)
            number += 1
        held = piece
    yield cipher.encrypt(_nonce(number, True), held or b"", bound)


def plain_size(file: BinaryIO) -> int:
    """Return how many plain bytes a sealed file stands for, by its length.

    Raises:
        BrokenSeal: it is too short to be one.
    """
    total = file.seek(0, os.SEEK_END) - HEADER_BYTES
    if total < TAG_BYTES:
        raise BrokenSeal("shorter than a sealed file")
    file.seek(HEADER_BYTES - 4)
    step = int.from_bytes(file.read(4), "big") + TAG_BYTES
    return total - TAG_BYTES * ((total - 1) // step + 1)


def unseal(
    file: BinaryIO,
    key: bytes,
    owner: uuid.UUID,
    start: int = 0,
    end: int | None = None,
    *,
    purpose: bytes,
) -> Iterator[bytes]:
    """Yield the plain bytes of a sealed file, or of a part of it.

    Args:
        file: opened for reading, seekable.
        key: the one it was sealed with.
        owner: what the file belongs to.
        start: the first byte wanted.
        end: the byte after the last one wanted; None reads to the end.
        purpose: the one it was sealed for.

    Raises:
        BrokenSeal: a piece that was read is not what was sealed.
    """
    file.seek(0, os.SEEK_END)
    total = file.tell() - HEADER_BYTES
    file.seek(0)
    header = file.read(HEADER_BYTES)
    size = int.from_bytes(header[-4:], "big")
    if len(header) != HEADER_BYTES or header[: len(MAGIC)] != MAGIC:
        raise BrokenSeal("no sealed file")
    if not 0 < size <= LARGEST_PIECE or total < TAG_BYTES:
        raise BrokenSeal("no sealed file")
    salt = header[len(MAGIC) : len(MAGIC) + SALT_BYTES]
    cipher, bound = _cipher(key, owner, salt, purpose), header + owner.bytes
    step = size + TAG_BYTES
    last = (total - 1) // step
    number = start // size
    file.seek(HEADER_BYTES + number * step)
    while number <= last and (end is None or number * size < end):
        try:
            piece = cipher.decrypt(_nonce(number, number == last), file.read(step), bound)
        except (InvalidTag, ValueError) as error:
            raise BrokenSeal("a piece was changed") from error
        offset = number * size
        yield piece[max(start - offset, 0) : None if end is None else end - offset]
        number += 1
