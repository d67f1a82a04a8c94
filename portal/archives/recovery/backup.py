"""Make a backup: the database as of one moment, the store, what was uploaded, the signed texts.

A backup is a folder `backup-<moment>` with the copy of the database, the heads and tombstones,
the list of the uploaded files, and a list that says what it holds. Stored bytes never change, so
all backups of one target share the folder `objects`. What a tombstone names leaves it: a backup
keeps nobody's destroyed files. Uploaded files lie in `uploads`, see there. A folder without its
list is no backup; one that was interrupted ends in `.partial`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives.access.vault import sealed_folder
from portal.archives.appraisal import tombstones
from portal.archives.appraisal.tombstones import Tombstone
from portal.archives.models import LedgerEntry, Record
from portal.archives.recovery import databases, uploads
from portal.archives.recovery.refusals import RecoveryFailed
from portal.archives.store import CHUNK_BYTES, path_of
from portal.archives.tree import heads

CONTENTS, OBJECTS, HEADS = "contents.json", "objects", "heads"
PARTIAL = ".partial"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Contents:
    """What a backup holds.

    Attributes:
        made_at: the moment of the copy of the database (ISO 8601).
        database: name and SHA-256 of its file.
        entries, records: rows of the ledger and of the archive at that moment.
        objects: files of the store; `bytes`: their size together.
        uploads: files that people uploaded; `upload_bytes`: their size together.
        uploads_sha256: of their list; empty in backups from before there was one.
    """

    made_at: str
    vendor: str
    database: str
    database_sha256: str
    entries: int
    records: int
    objects: int
    bytes: int
    uploads: int = 0
    upload_bytes: int = 0
    uploads_sha256: str = ""

    @property
    def moment(self) -> datetime.datetime:
        """The moment of the copy."""
        return datetime.datetime.fromisoformat(self.made_at)


def make_backup(target: Path) -> tuple[Path, Contents]:
    """Make a backup in a folder; return its own folder and what it holds.

    Raises:
        RecoveryFailed: a program fails, or the folder lies inside the data of the portal.
        OSError: there is no room; what was begun is no backup.
    """
    data = Path(settings.DATA_DIR).resolve()
    if target.resolve().is_relative_to(data):
        raise RecoveryFailed(
            _("A backup inside the folder of the data is lost with it. Choose another medium.")
        )
    now = timezone.now()
    folder = target / f"backup-{now:%Y%m%dT%H%M%SZ}"
    begun = folder.with_name(folder.name + PARTIAL)
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True)
    entries, records = LedgerEntry.objects.count(), Record.objects.count()
    database = databases.dump(begun)
    # The store after the database: what came in between is in the store only, never the reverse.
    objects, size = _copy_store(target / OBJECTS)
    earlier = whole_backups(target)
    count, upload_bytes, listed = uploads.copy_all(target, begun, next(iter(earlier), None))
    _copy_heads(begun / HEADS)
    _forget_destroyed(target / OBJECTS)
    contents = Contents(
        made_at=now.isoformat(),
        vendor=connection.vendor,
        database=database.name,
        database_sha256=digest_of(database),
        entries=entries,
        records=records,
        objects=objects,
        bytes=size,
        uploads=count,
        upload_bytes=upload_bytes,
        uploads_sha256=listed,
    )
    (begun / CONTENTS).write_text(json.dumps(asdict(contents), indent=2) + "\n")
    for path in (database, begun / CONTENTS):
        _to_disk(path)
    os.rename(begun, folder)
    uploads.forget_unlisted(target, whole_backups(target))
    return folder, contents


def contents_of(backup: Path) -> Contents:
    """Return what a backup says that it holds.

    Raises:
        RecoveryFailed: it is no backup.
    """
    try:
        said: dict[str, Any] = json.loads((backup / CONTENTS).read_text())
        return Contents(**said)
    except (OSError, ValueError, TypeError) as error:
        raise RecoveryFailed(_("“%(folder)s” is no backup.") % {"folder": backup}) from error


def newest_backup(target: Path) -> Path:
    """Return the newest whole backup of a target.

    Raises:
        RecoveryFailed: there is none.
    """
    found = [path for path in whole_backups(target) if path.name.endswith("Z")]
    if not found:
        raise RecoveryFailed(_("There is no backup in “%(folder)s”.") % {"folder": target})
    return found[0]


def whole_backups(target: Path) -> list[Path]:
    """Return the backups of a target that are whole, the newest first."""
    found = (path for path in target.glob("backup-*") if (path / CONTENTS).is_file())
    return sorted((path for path in found if path.suffix != PARTIAL), reverse=True)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file (hex)."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def stored_files(root: Path) -> Iterator[Path]:
    """Yield the files of a store, plain and sealed; what is being written there is none yet."""
    for path in root.rglob("*"):
        if _DIGEST.fullmatch(path.name) and path.is_file():
            yield path


def _copy_store(target: Path) -> tuple[int, int]:
    """Copy what the target does not have; return number and size of all files of the store."""
    root = Path(settings.ARCHIVE_ROOT)
    count = size = 0
    for path in stored_files(root):
        stat = path.stat()
        count, size = count + 1, size + stat.st_size
        copy = target / path.relative_to(root)
        if not _is_copied(copy, stat):
            _copy(path, copy)
    return count, size


def _is_copied(copy: Path, original: os.stat_result) -> bool:
    """Whether a copy is of this very file: a record sealed anew has other bytes at its place."""
    try:
        stat = copy.stat()
    except FileNotFoundError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (original.st_size, original.st_mtime_ns)


def _copy(path: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    begun = copy.with_name(copy.name + PARTIAL)
    with path.open("rb") as opened, begun.open("wb") as written:
        shutil.copyfileobj(opened, written, CHUNK_BYTES)
        written.flush()
        os.fsync(written.fileno())
    shutil.copystat(path, begun)
    os.replace(begun, copy)


def _copy_heads(target: Path) -> None:
    if heads.folder().is_dir():
        shutil.copytree(heads.folder(), target)
    else:
        target.mkdir()


def _forget_destroyed(objects: Path) -> None:
    """Remove the bytes that a tombstone names and no record has any more."""
    kept = Path(settings.ARCHIVE_ROOT)
    for _name, found in tombstones.files():
        if not isinstance(found, Tombstone):
            continue
        sealed = sealed_folder(found.record_id).relative_to(kept)
        if not (kept / sealed).exists():
            shutil.rmtree(objects / sealed, ignore_errors=True)
        for file in found.payload.get("files", []):
            place = path_of(file["sha256"]).relative_to(kept)
            if not (kept / place).exists():
                (objects / place).unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
