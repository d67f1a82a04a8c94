"""The bytes of one record's files, plain or sealed, wherever they lie."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portal.archives import store
from portal.archives.access import keys, stream
from portal.archives.models import Record

#: The part of the store that holds sealed files, a folder for each record.
SEALED_FOLDER = "sealed"


def sealed_folder(record_id: uuid.UUID) -> Path:
    """Return the folder of a record's sealed files."""
    name = record_id.hex
    return Path(settings.ARCHIVE_ROOT) / SEALED_FOLDER / name[:2] / name[2:4] / name


def sealed_path(record_id: uuid.UUID, sha256: str) -> Path:
    """Return where the sealed form of a file of a record lies, by its plain SHA-256."""
    return sealed_folder(record_id) / sha256


@dataclass(frozen=True)
class Vault:
    """Where files of one record are read and written in one form.

    Attributes:
        record_id: the record.
        key: its data key; None for plain files.
    """

    record_id: uuid.UUID
    key: bytes | None = None

    @property
    def sealed(self) -> bool:
        """Whether the files lie sealed."""
        return self.key is not None

    def path_of(self, sha256: str) -> Path:
        """Return where the file with this plain SHA-256 lies."""
        if self.key is None:
            return store.path_of(sha256)
        return sealed_path(self.record_id, sha256)

    def exists(self, sha256: str) -> bool:
        """Whether there is such a file."""
        return self.path_of(sha256).is_file()

    def put(self, chunks: Iterable[bytes]) -> store.StoredBytes:
        """Store bytes; the digests are those of the plain bytes."""
        if (key := self.key) is None:
            return store.put(chunks)
        return store.put(
            chunks,
            place=self.path_of,
            form=lambda plain: stream.seal(plain, key, self.record_id),
        )

    def chunks(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the plain bytes of a file piece by piece, or of a part of it.

        Raises:
            MissingFile: there is none under this digest.
            SealBroken: the sealed bytes are not those that were stored.
            OSError: they cannot be read.
        """
        try:
            file = self.path_of(sha256).open("rb")
        except FileNotFoundError as error:
            raise store.MissingFile(sha256) from error
        with file:
            if self.key is not None:
                yield from stream.unseal(file, self.key, self.record_id, start, end)
                return
            file.seek(start)
            left = None if end is None else end - start
            while left is None or left > 0:
                size = store.CHUNK_BYTES if left is None else min(left, store.CHUNK_BYTES)
                if not (chunk := file.read(size)):
                    return
                left = None if left is None else left - len(chunk)
                yield chunk

    def read(self, sha256: str) -> bytes:
        """Return all bytes of a file.

        Raises:
            MissingFile, SealBroken: as for `chunks`.
        """
        return b"".join(self.chunks(sha256))

    def digests(self, sha256: str) -> store.StoredBytes:
        """Read a file and return what its plain bytes hash to now.

        Raises:
            MissingFile, SealBroken: as for `chunks`.
        """
        return store.digests(self.chunks(sha256))


def vault_of(record: Record) -> Vault:
    """Return where files of a record belong by its level.

    Raises:
        SealedUnreadable: its key is gone or cannot be opened.
    """
    if keys.is_sealed_level(record.access_level):
        return Vault(record.pk, keys.key_of(record.pk))
    return Vault(record.pk)
