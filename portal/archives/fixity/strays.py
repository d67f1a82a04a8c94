"""Files in the store that no record knows. They are named, never removed."""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from portal.archives.access.vault import SEALED_FOLDER
from portal.archives.models import RecordFile

# A worker stores bytes before it writes their rows.
YOUNGEST_SECONDS = 3600
ROWS_AT_ONCE = 500
_PLAIN = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
_SEALED = re.compile(
    rf"{SEALED_FOLDER}/[0-9a-f]{{2}}/[0-9a-f]{{2}}/([0-9a-f]{{32}})/([0-9a-f]{{64}})"
)


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield every file below a folder; half-written files at its top are not meant."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda found: found.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))
            elif not entry.name.startswith("incoming-"):
                yield entry


def _unknown(batch: list[tuple[str, os.DirEntry[str]]]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    plain = {match[1]: None for place, _entry in batch if (match := _PLAIN.fullmatch(place))}
    sealed = {match[2]: None for place, _entry in batch if (match := _SEALED.fullmatch(place))}
    rows = RecordFile.objects.filter(sha256__in=[*plain, *sealed])
    known_plain, known_sealed = set(), set()
    for record_id, sha256, is_sealed, stored_at in rows.values_list(
        "record_id", "sha256", "sealed", "stored_at"
    ):
        if is_sealed:
            known_sealed.add((record_id, sha256))
        else:
            known_plain.add(sha256)
        if stored_at is None:
            # Being made: the form is not written down yet.
            known_sealed.add((record_id, sha256))
            known_plain.add(sha256)
    for place, entry in batch:
        if (match := _PLAIN.fullmatch(place)) and match[1] in known_plain:
            continue
        if (match := _SEALED.fullmatch(place)) and (
            uuid.UUID(match[1]),
            match[2],
        ) in known_sealed:
            continue
        yield place, entry


def find(youngest_seconds: float = YOUNGEST_SECONDS) -> dict[str, int]:
    """Return the places and sizes (bytes) of files that belong to no record.

    Args:
        youngest_seconds: younger files may belong to a record that is being written.
    """
    root = Path(settings.ARCHIVE_ROOT)
    if not root.is_dir():
        return {}
    found: dict[str, int] = {}
    batch: list[tuple[str, os.DirEntry[str]]] = []

    def judge() -> None:
        for place, entry in _unknown(batch):
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if time.time() - status.st_mtime >= youngest_seconds:
                found[place] = status.st_size
        batch.clear()

    for entry in _files(root):
        batch.append((Path(entry.path).relative_to(root).as_posix(), entry))
        if len(batch) >= ROWS_AT_ONCE:
            judge()
    judge()
    return found
