"""Signed tombstones as files, so that what was destroyed stays destroyed after a restore.

A database copy that is older than a destruction brings the record back, and its ledger knows
nothing of the tombstone. So each tombstone also lies as a signed text in the folder of the
ledger's heads, which is kept apart from the database; replaying them destroys again.

The form is that of the heads (C2SP signed-note): text, blank line, signature lines. The text is
the name of the ledger, the word ``tombstone`` and one line of JSON. It holds no title.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from portal.archives import ledger
from portal.archives.canonical import canonical
from portal.archives.models import DestructionEntry
from portal.archives.tree import heads, keys, notes

WORD = "tombstone"


class NoTombstone(ValueError):
    """A file that is no tombstone, or whose signature does not hold; the message says why."""


@dataclass(frozen=True)
class Tombstone:
    """What a signed tombstone says: the record, its number in the ledger, and the payload."""

    record_id: uuid.UUID
    sequence: int
    payload: dict[str, Any]


def folder() -> Path:
    """Return the folder of the tombstone files."""
    return heads.folder() / "tombstones"


def path_of(record_id: uuid.UUID) -> Path:
    """Return where the tombstone of a record lies."""
    return folder() / f"tombstone-{record_id}.txt"


def signed(record_id: uuid.UUID, sequence: int, payload: dict[str, Any]) -> str:
    """Return the signed text of a tombstone."""
    body = canonical({"record": record_id, "entry": sequence, "payload": payload})
    text = f"{settings.LEDGER_ORIGIN}\n{WORD}\n{body}\n"
    private, public = keys.private_key(), keys.public_key()
    signature = base64.b64encode(public.number + private.sign(text.encode())).decode()
    return f"{text}\n{notes.DASH}{public.name} {signature}\n"


def parse(note: str, trusted: Iterable[notes.PublicKey]) -> Tombstone:
    """Read a tombstone whose signature is by a key that counts.

    Raises:
        NoTombstone: it is none, or nobody known signed it.
    """
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    if not blank or text.count("\n") != 3 or text.split("\n")[1] != WORD:
        raise NoTombstone("This is no tombstone.")
    try:
        signatures = [notes.signature_of(line) for line in lines.removesuffix("\n").split("\n")]
        if not any(_holds(text, signature, key) for signature in signatures for key in trusted):
            raise NoTombstone("It is not signed with a key that is known here.")
        said = json.loads(text.split("\n")[2])
        return Tombstone(uuid.UUID(said["record"]), int(said["entry"]), dict(said["payload"]))
    except (notes.NoteError, KeyError, TypeError) as error:
        raise NoTombstone(str(error)) from error
    except ValueError as error:
        raise NoTombstone(str(error)) from error


def _holds(text: str, signature: tuple[str, bytes, bytes], key: notes.PublicKey) -> bool:
    name, number, signed_bytes = signature
    if (name, number) != (key.name, key.number):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signed_bytes, text.encode())
    except InvalidSignature:
        return False
    return True


def lay_down(entry: DestructionEntry) -> None:
    """Write the tombstone file of a destroyed record unless it lies there; may be done again.

    Raises:
        OSError: the folder cannot be written.
    """
    path = path_of(entry.record_id)
    if path.exists() or entry.tombstone is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    text = signed(entry.record_id, entry.tombstone, ledger.payload_of(entry.tombstone))
    handle, temporary = tempfile.mkstemp(prefix="writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o440)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def files(where: Path | None = None) -> Iterator[tuple[str, Tombstone | NoTombstone]]:
    """Yield name and content of every tombstone file, or why it is none.

    Args:
        where: another folder than the portal's own, such as one of a backup.
    """
    root = where or folder()
    if not root.is_dir():
        return
    trusted = keys.trusted_keys()
    for path in sorted(root.glob("tombstone-*.txt")):
        try:
            yield path.name, parse(path.read_bytes().decode(), trusted)
        except (OSError, UnicodeDecodeError) as error:
            yield path.name, NoTombstone(str(error))
        except NoTombstone as refused:
            yield path.name, refused
