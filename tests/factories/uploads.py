"""Uploads for tests: photos, PDFs good and bad, drawn and written on the spot."""

from __future__ import annotations

import contextlib
import hashlib
import io
import wave
from collections.abc import Iterator
from typing import IO, Any
from unittest import mock

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.files import checking, services
from portal.files.models import StoredFile

_decode = checking._decoded
_decoded: dict[str, tuple[dict[str, Any], bytes]] = {}


@contextlib.contextmanager
def decoded_once() -> Iterator[None]:
    """Decode the same bytes in a process of its own only once; a world has many such papers."""

    def remembered(
        source: IO[bytes], target: IO[bytes], media_type: str, name: str
    ) -> dict[str, Any]:
        source.seek(0)
        key = f"{media_type} {hashlib.sha256(source.read()).hexdigest()}"
        if key not in _decoded:
            told = _decode(source, target, media_type, name)
            target.seek(0)
            _decoded[key] = told, target.read()
            return told
        told, written = _decoded[key]
        target.write(written)
        target.flush()
        return told

    with mock.patch.object(checking, "_decoded", remembered):
        yield


def photo_bytes(
    kind: str = "JPEG",
    size: tuple[int, int] = (60, 40),
    *,
    colour: str = "#a04030",
    mode: str = "RGB",
    **saved: Any,
) -> bytes:
    """Return a picture whose left half has another colour than its right."""
    image = Image.new("RGB", size, colour)
    image.paste("#203080", (0, 0, size[0] // 2, size[1]))
    target = io.BytesIO()
    image = image.convert("L") if mode == "I;16" else image
    image.convert(mode).save(target, kind, **saved)
    return target.getvalue()


def heic_bytes(size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a HEIC photo as phones take it."""
    import pillow_heif

    target = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", size, "#a04030")).save(target, quality=60)
    return target.getvalue()


def pdf_bytes(change: Any = None, **saved: Any) -> bytes:
    """Return a PDF of one empty page.

    Args:
        change: is given the open document and may put something bad into it.
        saved: arguments of pikepdf's save.
    """
    document = pikepdf.new()
    document.add_blank_page()
    if change is not None:
        change(document)
    target = io.BytesIO()
    document.save(target, **saved)
    return target.getvalue()


def recording_bytes(kind: str = "wav", *, video: bool = False) -> bytes:
    """Return a short recording: silence as WAV, frames of MP3, or the frame of an M4A file."""
    if kind == "wav":
        target = io.BytesIO()
        with wave.open(target, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(16_000))
        return target.getvalue()
    if kind == "mp3":
        # MPEG 1 layer III, 64 kbit/s, 44.1 kHz, one channel: 208 bytes a frame, all silent.
        return (b"\xff\xfb\x50\xc4" + bytes(204)) * 40
    return _box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + _box(b"moov", _track(video)) + _box(b"mdat")


def _box(name: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4) + name + content


def _track(video: bool) -> bytes:
    """Return the track of one second of an MP4 file (ISO 14496-12, 8.4)."""
    header = _box(b"mdhd", bytes(12) + (1000).to_bytes(4) + (1000).to_bytes(4) + bytes(4))
    handlers = [b"soun", b"vide"] if video else [b"soun"]
    return b"".join(
        _box(b"trak", _box(b"mdia", header + _box(b"hdlr", bytes(8) + handler + bytes(13))))
        for handler in handlers
    )


def upload(body: bytes | None = None, name: str = "身份证.jpg", declared: str = "") -> Any:
    """Return an upload as a form receives it; a small photo by default."""
    body = photo_bytes() if body is None else body
    return SimpleUploadedFile(name, body, content_type=declared or "application/octet-stream")


def make_stored_file(
    user: Any = None, *, owner: tuple[str, str] | None = None, purpose: str = "id-card", **sent: Any
) -> StoredFile:
    """Store a small photo, handed in for an owner if one is given."""
    file = services.receive(upload(**sent), user=user, purpose=purpose)
    if owner is not None:
        services.claim([file], *owner)
        file.refresh_from_db()
    return file
