"""The loaded demo, made once for each state of the sources and each day.

Loading it takes minutes, because its archive is real: every record has its files, its checks and
its number. The demo test looks at one copy, the browser at another.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.infrastructure import prepared_database

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = "tests.infrastructure.demo_settings"
FOLDER = ROOT / "build" / "prepared-demos"
DATABASE = "portal.sqlite3"
WATCHED = ("portal", "branches", "honors", "union", "veterans", "templates")
ENDINGS = frozenset({".py", ".html", ".css", ".js", ".po", ".txt", ".json", ".xml", ".xlsx"})
LOADING_SECONDS = 1800


class DemoNotLoaded(RuntimeError):
    """A step of the preparation failed; the text is what it printed."""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a portal whose data lies in a folder."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "PYTHONUNBUFFERED": "1",
        "LOG_LEVEL": "WARNING",
        **more,
    }


def manage(variables: Mapping[str, str], *arguments: str, timeout: float = 600) -> str:
    """Run a management command in an environment; return what it printed.

    Raises:
        DemoNotLoaded: when the command fails.
    """
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=ROOT,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise DemoNotLoaded(
            f"manage.py {' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-4000:]}"
        )
    return done.stdout


def migrate(folder: Path, variables: Mapping[str, str]) -> None:
    """Make the database of a portal, from the one that the tests migrated if there is one."""
    kept = prepared_database.kept_file("sqlite3")
    if kept.exists() and variables["DATABASE_URL"].startswith("sqlite"):
        shutil.copyfile(kept, folder / DATABASE)
    manage(variables, "build_translations")
    manage(variables, "migrate", "--verbosity", "0")


def copy_into(folder: Path) -> None:
    """Put the loaded demo into an empty folder.

    Raises:
        DemoNotLoaded: with the output of the step that failed.
    """
    shutil.copytree(_prepared(), folder, dirs_exist_ok=True)


@contextlib.contextmanager
def demo_copy() -> Iterator[dict[str, str]]:
    """Yield the environment of a copy of the loaded demo that nobody serves."""
    folder = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    try:
        copy_into(folder)
        yield environment(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared() -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / _digest()
    with (FOLDER / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if kept.exists():
            return kept
        for old in FOLDER.glob("*/"):
            shutil.rmtree(old)
        # Not in its place yet: a preparation that stops in the middle leaves no half demo.
        growing = FOLDER / "growing"
        growing.mkdir()
        variables = environment(growing)
        migrate(growing, variables)
        manage(variables, "load_demo", timeout=LOADING_SECONDS)
        growing.rename(kept)
        return kept


def _digest() -> str:
    digest = hashlib.sha256(f"{sys.version} {datetime.date.today()}".encode())
    digest.update((ROOT / "requirements.txt").read_bytes())
    for folder in WATCHED:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in ENDINGS and path.is_file():
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
