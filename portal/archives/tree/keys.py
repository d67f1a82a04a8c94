"""The Ed25519 key that signs the heads.

It comes from the environment (LEDGER_KEY), best kept away from the database and known to every
web server and worker. Where that is empty, a key is made on first use and laid beside the data,
readable by its owner only: better than none, but whoever takes the whole machine has it too.
"""

from __future__ import annotations

import base64
import binascii
import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.archives.tree.notes import NoteError, PublicKey, public_key_of

SEED_BYTES = 32


def key_file() -> Path:
    """Return where a key of the portal's own making lies."""
    return Path(settings.DATA_DIR) / "ledger.key"


def _decoded(text: str, where: str) -> Ed25519PrivateKey:
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"{where} is no base64.") from error
    if len(seed) != SEED_BYTES:
        raise ImproperlyConfigured(f"{where} has {len(seed)} bytes, not {SEED_BYTES}.")
    return Ed25519PrivateKey.from_private_bytes(seed)


def _make(path: Path) -> None:
    """Write a new key; of two processes at once the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp gives rights to the owner only, from the first moment.
    handle, temporary = tempfile.mkstemp(prefix="ledger-key-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            seed = Ed25519PrivateKey.generate().private_bytes_raw()
            file.write(base64.b64encode(seed) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        Path(temporary).unlink(missing_ok=True)


def private_key() -> Ed25519PrivateKey:
    """Return the key that signs, made on first use where the environment has none.

    Raises:
        ImproperlyConfigured: the key cannot be read.
    """
    if settings.LEDGER_KEY:
        return _decoded(settings.LEDGER_KEY, "LEDGER_KEY")
    path = key_file()
    if not path.exists():
        _make(path)
    return _decoded(path.read_text(), str(path))


def public_key() -> PublicKey:
    """Return the public half of the key that signs."""
    return public_key_of(private_key(), settings.LEDGER_ORIGIN)


def trusted_keys() -> list[PublicKey]:
    """Return every key whose signature counts: the present one and those of earlier years.

    Raises:
        ImproperlyConfigured: an earlier key cannot be read.
    """
    try:
        former = [PublicKey.parse(text) for text in settings.LEDGER_FORMER_PUBLIC_KEYS]
    except NoteError as error:
        raise ImproperlyConfigured(f"LEDGER_FORMER_PUBLIC_KEYS: {error}") from error
    return [public_key(), *former]
