"""Small pictures of picture files, made when somebody looks and kept for a day in the cache.

Decoding is the dearest thing a reader can ask for, so it is done for one picture at a time in each
process, and once for each picture. What is kept of a sealed record is sealed with its key.
"""

from __future__ import annotations

import io
import os
import threading

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.cache import cache
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.archives import file_access
from portal.archives.models import RecordFile

#: Widths in pixels: beside the name of a file, and to read a scan that browsers cannot show.
WIDTHS = (320, 1600)
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/bmp")
PICTURE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
# What is decoded: A4 at 600 dots an inch, in colour 160 MB of memory. Larger ones are downloaded.
MAX_PIXELS = 40_000_000
# A0 at 300 dots an inch: JPEG alone can be decoded at a fraction of its size.
MAX_JPEG_PIXELS = 150_000_000
MAX_BYTES = 150 * 1024 * 1024
CACHE_SECONDS = 24 * 60 * 60
# Larger results are rare and would push everything else out of a cache in memory.
CACHE_BYTES = 1024 * 1024
#: So long a reader waits for the pictures of others.
PATIENCE_SECONDS = 20.0
NONCE_BYTES = 12
PNG_SIGNATURE = b"\x89PNG"

one_at_a_time = threading.Lock()


class NoPreview(ValueError):
    """The file is no picture that can be shown small."""


class PreviewBusy(RuntimeError):
    """Other pictures are being made; the reader may ask again."""


def preview_kind(file: RecordFile) -> str:
    """Return how a file is shown on the page of its record: picture, audio, video or not."""
    if file.stored_at is None:
        return ""
    if file.media_type in PICTURE_TYPES:
        return "picture" if file.size <= MAX_BYTES else ""
    return next((kind for kind in ("audio", "video") if file.media_type.startswith(f"{kind}/")), "")


def cache_key(file: RecordFile, width: int) -> str:
    """Return under which name the small picture of a file is kept."""
    form = "sealed" if file.sealed else "plain"
    return f"archive-preview:{file.record_id.hex}:{file.sha256}:{width}:{form}"


def _kept(file: RecordFile, width: int, key: bytes | None) -> bytes | None:
    """Return what the cache has: a picture, nothing when there can be none; None when unknown."""
    name = cache_key(file, width)
    found: bytes | None = cache.get(name)
    if found is None or key is None:
        return found
    try:
        return AESGCM(key).decrypt(found[:NONCE_BYTES], found[NONCE_BYTES:], name.encode())
    except (InvalidTag, ValueError):
        return None


def _keep(file: RecordFile, width: int, key: bytes | None, made: bytes) -> None:
    name = cache_key(file, width)
    if len(made) > CACHE_BYTES:
        return
    if key is not None:
        nonce = os.urandom(NONCE_BYTES)
        made = nonce + AESGCM(key).encrypt(nonce, made, name.encode())
    cache.set(name, made, CACHE_SECONDS)


def small_picture(file: RecordFile, width: int) -> tuple[bytes, str]:
    """Return a picture file at most `width` pixels wide, and its media type.

    Whether the reader may see it is for the caller to ask, each time.

    Raises:
        NoPreview: it is no picture, is broken, or is too large to be opened safely.
        PreviewBusy: others were waited for too long.
        OSError, LookupError: its bytes cannot be read.
        SealedUnreadable: it is sealed and cannot be opened.
    """
    if file.media_type not in PICTURE_TYPES or file.size > MAX_BYTES:
        raise NoPreview(file.name)
    key = file_access.vault_for(file).key
    made = _kept(file, width, key)
    if made is None:
        if not one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
            raise PreviewBusy(file.name)
        try:
            # Perhaps it was this one that others were waited for.
            made = _kept(file, width, key)
            if made is None:
                made = _made(file_access.read(file), width)
                _keep(file, width, key, made)
        finally:
            one_at_a_time.release()
    if not made:
        raise NoPreview(file.name)
    return made, "image/png" if made.startswith(PNG_SIGNATURE) else "image/jpeg"


def _prepare(opened: Image.Image, width: int) -> bool:
    """Ask for a picture to be read no larger than needed; False when it is still too large."""
    progressive = bool(opened.info.get("progressive") or opened.info.get("progression"))
    if opened.format == "JPEG" and not progressive:
        if opened.width * opened.height > MAX_JPEG_PIXELS:
            return False
        scale = max(opened.width / width, opened.height / (width * 4), 1.0)
        opened.draft("RGB", (int(opened.width / scale), int(opened.height / scale)))
    return opened.width * opened.height <= MAX_PIXELS


def _made(body: bytes, width: int) -> bytes:
    """Return the small picture; nothing when there can be none."""
    try:
        with Image.open(io.BytesIO(body), formats=PICTURE_FORMATS) as opened:
            if not _prepare(opened, width):
                return b""
            picture = ImageOps.exif_transpose(opened)
            # Black and white and palettes would be scaled by dropping lines.
            if picture.mode == "1":
                picture = picture.convert("L")
            elif picture.mode in ("P", "PA"):
                picture = picture.convert("RGBA")
            picture.thumbnail((width, width * 4))
            target = io.BytesIO()
            if picture.mode in ("RGBA", "LA"):
                picture.convert("RGBA").save(target, "PNG")
                return target.getvalue()
            if picture.mode.startswith(("I", "F")):
                picture = ImageOps.autocontrast(picture.convert("L"))
            picture.convert("RGB").save(target, "JPEG", quality=82)
            return target.getvalue()
    except (
        *(UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning),
        *(OSError, ValueError, SyntaxError, EOFError),
    ):
        # Pillow's readers raise all of these for damaged files.
        return b""
