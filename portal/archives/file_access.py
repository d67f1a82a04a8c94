"""The bytes of a record's file: one way to read and keep them, whatever form they have."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.archives import store
from portal.archives.access import keys
from portal.archives.access.stream import plain_size
from portal.archives.access.vault import Vault, sealed_path, vault_of
from portal.archives.models import Record, RecordFile


def vault_for(file: RecordFile) -> Vault:
    """Return where the stored bytes of a file lie.

    Raises:
        SealedUnreadable: they are sealed and the key of the record is gone or cannot be opened.
    """
    return Vault(file.record_id, keys.key_of(file.record_id) if file.sealed else None)


def path_of(file: RecordFile) -> Path:
    """Return where the stored bytes of a file lie, in whatever form."""
    return sealed_path(file.record_id, file.sha256) if file.sealed else store.path_of(file.sha256)


def open_chunks(file: RecordFile, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file piece by piece, as they were when it was recorded.

    Args:
        file: of a record.
        start: the first byte wanted.
        end: the byte after the last one wanted; None reads to the end.

    Raises:
        MissingFile: the store has none under its digest.
        SealedUnreadable: they are sealed and cannot be opened, or were changed.
        OSError: they cannot be read.
    """
    yield from vault_for(file).chunks(file.sha256, start, end)


def read(file: RecordFile) -> bytes:
    """Return all bytes of a file; for documents, not for hours of video.

    Raises:
        MissingFile, SealedUnreadable: as for `open_chunks`.
    """
    return b"".join(open_chunks(file))


def digests(file: RecordFile) -> store.StoredBytes:
    """Read a file and return what its bytes hash to now.

    Raises:
        MissingFile, SealedUnreadable: as for `open_chunks`.
    """
    return store.digests(open_chunks(file))


def stored_size(file: RecordFile) -> int:
    """Return how many bytes `open_chunks` will yield, in whatever form they lie.

    Raises:
        MissingFile: the store has none under its digest.
        SealBroken: the sealed file is too short to be one.
    """
    try:
        with path_of(file).open("rb") as opened:
            return plain_size(opened) if file.sealed else opened.seek(0, os.SEEK_END)
    except FileNotFoundError as error:
        raise store.MissingFile(file.sha256) from error


def keep(record: Record, chunks: Iterable[bytes]) -> store.StoredBytes:
    """Store a new file of a record in the form its level asks for.

    The row of the file says `sealed=is_sealed_level(record.access_level)`.

    Raises:
        SealedUnreadable: the record is sealed and its key is gone or cannot be opened.
    """
    return vault_of(record).put(chunks)
