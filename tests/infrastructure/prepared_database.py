"""A migrated SQLite database kept between test runs, because migrating takes longest of all.

The kept file is only a start: the run still migrates it, so that what follows every migrate
(roles, workflow, triggers) happens as the code of today says. It is made anew whenever a migration,
a role or a locked version changes. Not used where CI is set: there everything starts from nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
from pathlib import Path

from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "build" / "prepared-databases"
WATCHED = (
    "requirements.txt",
    "*/migrations/*.py",
    "portal/*/migrations/*.py",
    "*/apps.py",
    "portal/*/apps.py",
    "*/archive_scope.py",
    "portal/*/archive_scope.py",
    "portal/roles/*.py",
    "portal/publishing/*.py",
    "portal/search/structures.py",
)


def is_used() -> bool:
    """Say whether this run may start from a kept database."""
    return "sqlite" in settings.DATABASES["default"]["ENGINE"] and not os.environ.get("CI")


def kept_file() -> Path:
    """Return where the database of the present migrations is kept."""
    digest = hashlib.sha256(sys.version.encode())
    for pattern in WATCHED:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:16]}.sqlite3"


def take() -> bool:
    """Copy the kept database to where the run expects its own; False when there is none."""
    kept = kept_file()
    if not is_used() or not kept.exists():
        return False
    shutil.copyfile(kept, settings.DATABASES["default"]["TEST"]["NAME"])
    return True


def keep() -> None:
    """Keep the database that was just migrated, and only this one."""
    kept = kept_file()
    if not is_used() or kept.exists():
        return
    connection = connections["default"]
    connection.ensure_connection()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    # Beside its place first: another worker of the run may look for it at this moment.
    beside = FOLDER / f"{kept.name}.{os.getpid()}"
    target = sqlite3.connect(beside)
    connection.connection.backup(target)
    target.close()
    beside.replace(kept)
