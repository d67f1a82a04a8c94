"""The content-addressed store: bytes are found by their SHA-256 and never change."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

CHUNK_BYTES = 1024 * 1024


class MissingFile(FileNotFoundError):
    """The store has no bytes under this digest."""


@dataclass(frozen=True)
class StoredBytes:
    """Digests (hex) and size (bytes) of what was stored; SM3 is empty where unavailable."""

    sha256: str
    sm3: str
    size: int


def path_of(sha256: str) -> Path:
    """Return where bytes with this digest lie."""
    return Path(settings.ARCHIVE_ROOT) / sha256[:2] / sha256[2:4] / sha256


def exists(sha256: str) -> bool:
    """Whether the store holds bytes under this digest."""
    return path_of(sha256).is_file()


def read(sha256: str) -> bytes:
    """Return stored bytes.

    Raises:
        MissingFile: there are none under this digest.
    """
    try:
        return path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise MissingFile(sha256) from error


def _sm3() -> hashlib._Hash | None:
    # OpenSSL offers SM3 on most systems; the digest is an addition to SHA-256, never alone.
    return hashlib.new("sm3") if "sm3" in hashlib.algorithms_available else None


class _Digester:
    """Digests and size of bytes that pass by."""

    def __init__(self) -> None:
        self.sha256, self.sm3, self.size = hashlib.sha256(), _sm3(), 0

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.sha256.update(chunk)
            if self.sm3 is not None:
                self.sm3.update(chunk)
            self.size += len(chunk)
            yield chunk

    def result(self) -> StoredBytes:
        sm3 = self.sm3.hexdigest() if self.sm3 is not None else ""
        return StoredBytes(self.sha256.hexdigest(), sm3, self.size)


def digests(chunks: Iterable[bytes]) -> StoredBytes:
    """Return digests and size of bytes without storing them."""
    digester = _Digester()
    for _chunk in digester.passing(chunks):
        pass
    return digester.result()


def digests_of_stored(sha256: str) -> StoredBytes:
    """Read stored bytes again and return what they hash to now.

    Raises:
        MissingFile: there are none under this digest.
    """
    try:
        with path_of(sha256).open("rb") as file:
            return digests(iter(lambda: file.read(CHUNK_BYTES), b""))
    except FileNotFoundError as error:
        raise MissingFile(sha256) from error


def put(
    chunks: Iterable[bytes],
    *,
    place: Callable[[str], Path] = path_of,
    form: Callable[[Iterator[bytes]], Iterable[bytes]] = iter,
) -> StoredBytes:
    """Store bytes under their digest; storing the same bytes twice keeps one copy.

    The bytes reach the disk before they get their name, so a name never stands for less
    than the whole file, whenever the process dies.

    Args:
        chunks: the plain bytes, of which the digests are taken.
        place: where a file of this SHA-256 lies.
        form: turns the plain bytes into what is written; nothing else reaches the disk.
    """
    root = Path(settings.ARCHIVE_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digester = _Digester()
    handle, temporary = tempfile.mkstemp(prefix="incoming-", dir=root)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in form(digester.passing(chunks)):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        stored = digester.result()
        target = place(stored.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(temporary, 0o440)
        os.replace(temporary, target)
        _fsync_directory(target.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return stored


def _fsync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(older_than_seconds: float = 3600) -> int:
    """Remove half-written files that a killed process left; return how many."""
    import time

    removed = 0
    for leftover in Path(settings.ARCHIVE_ROOT).glob("incoming-*"):
        if time.time() - leftover.stat().st_mtime >= older_than_seconds:
            leftover.unlink(missing_ok=True)
            removed += 1
    return removed
