"""Decode an upload in a process of its own, with bounded memory and time.

Run as a script, never imported by the portal: decoders of pictures and documents are where hostile
files do their harm, so they run without the portal's keys and database, and a bomb ends this
process instead of the web server. The upload is standard input, what is to be kept is written to
standard output (nothing for documents and recordings, which are kept as they came), and one line
of JSON on standard error tells the outcome: {"outcome": "kept" | "rewritten" | a reason, ...}.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from typing import Any, BinaryIO

# JPEG decoders can halve a picture while they read it; more pixels than this are never unpacked.
DECODED_PIXELS = 16_000_000
QUALITY = 88
# Deeper nesting in a document serves nobody but who wants the reader to fall over.
DEEPEST = 200
TAIL_BYTES = 66_000

# Names of PDF 32000-1 that act when the document is opened or clicked.
SCRIPT_KEYS = frozenset({"/JS", "/JavaScript", "/XFA"})
SCRIPT_ACTIONS = frozenset({"/JavaScript", "/Rendition"})
LAUNCH_ACTIONS = frozenset({"/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/RichMediaExecute"})
EMBEDDED_KEYS = frozenset({"/EmbeddedFiles", "/EmbeddedFile", "/EF", "/RichMediaContent"})
EMBEDDED_TYPES = frozenset({"/EmbeddedFile"})
EMBEDDED_SUBTYPES = frozenset(
    {"/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"}
)


class Refused(Exception):
    """The upload is not accepted; the text is the reason code."""


def bound(limits: dict[str, Any]) -> None:
    """Let the system end this process when it takes too much memory or time."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
        resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits["written"], limits["written"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def picture(source: BinaryIO, target: BinaryIO, limits: dict[str, Any]) -> dict[str, Any]:
    """Write a picture anew: upright, first frame, in plain colours, without metadata."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # The count below is exact; Pillow's own is a warning first.
    kind = limits["media_type"]
    if kind == "image/heic":
        try:
            from pillow_heif import register_heif_opener
        except ImportError:
            raise Refused("no-heic") from None
        register_heif_opener(thumbnails=False)
    formats = {"image/jpeg": ["JPEG", "MPO"], "image/png": ["PNG"], "image/heic": ["HEIF"]}[kind]
    with Image.open(source, formats=formats) as checked:
        _few_pixels(checked.size, limits)
        if kind == "image/png":
            checked.verify()
    source.seek(0)
    image: Any = Image.open(source, formats=formats)
    _few_pixels(image.size, limits)
    image.seek(0)
    if kind == "image/jpeg":
        width, height = image.size
        step = 1
        while width * height > DECODED_PIXELS * step * step and step < 8:
            step *= 2
        image.draft("RGB", (-(-width // step), -(-height // step)))
    image.load()
    edge = limits["edge"]
    if max(image.size) > edge:
        # First smaller, then the rest: fewer copies of many pixels at the same time.
        if image.mode not in ("RGB", "RGBA", "L", "CMYK"):
            image = image.convert("RGBA" if _has_holes(image) else "RGB")
        image.thumbnail((edge, edge), Image.Resampling.BOX)
    ImageOps.exif_transpose(image, in_place=True)
    plain = _on_white(image)
    del image
    if kind == "image/png":
        plain.save(target, "PNG")
        return {"outcome": "rewritten", "media_type": "image/png"}
    plain.save(target, "JPEG", quality=QUALITY)
    return {"outcome": "rewritten", "media_type": "image/jpeg"}


def _few_pixels(size: tuple[int, int], limits: dict[str, Any]) -> None:
    if size[0] * size[1] > limits["pixels"]:
        raise Refused("pixels")


def _on_white(image: Any) -> Any:
    """Return the picture in RGB with nothing of the old one but its pixels."""
    from PIL import Image

    if _has_holes(image):
        layered = image.convert("RGBA")
        plain = Image.new("RGB", layered.size, "white")
        plain.paste(layered, mask=layered.getchannel("A"))
        return plain
    plain = image if image.mode == "RGB" else image.convert("RGB")
    plain.info = {}  # Comments and profiles of the old file would be written again.
    return plain


def _has_holes(image: Any) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def document(source: BinaryIO, target: BinaryIO, limits: dict[str, Any]) -> dict[str, Any]:
    """Look through every object of a PDF; it is kept byte by byte, since it may be signed."""
    import pikepdf

    _nothing_behind(source)
    source.seek(0)
    try:
        opened = pikepdf.open(source, attempt_recovery=False, inherit_page_attributes=False)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except pikepdf.PdfError:
        raise Refused("damaged") from None
    with opened:
        if opened.is_encrypted:
            raise Refused("encrypted")
        if len(opened.objects) > limits["objects"]:
            raise Refused("objects")
        for item in opened.objects:
            _look(item, 0)
        if not len(opened.pages):
            raise Refused("damaged")
        return {"outcome": "kept", "media_type": "application/pdf", "pages": len(opened.pages)}


def _nothing_behind(source: BinaryIO) -> None:
    """Refuse a file that is a PDF and something else at once."""
    size = source.seek(0, os.SEEK_END)
    source.seek(max(size - TAIL_BYTES, 0))
    tail = source.read()
    _before, mark, behind = tail.rpartition(b"%%EOF")
    if not mark:
        raise Refused("damaged")
    if behind.strip(b"\0\t\r\n\f ") or b"PK\x05\x06\0\0\0\0" in tail:
        raise Refused("appended")


def _look(item: Any, depth: int) -> None:
    import pikepdf

    if depth > DEEPEST:
        raise Refused("objects")
    if isinstance(item, pikepdf.Stream):
        filters = item.get("/Filter")
        if isinstance(filters, pikepdf.Array) and len(filters) > 2:
            raise Refused("objects")
        item = item.stream_dict
    if isinstance(item, pikepdf.Dictionary):
        keys = set(item.keys())
        if keys & SCRIPT_KEYS or _name(item, "/S") in SCRIPT_ACTIONS:
            raise Refused("script")
        if _name(item, "/S") in LAUNCH_ACTIONS:
            raise Refused("launch")
        if (
            keys & EMBEDDED_KEYS
            or _name(item, "/Type") in EMBEDDED_TYPES
            or _name(item, "/Subtype") in EMBEDDED_SUBTYPES
        ):
            raise Refused("embedded")
        for key in keys:
            _look_inside(item[key], depth)
    elif isinstance(item, pikepdf.Array):
        for value in item:
            _look_inside(value, depth)


def _look_inside(value: Any, depth: int) -> None:
    import pikepdf

    # What is an object of its own comes in its turn.
    if isinstance(value, pikepdf.Object) and not value.is_indirect:
        _look(value, depth + 1)


def _name(item: Any, key: str) -> str:
    import pikepdf

    value = item.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def recording(source: BinaryIO, target: BinaryIO, limits: dict[str, Any]) -> dict[str, Any]:
    """Read the frames of a recording; it is kept byte by byte, and holds sound only."""
    from mutagen import MutagenError
    from mutagen.mp3 import MP3
    from mutagen.mp4 import MP4
    from mutagen.wave import WAVE

    kind: str = limits["media_type"]
    readers: dict[str, Any] = {"audio/mpeg": MP3, "audio/mp4": MP4, "audio/wav": WAVE}
    try:
        opened = readers[kind](source)
    except MutagenError:
        raise Refused("damaged") from None
    seconds = opened.info.length
    if seconds <= 0:
        raise Refused("damaged")
    if kind == "audio/mp4" and _has_pictures(source):
        raise Refused("video")
    return {"outcome": "kept", "media_type": kind, "seconds": round(seconds)}


def _has_pictures(source: BinaryIO) -> bool:
    """Whether a track of an MP4 file says that it is video (ISO 14496-12, 8.4.3)."""
    end = source.seek(0, os.SEEK_END)
    place = 0
    while place + 8 <= end:
        source.seek(place)
        size, name = int.from_bytes(source.read(4)), source.read(4)
        if size == 1:
            size = int.from_bytes(source.read(8))
        size = size or end - place
        if size < 8:
            raise Refused("damaged")
        if name == b"moov":
            return b"hdlr\0\0\0\0\0\0\0\0vide" in source.read(size)
        place += size
    raise Refused("damaged")


def _outcome_of(error: OSError, too_much: str) -> str:
    if error.errno == errno.ENOMEM:
        return too_much
    no_room = (errno.EFBIG, errno.ENOSPC, errno.EDQUOT)
    return "full" if error.errno in no_room else "damaged"


def main() -> None:
    """Do what the argument says and tell the outcome."""
    limits = json.loads(sys.argv[1])
    bound(limits)
    source = os.fdopen(0, "rb")
    target = os.fdopen(1, "wb")
    family = limits["media_type"].partition("/")[0]
    decode = {"image": picture, "audio": recording}.get(family, document)
    too_much = {"image": "pixels", "audio": "damaged"}.get(family, "objects")
    try:
        told = decode(source, target, limits)
        target.flush()
    except Refused as reason:
        told = {"outcome": str(reason)}
    except (MemoryError, ImportError):
        # Without memory even a decoder cannot be loaded.
        told = {"outcome": too_much}
    except OSError as error:
        told = {"outcome": _outcome_of(error, too_much)}
    except Exception as error:
        # Whatever a decoder says of a file that is not what it seems: it is damaged.
        told = {"outcome": "damaged", "error": type(error).__name__}
    sys.stderr.write(json.dumps(told))
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
