"""Sealed files of records: the sealed stream of the portal with the words of the archive."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from portal.archives.access.refusals import SealBroken
from portal.personal_data import sealed_stream
from portal.personal_data.sealed_stream import HEADER_BYTES, MAGIC, SALT_BYTES, TAG_BYTES

__all__ = ["HEADER_BYTES", "MAGIC", "PIECE_BYTES", "SALT_BYTES", "TAG_BYTES"]

PIECE_BYTES = sealed_stream.PIECE_BYTES
_PURPOSE = b"portal archive file"


def seal(chunks: Iterable[bytes], key: bytes, record_id: uuid.UUID) -> Iterator[bytes]:
    """Yield the sealed form of a file of a record."""
    return sealed_stream.seal(chunks, key, record_id, purpose=_PURPOSE, piece_bytes=PIECE_BYTES)


def plain_size(file: BinaryIO) -> int:
    """Return how many plain bytes a sealed file stands for, by its length.

    Raises:
        SealBroken: it is too short to be one.
    """
    try:
        return sealed_stream.plain_size(file)
    except sealed_stream.BrokenSeal as error:
        raise SealBroken.standard() from error


def unseal(
    file: BinaryIO, key: bytes, record_id: uuid.UUID, start: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """Yield the plain bytes of a sealed file, or of a part of it.

    Args:
        file: opened for reading, seekable.
        key: the record's key.
        record_id: the record the file belongs to.
        start: the first byte wanted.
        end: the byte after the last one wanted; None reads to the end.

    Raises:
        SealBroken: a piece that was read is not what was sealed.
    """
    try:
        yield from sealed_stream.unseal(file, key, record_id, start, end, purpose=_PURPOSE)
    except sealed_stream.BrokenSeal as error:
        raise SealBroken.standard() from error
