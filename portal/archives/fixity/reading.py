"""Read a stored file again and say what is wrong with it.

Only SHA-256 is computed here. SM3 was compared when the file was stored and is compared by
`archive_verify`; bytes that still have their SHA-256 have their SM3 too, and it takes twice
the time.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from portal.archives import file_access, store
from portal.archives.access.refusals import SealBroken, SealedUnreadable
from portal.archives.models import FixityProblem, RecordFile


@dataclass(frozen=True)
class Damage:
    """What is wrong with a file, and what was found instead."""

    problem: FixityProblem
    detail: str


def sha256_and_size(file: RecordFile) -> tuple[str, int]:
    """Return SHA-256 (hex) and size (bytes) of the plain bytes of a stored file.

    Raises:
        MissingFile: it is not there.
        SealedUnreadable: it is sealed and cannot be opened, or was changed.
        OSError: it cannot be read.
    """
    if file.sealed:
        digest, size = hashlib.sha256(), 0
        for chunk in file_access.open_chunks(file):
            digest.update(chunk)
            size += len(chunk)
        return digest.hexdigest(), size
    try:
        # Unbuffered: the digest reads into its own buffer.
        with file_access.path_of(file).open("rb", buffering=0) as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
            return found, os.fstat(opened.fileno()).st_size
    except FileNotFoundError as error:
        raise store.MissingFile(file.sha256) from error


def measured(file: RecordFile) -> tuple[str, int] | Damage:
    """Read a file again: its SHA-256 and size, or why it cannot be read."""
    try:
        return sha256_and_size(file)
    except store.MissingFile:
        return Damage(FixityProblem.MISSING, "")
    except SealBroken as broken:
        return Damage(FixityProblem.CHANGED, broken.problem)
    except SealedUnreadable as refusal:
        return Damage(FixityProblem.UNREADABLE, refusal.problem)
    except OSError as error:
        return Damage(FixityProblem.UNREADABLE, f"{type(error).__name__}: {error.strerror}")


def compared(file: RecordFile, found: tuple[str, int] | Damage) -> Damage | None:
    """Return how what was read differs from what was recorded; None when it does not."""
    if isinstance(found, Damage):
        return found
    sha256, size = found
    if size != file.size:
        return Damage(FixityProblem.SIZE, f"{size} / {file.size}")
    if sha256 != file.sha256:
        return Damage(FixityProblem.CHANGED, f"{sha256[:16]} / {file.sha256[:16]}")
    return None


def damage_of(file: RecordFile) -> Damage | None:
    """Read a file again; None when it has the bytes that were recorded."""
    return compared(file, measured(file))
