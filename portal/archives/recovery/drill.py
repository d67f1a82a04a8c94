"""Restore a backup into an empty place and prove it there: chain, heads, every digest.

What is restored is checked by processes of its own, which see nothing of the running portal but
its keys. Tombstones of the running portal are replayed first, so that a backup from before a
destruction brings nothing back. The report is signed and lies with the heads of the ledger.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives.appraisal import tombstones
from portal.archives.models import LedgerEntry
from portal.archives.recovery import databases, uploads
from portal.archives.recovery.backup import (
    HEADS,
    OBJECTS,
    contents_of,
    digest_of,
    stored_files,
)
from portal.archives.recovery.refusals import RecoveryFailed
from portal.archives.tree import keys

MOST_FAULTS = 200


@dataclass(frozen=True)
class DrillReport:
    """What a drill found.

    Attributes:
        backup: name of the folder; `made_at`: the moment of its database.
        began_at: of the drill; `seconds`: until everything was proven (recovery time).
        lost_seconds: from the backup to the drill (recovery point); `lost_entries`: rows of the
            ledger written since.
        replayed: tombstones that were in force or destroyed again.
        faults: places and problems, the first ones; `fault_count`: all of them.
        uploads: files that people uploaded and that came back.
    """

    backup: str
    made_at: str
    began_at: str
    vendor: str
    seconds: float
    lost_seconds: float
    lost_entries: int
    entries: int
    records: int
    objects: int
    destroyed: int
    replayed: int
    fault_count: int
    faults: list[dict[str, str]] = field(default_factory=list)
    uploads: int = 0

    @property
    def passed(self) -> bool:
        """Whether everything could be restored and proven."""
        return self.fault_count == 0


def drill(backup: Path, place: Path) -> DrillReport:
    """Restore a backup into an empty place, prove it, and return the report.

    Args:
        place: a folder that is empty or not there; nothing outside it is written.

    Raises:
        RecoveryFailed: the place is not empty, or the backup cannot be restored at all.
    """
    if place.exists() and any(place.iterdir()):
        raise RecoveryFailed(_("“%(folder)s” is not empty.") % {"folder": place})
    contents = contents_of(backup)
    began_at, started = timezone.now(), time.monotonic()
    place.mkdir(parents=True, exist_ok=True)
    faults: list[dict[str, str]] = []
    database = backup / contents.database
    if database.is_file() and digest_of(database) != contents.database_sha256:
        faults.append({"place": contents.database, "problem": "its SHA-256 is another one"})
    objects = _lay_out(backup, place)
    uploaded, damaged = uploads.lay_out(backup, place, contents.uploads_sha256)
    with databases.restored(backup, place) as address:
        surroundings = _surroundings(place, address)
        replayed = _replay(surroundings)
        proven = _proven("archive_verify", surroundings)
        found = _proven("archive_verify_uploads", surroundings)
    faults += [*damaged, *proven["faults"], *found["faults"]]
    return DrillReport(
        backup=backup.name,
        made_at=contents.made_at,
        began_at=began_at.isoformat(),
        vendor=contents.vendor,
        seconds=round(time.monotonic() - started, 1),
        lost_seconds=round((began_at - contents.moment).total_seconds()),
        lost_entries=max(LedgerEntry.objects.count() - contents.entries, 0),
        entries=proven["entries"],
        records=proven["records"],
        objects=objects,
        destroyed=len(proven.get("destroyed", [])),
        replayed=replayed,
        fault_count=len(faults),
        faults=faults[:MOST_FAULTS],
        uploads=uploaded,
    )


def _lay_out(backup: Path, place: Path) -> int:
    """Put store and heads where a restored portal has them; return the number of files."""
    root, count = backup.parent / OBJECTS, 0
    for path in stored_files(root):
        copy = place / "archive" / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        count += 1
    shutil.copytree(backup / HEADS, place / HEADS)
    # Destructions after the backup hold too: their tombstones lie apart from any backup.
    if tombstones.folder().is_dir():
        folder = place / HEADS / tombstones.folder().name
        shutil.copytree(tombstones.folder(), folder, dirs_exist_ok=True)
    return count


def _surroundings(place: Path, address: str) -> dict[str, str]:
    """Return the environment of the processes that prove the restored portal."""
    seed = base64.b64encode(keys.private_key().private_bytes_raw()).decode()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "portal.settings"),
        "DATABASE_URL": address,
        "DATA_DIR": str(place),
        "LEDGER_HEAD_DIR": str(place / HEADS),
        "PRIVATE_FILES_ROOT": str(place / "private"),
        "LEDGER_KEY": seed,
        "LEDGER_ORIGIN": settings.LEDGER_ORIGIN,
        "LOG_LEVEL": "ERROR",
    }


def _command(name: str, *options: str, surroundings: dict[str, str]) -> str:
    """Run a command of the restored portal; exit code 1 is an answer, everything else is not.

    Raises:
        RecoveryFailed: it broke off.
    """
    program = Path(settings.BASE_DIR) / "manage.py"
    ended = subprocess.run(
        [sys.executable, str(program), name, *options],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode not in (0, 1) or not ended.stdout.strip():
        words = ended.stderr.strip()[-500:]
        raise RecoveryFailed(_("%(name)s failed: %(words)s") % {"name": name, "words": words})
    return ended.stdout


def _replay(surroundings: dict[str, str]) -> int:
    """Replay the tombstones; return how many there are."""
    said = _command("archive_replay_tombstones", surroundings=surroundings)
    return int(said.strip().splitlines()[-1].split()[0])


def _proven(name: str, surroundings: dict[str, str]) -> dict[str, Any]:
    said = _command(name, "--json", surroundings=surroundings)
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found
