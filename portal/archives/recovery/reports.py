"""Signed reports of drills as files beside the heads of the ledger.

The form is that of the heads (C2SP signed-note): the name of the ledger, the word
``restore-drill``, one line of JSON, a blank line, the signature.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from portal.archives.canonical import canonical
from portal.archives.recovery.drill import DrillReport
from portal.archives.tree import heads, keys, notes

WORD = "restore-drill"


class NoReport(ValueError):
    """A file that is no report, or whose signature does not hold."""


def folder() -> Path:
    """Return the folder of the reports."""
    return heads.folder() / "drills"


def signed(report: DrillReport) -> str:
    """Return the signed text of a report."""
    text = f"{settings.LEDGER_ORIGIN}\n{WORD}\n{canonical(asdict(report))}\n"
    return notes.sign_text(text, settings.LEDGER_ORIGIN, keys.private_key())


def parse(note: str) -> DrillReport:
    """Read a report whose signature is by a key that counts.

    Raises:
        NoReport: it is none, or nobody known signed it.
    """
    try:
        lines = notes.text_signed_by(note, keys.trusted_keys()).split("\n")
        if lines[1] != WORD:
            raise NoReport("This is no report of a drill.")
        said = json.loads(lines[2])
        # Written without floating point numbers, so that equal reports are equal bytes.
        for name in ("seconds", "lost_seconds"):
            said[name] = float(said[name])
        return DrillReport(**said)
    except (notes.NoteError, KeyError, TypeError, IndexError, ValueError) as error:
        raise NoReport(str(error)) from error


def keep(report: DrillReport) -> Path:
    """Write the signed report; return its file.

    Raises:
        OSError: the folder cannot be written.
    """
    moment = report.began_at[:19].replace(":", "").replace("-", "")
    path = folder() / f"drill-{moment}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix="writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(signed(report).encode())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o440)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def kept() -> Iterator[tuple[str, DrillReport | NoReport]]:
    """Yield name and content of every report, the newest first, or why it is none."""
    for path in sorted(folder().glob("drill-*.txt"), reverse=True):
        try:
            yield path.name, parse(path.read_bytes().decode())
        except (OSError, UnicodeDecodeError) as error:
            yield path.name, NoReport(str(error))
        except NoReport as refused:
            yield path.name, refused
