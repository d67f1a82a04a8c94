"""A migrated database kept for the processes of a test run and for the next run.

Migrating takes longest of all, so only the first process does it and the others wait for it. The
kept file is only a start: every process still migrates it, so that what follows every migrate
(roles, workflow, triggers) happens as the code of today says. It is made anew whenever a migration,
a role or a locked version changes; a fresh clone has none and starts from nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connections

from tests.infrastructure.postgresql import program

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
# Held by the process that migrates until its database is kept.
_turn: list[IO[str]] = []


def is_sqlite() -> bool:
    """Whether the tests run on SQLite."""
    return "sqlite" in settings.DATABASES["default"]["ENGINE"]


def kept_file(ending: str = "") -> Path:
    """Return where the database of the present migrations is kept.

    Args:
        ending: sqlite3 or dump (of PostgreSQL); that of the database under test by default.
    """
    digest = hashlib.sha256(sys.version.encode())
    for pattern in WATCHED:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    ending = ending or ("sqlite3" if is_sqlite() else "dump")
    return FOLDER / f"{digest.hexdigest()[:16]}.{ending}"


def take() -> bool:
    """Put the kept database where the run expects its own; False when this process makes it."""
    kept = kept_file()
    FOLDER.mkdir(parents=True, exist_ok=True)
    turn = (FOLDER / f"{kept.suffix[1:]}.lock").open("w")
    fcntl.flock(turn, fcntl.LOCK_EX)
    if not kept.exists():
        _turn.append(turn)
        return False
    turn.close()
    if is_sqlite():
        shutil.copyfile(kept, settings.DATABASES["default"]["TEST"]["NAME"])
    else:
        server = settings.DATABASES["default"]
        name = server["TEST"].get("NAME") or f"test_{server['NAME']}"
        _server_program("dropdb", "--if-exists", "--force", name)
        _server_program("createdb", name)
        _server_program("pg_restore", "--no-owner", "--dbname", name, str(kept))
    return True


def keep() -> None:
    """Keep the database that was just migrated, and only this one of its kind."""
    if not _turn:
        return
    kept = kept_file()
    for old in FOLDER.glob(f"*{kept.suffix}"):
        old.unlink(missing_ok=True)
    beside = FOLDER / f"{kept.name}.{os.getpid()}"
    connection = connections["default"]
    connection.ensure_connection()
    if is_sqlite():
        target = sqlite3.connect(beside)
        connection.connection.backup(target)
        target.close()
    else:
        name = connection.settings_dict["NAME"]
        _server_program("pg_dump", "--format=custom", "--compress=0", "--file", str(beside), name)
    beside.replace(kept)
    _turn.pop().close()


def _server_program(name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL against the server of the tests."""
    server = settings.DATABASES["default"]
    where = ["--host", str(server["HOST"]), "--port", str(server["PORT"])]
    who = ["--username", str(server["USER"])]
    subprocess.run([str(program(name)), *where, *who, *arguments], check=True, capture_output=True)
