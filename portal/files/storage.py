"""Where the sealed bytes of private files lie, and how they are written and read."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from portal.files import keys
from portal.files.models import StoredFile
from portal.files.refusals import FileUnreadable
from portal.personal_data import sealed_stream
from portal.personal_data.encryption import UnreadableValue

PURPOSE = b"portal private file"
INCOMING = "incoming-"


def root() -> Path:
    """Return the folder of private files; no web server ever serves it."""
    return Path(settings.PRIVATE_FILES_ROOT)


def path_of(storage_name: str) -> Path:
    """Return where the sealed bytes of a file lie."""
    return root() / storage_name[:2] / storage_name


def write(file: StoredFile, chunks: Iterable[bytes], key: bytes) -> None:
    """Write the sealed bytes of a file; the name never stands for less than the whole.

    Raises:
        OSError: there is no room; nothing is left.
    """
    target = path_of(file.storage_name)
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(prefix=INCOMING, dir=root())
    try:
        with os.fdopen(handle, "wb") as opened:
            for piece in sealed_stream.seal(chunks, key, file.pk, purpose=PURPOSE):
                opened.write(piece)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(temporary, target)
        _fsync_directory(target.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _fsync_directory(directory: Path) -> None:
    """Let the name survive a power failure as surely as the row that points to it."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(file: StoredFile, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the plain bytes of a file piece by piece.

    Raises:
        FileUnreadable: the bytes are gone or were changed, or no key opens them.
    """
    try:
        key = keys.key_of(file)
        with path_of(file.storage_name).open("rb") as opened:
            yield from sealed_stream.unseal(opened, key, file.pk, start, end, purpose=PURPOSE)
    except (OSError, UnreadableValue, ValueError) as error:
        raise FileUnreadable.standard() from error


def remove(storage_name: str) -> None:
    """Remove the bytes of a file; that they are gone already is no error."""
    path_of(storage_name).unlink(missing_ok=True)


def strays(older_than_seconds: float) -> Iterator[Path]:
    """Yield files that no row stands for and that were written long enough ago."""
    moment = time.time() - older_than_seconds
    for folder in root().iterdir() if root().is_dir() else ():
        if folder.is_file():
            if folder.name.startswith(INCOMING) and folder.stat().st_mtime < moment:
                yield folder
            continue
        old = {path.name: path for path in folder.iterdir() if path.stat().st_mtime < moment}
        known = StoredFile.objects.filter(storage_name__startswith=folder.name)
        for name in old.keys() - set(known.values_list("storage_name", flat=True)):
            yield old[name]
