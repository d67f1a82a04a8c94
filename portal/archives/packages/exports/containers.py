"""What was handed over, opened for reading: a folder, or a zip with one folder."""

from __future__ import annotations

import contextlib
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portal.archives.store import CHUNK_BYTES

#: What reading a damaged zip may raise; RuntimeError where an entry claims to be encrypted.
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


class NoContainer(ValueError):
    """What was given is no zip with one folder at its top, and no folder."""


@dataclass(frozen=True)
class Container:
    """Files below one folder, by their paths.

    Attributes:
        folder: its name.
        names: paths of all files below it.
    """

    folder: str
    names: frozenset[str]
    open: Callable[[str], IO[bytes]]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file piece by piece."""
        with self.open(name) as file:
            yield from iter(lambda: file.read(CHUNK_BYTES), b"")

    def digest(self, name: str) -> tuple[str, int]:
        """Return SHA-256 and size of a file; an empty digest when it is gone or unreadable."""
        if name not in self.names:
            return "", 0
        made, size = hashlib.sha256(), 0
        try:
            for chunk in self.chunks(name):
                made.update(chunk)
                size += len(chunk)
        except UNREADABLE:
            return "", 0
        return made.hexdigest(), size


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Container]:
    """Open a folder or a zip.

    Raises:
        NoContainer: it is neither.
        OSError: it cannot be read.
    """
    if path.is_dir():
        found = (one for one in path.rglob("*") if one.is_file())
        names = frozenset(one.relative_to(path).as_posix() for one in found)
        yield Container(path.resolve().name, names, lambda name: (path / name).open("rb"))
        return
    with path.open("rb") as file, opened_zip(file, path.name) as inside:
        yield inside


@contextlib.contextmanager
def opened_zip(file: IO[bytes], name: str) -> Iterator[Container]:
    """Open a zip that lies in an open file.

    Args:
        name: what it is called, for the message.

    Raises:
        NoContainer: it is none, or has not exactly one folder at its top.
    """
    try:
        read = zipfile.ZipFile(file)
    except UNREADABLE as error:
        raise NoContainer(f"{name}: {error}") from error
    with read:
        names = [one for one in read.namelist() if not one.endswith("/")]
        roots = {one.partition("/")[0] for one in names}
        if len(roots) != 1:
            raise NoContainer(f"{name}: {len(roots)} folders at the top, not one.")
        root = roots.pop()
        inside = frozenset(one.removeprefix(f"{root}/") for one in names)
        yield Container(root, inside, lambda one: read.open(f"{root}/{one}"))
