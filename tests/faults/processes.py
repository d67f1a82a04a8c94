"""Separate processes that work on the database of the running test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.db import connections

ROOT = Path(__file__).resolve().parent.parent.parent
# Seconds. The large runs kill three hundred processes on a small machine.
PATIENCE = 3600


class ProcessFailed(AssertionError):
    """The process ended with an error; the text is what it said."""


def database_url() -> str:
    """Return the DATABASE_URL of the test's own database."""
    settings = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    # This is how a DATABASE_URL names the folder of a socket: in front of the database.
    return (
        f"postgres://{settings['USER']}@:{settings['PORT']}/{settings['HOST']}/{settings['NAME']}"
    )


def run_module(module: str, folder: Path, *arguments: object) -> str:
    """Run a module in a process of its own, with its files under `folder`; return its output.

    Raises:
        ProcessFailed: it ended with an error.
    """
    # Nothing of this process may stay open in the database that the other works on.
    connections.close_all()
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.development",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "CRITICAL",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise ProcessFailed(f"{module} failed:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout
