"""Copy the whole database as of one moment, and restore such a copy beside the running one.

SQLite is copied by its own online backup; PostgreSQL by pg_dump and pg_restore, which have to be
installed where the commands run. A restored copy never touches the database that is in use.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection
from django.utils.translation import gettext as _

from portal.archives.recovery.refusals import RecoveryFailed

SQLITE_FILE, POSTGRESQL_FILE = "database.sqlite3", "database.dump"


def dump(folder: Path) -> Path:
    """Write a copy of the database into a folder; return the file.

    Raises:
        RecoveryFailed: the program of PostgreSQL is missing or fails.
        OSError: there is no room.
    """
    if connection.vendor == "sqlite":
        target = folder / SQLITE_FILE
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
        return target
    target = folder / POSTGRESQL_FILE
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}", env=_environment())
    return target


@contextlib.contextmanager
def restored(backup: Path, place: Path) -> Iterator[str]:
    """Restore the copy of a backup; yield the address of the new database, gone afterwards.

    Raises:
        RecoveryFailed: there is no copy, it is of another kind of database, or it is damaged.
    """
    name = SQLITE_FILE if connection.vendor == "sqlite" else POSTGRESQL_FILE
    if not (backup / name).is_file():
        raise RecoveryFailed(
            _("The backup holds no copy of this kind of database (%(name)s).") % {"name": name}
        )
    if connection.vendor == "sqlite":
        target = place / "portal.sqlite3"
        shutil.copyfile(backup / name, target)
        with contextlib.closing(sqlite3.connect(target)) as opened:
            _refuse_damaged(opened)
        yield f"sqlite:///{target}"
        return
    with _scratch_database() as (database, address):
        _run(
            *("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={database}"),
            str(backup / name),
            env=_environment(),
        )
        yield address


def _refuse_damaged(opened: sqlite3.Connection) -> None:
    try:
        said = opened.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise RecoveryFailed(_("The copy of the database is damaged.")) from error
    if said != "ok":
        raise RecoveryFailed(_("The copy of the database is damaged."))


@contextlib.contextmanager
def _scratch_database() -> Iterator[tuple[str, str]]:
    """Make an empty database beside the one in use; yield its name and address."""
    name = f"restore_drill_{secrets.token_hex(4)}"
    _run("createdb", name, env=_environment())
    try:
        yield name, _address(name)
    finally:
        _run("dropdb", "--force", name, env=_environment())


def _settings() -> Mapping[str, Any]:
    found: Mapping[str, Any] = connection.settings_dict
    return found


def _environment() -> dict[str, str]:
    """Return the environment in which the programs of PostgreSQL find the server."""
    settings = _settings()
    told = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    return {**os.environ, **{name: str(value) for name, value in told.items() if value}}


def _address(name: str) -> str:
    """Return the address of another database of the same server."""
    settings = _settings()
    who = quote(str(settings["USER"] or ""), safe="")
    if settings["PASSWORD"]:
        who += f":{quote(str(settings['PASSWORD']), safe='')}"
    host = str(settings["HOST"] or "")
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    if host.startswith("/"):
        # So an address names the folder of a socket: in front of the database.
        host, name = "", f"{host}/{name}"
    options = {key: value for key, value in settings["OPTIONS"].items() if isinstance(value, str)}
    asked = f"?{urlencode(options)}" if options else ""
    return f"postgres://{who}@{host}{port}/{name}{asked}"


def _run(*command: str, env: Mapping[str, str]) -> None:
    """Run a program.

    Raises:
        RecoveryFailed: it is not installed, or fails; the message holds what it said.
    """
    if shutil.which(command[0]) is None:
        raise RecoveryFailed(_("The program %(name)s is not installed.") % {"name": command[0]})
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RecoveryFailed(
            _("%(name)s failed: %(words)s")
            % {"name": command[0], "words": ended.stderr.strip()[-500:]}
        )
