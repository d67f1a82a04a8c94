"""Small pictures of picture files, made when somebody looks; nothing is kept of them."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.archives import file_access
from portal.archives.models import RecordFile

#: Widths in pixels: beside the name of a file, and to read a scan that browsers cannot show.
WIDTHS = (320, 1600)
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/bmp")
PICTURE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
# A0 in colour at 300 dots an inch; larger ones are downloaded.
MAX_PIXELS = 150_000_000
MAX_BYTES = 150 * 1024 * 1024


class NoPreview(ValueError):
    """The file is no picture that can be shown small."""


def preview_kind(file: RecordFile) -> str:
    """Return how a file is shown on the page of its record: picture, audio, video or not."""
    if file.stored_at is None:
        return ""
    if file.media_type in PICTURE_TYPES:
        return "picture" if file.size <= MAX_BYTES else ""
    return next((kind for kind in ("audio", "video") if file.media_type.startswith(f"{kind}/")), "")


def small_picture(file: RecordFile, width: int) -> tuple[bytes, str]:
    """Return a picture file at most `width` pixels wide, and its media type.

    Raises:
        NoPreview: it is no picture, is broken, or is too large to be opened safely.
        OSError, LookupError: its bytes cannot be read.
    """
    if file.media_type not in PICTURE_TYPES or file.size > MAX_BYTES:
        raise NoPreview(file.name)
    body = file_access.read(file)
    try:
        with Image.open(io.BytesIO(body), formats=PICTURE_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise NoPreview(file.name)
            # JPEG can be read at a fraction of its size.
            opened.draft("RGB", (width, width * 4))
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
                return target.getvalue(), "image/png"
            if picture.mode.startswith(("I", "F")):
                picture = ImageOps.autocontrast(picture.convert("L"))
            picture.convert("RGB").save(target, "JPEG", quality=82)
            return target.getvalue(), "image/jpeg"
    except (
        *(UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning),
        *(OSError, ValueError, SyntaxError, EOFError),
    ) as error:
        # Pillow's readers raise all of these for damaged files.
        raise NoPreview(file.name) from error
