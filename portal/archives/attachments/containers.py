"""What lies inside the two container formats of office documents: OLE2 files and zip files."""

from __future__ import annotations

import struct
import zipfile
from typing import IO

OLE2_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
# Nobody needs more than this to say what a document is; a hostile file may ask for more.
_MOST_DIRECTORY_SECTORS = 2000
_MOST_CONTENT_TYPES_BYTES = 1_000_000
_END_OF_CHAIN = 0xFFFFFFFA
_ENTRY_BYTES = 128


def ole2_names(opened: IO[bytes]) -> set[str]:
    """Return the names of the streams and storages of an OLE2 file, empty when it is broken.

    Source: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.6 (directory).
    """
    opened.seek(0)
    header = opened.read(512)
    if len(header) < 512:
        return set()
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in (9, 12):
        return set()
    size = 1 << shift
    per_sector = size // 4
    fat_sectors = struct.unpack_from("<109I", header, 76)

    def sector(number: int) -> bytes:
        opened.seek((number + 1) * size)
        return opened.read(size)

    def following(number: int) -> int:
        place = number // per_sector
        if place >= len(fat_sectors) or fat_sectors[place] >= _END_OF_CHAIN:
            return _END_OF_CHAIN
        part = sector(fat_sectors[place])
        offset = (number % per_sector) * 4
        if len(part) < offset + 4:
            return _END_OF_CHAIN
        found: int = struct.unpack_from("<I", part, offset)[0]
        return found

    names: set[str] = set()
    number: int = struct.unpack_from("<I", header, 48)[0]
    seen: set[int] = set()
    while number < _END_OF_CHAIN and number not in seen and len(seen) < _MOST_DIRECTORY_SECTORS:
        seen.add(number)
        part = sector(number)
        for start in range(0, len(part) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            (length,) = struct.unpack_from("<H", part, start + 64)
            if 2 <= length <= 64:
                names.add(part[start : start + length - 2].decode("utf-16-le", "replace"))
        number = following(number)
    return names


def zip_contents(opened: IO[bytes]) -> tuple[set[str], str, str] | None:
    """Return the names in a zip, its OOXML content types and its OpenDocument media type.

    None when it is no readable zip. Nothing but the two small descriptions is unpacked.
    """
    try:
        opened.seek(0)
        with zipfile.ZipFile(opened) as archive:
            names = set(archive.namelist())
            types = _small(archive, "[Content_Types].xml", _MOST_CONTENT_TYPES_BYTES)
            media_type = _small(archive, "mimetype", 200)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        # What the zip reader raises for broken or encrypted directories.
        return None
    return names, types.decode("utf-8", "replace"), media_type.decode("ascii", "replace").strip()


def _small(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with archive.open(name) as member:
            return member.read(most)
    except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return b""
