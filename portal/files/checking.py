"""Check an upload: how large it really is, what it really is, and whether it is harmless."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from portal.file_names import file_size
from portal.files import kinds
from portal.files.models import ScanResult
from portal.files.refusals import REASONS, FileRefused
from portal.files.scanning import scan

logger = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024
NAME_LENGTH = 120
#: Bounds of the process that decodes: address space, seconds of computing, of waiting.
DECODER_MEMORY = 1024 * 1024 * 1024
DECODER_SECONDS = 30
DECODER_PATIENCE = 90
#: The longer side of a kept picture in pixels: A4 at 350 dots an inch, a phone's 12 million pixels.
PICTURE_EDGE = 4096
PDF_OBJECTS = 100_000
_DECODER = Path(__file__).with_name("decoding_process.py")


@dataclass
class CheckedUpload:
    """An upload that may be stored: what will be kept lies in a file without a name.

    Attributes:
        name: as the person called it, with the ending of what is kept.
        media_type: of what is kept.
        size: bytes of what is kept.
        sha256: of what is kept (hex).
        received_sha256: of what was uploaded.
        scan: what the virus scanner said.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    received_sha256: str
    scan: ScanResult
    file: IO[bytes]

    def chunks(self) -> Iterator[bytes]:
        """Yield what will be kept."""
        self.file.seek(0)
        yield from iter(lambda: self.file.read(CHUNK_BYTES), b"")

    def close(self) -> None:
        """Forget the bytes."""
        self.file.close()


def shown_name(name: str | None) -> str:
    """Return the name of an upload, shortened in the middle, without control characters."""
    plain = "".join(letter for letter in PurePath(name or "").name if letter.isprintable())
    if len(plain) > NAME_LENGTH:
        plain = plain[: NAME_LENGTH - 20] + "…" + plain[-19:]
    return plain or "file"


def check(upload: UploadedFile, *, audio: bool = False) -> CheckedUpload:
    """Check an upload and return what may be stored.

    The size is counted while reading, whatever was declared. Pictures are drawn anew without
    metadata, which leaves nothing of a file that is two things at once; PDFs stay as they came,
    since an invoice may be signed, and so do recordings, since a record keeps what was said.

    Args:
        audio: whether recordings are taken too.

    Raises:
        FileRefused: it is not accepted; nothing is left of it.
    """
    name = shown_name(upload.name)
    received: IO[bytes] | None = None
    kept: IO[bytes] | None = None
    try:
        received = _temporary()
        size, received_sha256, head = _receive(upload, received, name)
        media_type = kinds.sniffed(head)
        if not media_type or (media_type in kinds.AUDIO and not audio):
            raise FileRefused("kind-audio" if audio else "kind", name)
        if not kinds.agree(media_type, name, upload.content_type or ""):
            raise FileRefused("mismatch", name)
        result = scan(received, name)
        kept = _temporary()
        told = _decoded(received, kept, media_type, name)
        if told["outcome"] == "kept":
            kept.close()
            kept, received = received, None
            sha256 = received_sha256
        else:
            media_type = told["media_type"]
            size, sha256 = _digest(kept)
            name = PurePath(name).stem + kinds.ENDINGS[media_type]
        checked = CheckedUpload(name, media_type, size, sha256, received_sha256, result, kept)
        kept = None
        return checked
    except OSError as error:
        logger.error("An upload could not be kept: %s", error.strerror or type(error).__name__)
        raise FileRefused("full", name) from error
    finally:
        for left in (received, kept):
            if left is not None:
                left.close()


def _temporary() -> IO[bytes]:
    return tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)


def _receive(upload: UploadedFile, target: IO[bytes], name: str) -> tuple[int, str, bytes]:
    """Copy an upload, counting; return its size, SHA-256 and first bytes."""
    if getattr(upload, "not_stored", False):
        raise FileRefused("full", name)
    size, digest, head = 0, hashlib.sha256(), b""
    limit = settings.FILE_LARGEST_BYTES
    for chunk in upload.chunks(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise FileRefused("too-large", name, file_size(limit))
        if len(head) < kinds.HEAD_BYTES:
            head += chunk[: kinds.HEAD_BYTES]
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise FileRefused("empty", name)
    target.flush()
    return size, digest.hexdigest(), head


def _digest(file: IO[bytes]) -> tuple[int, str]:
    file.seek(0)
    size, digest = 0, hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        size += len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()


def _decoded(source: IO[bytes], target: IO[bytes], media_type: str, name: str) -> dict[str, Any]:
    """Decode in a process of its own; return what it told.

    Raises:
        FileRefused: it did not decode, or ended before it had told anything.
    """
    source.seek(0)
    # Nothing of the portal's environment: no keys, no addresses.
    environment = {"PATH": os.defpath, "MALLOC_ARENA_MAX": "2"}
    picture = media_type.startswith("image/")
    too_much = "pixels" if picture else "objects" if media_type == kinds.PDF else "damaged"
    try:
        ended = subprocess.run(
            decoder_command(media_type),
            stdin=source,
            stdout=target,
            stderr=subprocess.PIPE,
            timeout=DECODER_PATIENCE,
            env=environment,
            check=False,
        )
        told: dict[str, Any] = json.loads(ended.stderr.splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        # The system ended it: too much memory or time for what an upload may be.
        raise FileRefused(too_much, name) from error
    if told.get("outcome") in ("kept", "rewritten"):
        return told
    reason = str(told.get("outcome"))
    raise FileRefused(reason if reason in REASONS else "damaged", name)


def decoder_command(media_type: str) -> list[str]:
    """Return the command that decodes its input under the limits of the settings."""
    limits = {
        "media_type": media_type,
        "memory": DECODER_MEMORY,
        "seconds": DECODER_SECONDS,
        "written": 4 * settings.FILE_LARGEST_BYTES,
        "pixels": settings.FILE_LARGEST_PIXELS,
        "edge": PICTURE_EDGE,
        "objects": PDF_OBJECTS,
    }
    return [sys.executable, "-I", str(_DECODER), json.dumps(limits)]
