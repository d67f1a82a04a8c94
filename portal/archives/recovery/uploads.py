"""What people uploaded and the store of the archive does not hold, in backups and drills.

That is the library of the editors, the private files of applicants (sealed as they lie there),
and catalogues and deliveries that wait for their records. Unlike the bytes of the store these
files may be deleted, so each backup lists its own: folder, path, size and SHA-256. The bytes lie
once for all backups of a target, by their SHA-256; what no backup lists any more is removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from portal.archives.store import CHUNK_BYTES

LIST, BYTES = "uploads.jsonl", "uploads"
PARTIAL = ".partial"
#: Being written; its row is not there yet.
_UNFINISHED = ("incoming-", "writing-")


@dataclass(frozen=True)
class Upload:
    """One file as a backup lists it.

    Attributes:
        folder: name of the folder inside of `DATA_DIR` of a restored portal.
        path: below that folder.
        modified: nanoseconds since 1970; says whether it has to be read again.
    """

    folder: str
    path: str
    size: int
    sha256: str
    modified: int


def folders() -> dict[str, Path]:
    """Return the folders by the name that each has in `DATA_DIR` of a restored portal."""
    return {
        "media": Path(settings.MEDIA_ROOT),
        "private": Path(settings.PRIVATE_FILES_ROOT),
        "legacy": Path(settings.LEGACY_ROOT),
        "deliveries": Path(settings.DELIVERIES_ROOT),
    }


def place_of(target: Path, sha256: str) -> Path:
    """Return where the bytes of this digest lie in the folder of the backups."""
    return target / BYTES / sha256[:2] / sha256


def copy_all(target: Path, backup: Path, earlier: Path | None) -> tuple[int, int, str]:
    """Copy what the target does not have and list everything in a backup.

    Args:
        target: the folder of the backups.
        backup: the one that is being made.
        earlier: a whole one; what it lists unchanged is not read again.

    Returns:
        Number and size (bytes) of the files, and the SHA-256 of the list.

    Raises:
        OSError: there is no room.
    """
    known = {(one.folder, one.path): one for one in listed(earlier)} if earlier else {}
    count = size = 0
    with (backup / LIST).open("w", encoding="utf-8") as written:
        for name, root in folders().items():
            for path in _files(root):
                relative = path.relative_to(root).as_posix()
                upload = _kept(target, name, relative, path, known.get((name, relative)))
                if upload is None:
                    continue
                count, size = count + 1, size + upload.size
                written.write(json.dumps(asdict(upload), ensure_ascii=False) + "\n")
        written.flush()
        os.fsync(written.fileno())
    return count, size, _digest_of(backup / LIST)


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith(_UNFINISHED):
            yield path


def _kept(
    target: Path, folder: str, relative: str, path: Path, known: Upload | None
) -> Upload | None:
    """Return the entry of a file whose bytes the target has now; None if it was just deleted."""
    try:
        stat = path.stat()
        if (
            known is not None
            and (known.size, known.modified) == (stat.st_size, stat.st_mtime_ns)
            and place_of(target, known.sha256).is_file()
        ):
            return known
        sha256, size = _copy(target, path)
    except FileNotFoundError:
        return None
    return Upload(folder, relative, size, sha256, stat.st_mtime_ns)


def _copy(target: Path, path: Path) -> tuple[str, int]:
    """Copy a file under the digest of the bytes that were copied; return digest and size."""
    begun = target / BYTES / f"copy{PARTIAL}"
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as opened:
        begun.parent.mkdir(parents=True, exist_ok=True)
        with begun.open("wb") as written:
            while chunk := opened.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
    place = place_of(target, digest.hexdigest())
    place.parent.mkdir(exist_ok=True)
    os.replace(begun, place)
    return digest.hexdigest(), size


def listed(backup: Path) -> Iterator[Upload]:
    """Yield what a backup lists; nothing for one that has no list.

    Raises:
        ValueError: the list is damaged.
    """
    if not (backup / LIST).is_file():
        return
    with (backup / LIST).open(encoding="utf-8") as opened:
        for line in opened:
            try:
                yield Upload(**json.loads(line))
            except TypeError as error:
                raise ValueError(line[:200]) from error


def forget_unlisted(target: Path, backups: list[Path]) -> int:
    """Remove bytes that none of these backups lists; return how many files went.

    Nothing is removed while the list of one of them cannot be read.
    """
    try:
        wanted = {one.sha256 for backup in backups for one in listed(backup)}
    except ValueError:
        return 0
    removed = 0
    for path in (target / BYTES).rglob("*"):
        if path.is_file() and path.name not in wanted:
            path.unlink()
            removed += 1
    return removed


def lay_out(backup: Path, place: Path, sha256: str) -> tuple[int, list[dict[str, str]]]:
    """Put everything that a backup lists where a restored portal has it.

    Args:
        sha256: what the list has to hash to; empty for a backup from before there were lists.

    Returns:
        How many files came back, and what is missing or damaged.
    """
    if not sha256:
        return 0, [_fault(LIST, "the backup lists no uploaded files")]
    if not (backup / LIST).is_file() or _digest_of(backup / LIST) != sha256:
        return 0, [_fault(LIST, "missing, or its SHA-256 is another one")]
    count, faults = 0, []
    for upload in listed(backup):
        where = f"{upload.folder}/{upload.path}"
        bytes_of_it = place_of(backup.parent, upload.sha256)
        restored = (place / upload.folder / upload.path).resolve()
        if not restored.is_relative_to(place.resolve()):
            faults.append(_fault(where, "lies outside of the folder"))
        elif not bytes_of_it.is_file():
            faults.append(_fault(where, "missing in the backup"))
        elif _digest_of(bytes_of_it) != upload.sha256:
            faults.append(_fault(where, "its SHA-256 is another one"))
        else:
            restored.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(bytes_of_it, restored)
            count += 1
    return count, faults


def _fault(place: str, problem: str) -> dict[str, str]:
    return {"place": place, "problem": problem}


def _digest_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
