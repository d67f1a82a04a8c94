"""Copies of stored files elsewhere: read them in whatever form they lie in, and copy them whole."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portal.archives import file_access, store
from portal.archives.access import stream
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.models import RecordFile


def plain_chunks(path: Path, file: RecordFile) -> Iterator[bytes]:
    """Yield the plain bytes of a copy of a file that lies in the same form elsewhere.

    Raises:
        OSError: it cannot be read.
        SealedUnreadable: it is sealed and cannot be opened.
    """
    key = file_access.vault_for(file).key
    with path.open("rb") as opened:
        if key is None:
            yield from iter(lambda: opened.read(store.CHUNK_BYTES), b"")
        else:
            yield from stream.unseal(opened, key, file.record_id)


def has_its_bytes(path: Path, file: RecordFile) -> bool:
    """Whether a copy elsewhere has the bytes that were recorded."""
    digest = hashlib.sha256()
    try:
        for chunk in plain_chunks(path, file):
            digest.update(chunk)
    except (OSError, SealedUnreadable):
        return False
    return digest.hexdigest() == file.sha256


def copy_bytes(source: Path, target: Path, root: Path) -> None:
    """Copy a file so that its name never stands for less than the whole file.

    Raises:
        OSError: it cannot be read or written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix="incoming-", dir=root)
    try:
        with os.fdopen(handle, "wb") as written, source.open("rb") as read:
            for chunk in iter(lambda: read.read(store.CHUNK_BYTES), b""):
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
        os.chmod(temporary, 0o440)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
