"""The zip of scans: nothing in it is trusted before it was looked at."""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image

from portal.archives.attachments.formats import identify
from portal.archives.spreadsheets import Problem

logger = logging.getLogger(__name__)

MOST_FILES = 50_000
LARGEST_FILE_BYTES = 1024 * 1024 * 1024
LARGEST_TOTAL_BYTES = 50 * 1024 * 1024 * 1024
# Scans are compressed already; what shrinks more than this was made to harm.
MOST_RATIO = 200
HARMLESS_BYTES = 10 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
# What belongs behind which ending, as the format recognition names it.
EXTENSIONS = {".pdf": "pdf", ".jpg": "jpg", ".jpeg": "jpg", ".tif": "tif", ".tiff": "tif"}
MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "tif": "image/tiff"}
_PACKED = (".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".iso", ".cab")
# What Windows and macOS drop into folders by themselves.
_DROPPINGS = re.compile(
    r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE
)
_DRIVE = re.compile(r"^[A-Za-z]:")
_SYMBOLIC_LINK = 0o120000


@dataclass(frozen=True)
class Member:
    """One file of the zip."""

    info: zipfile.ZipInfo
    name: str

    @property
    def key(self) -> str:
        """What rows and files are matched by: the last part of the path, capitals alike."""
        return file_key(self.name)


@dataclass(frozen=True)
class CheckedScan:
    """A file that is what its name says."""

    size: int
    sha256: str
    media_type: str


def file_key(name: str) -> str:
    """Return a file name for comparison: NFC, without its folder, capitals alike."""
    return PurePosixPath(unicodedata.normalize("NFC", name)).name.casefold()


def _shown_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member; Windows writes GBK without saying so."""
    if info.flag_bits & 0x800:
        name = info.filename
    else:
        raw = info.orig_filename.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            try:
                name = raw.decode("gb18030")
            except UnicodeDecodeError:
                name = info.filename
    return unicodedata.normalize("NFC", name)


def members(archive: zipfile.ZipFile) -> tuple[list[Member], list[Problem]]:
    """Return the files of a zip and what must not be in it; nothing is unpacked."""
    found: list[Member] = []
    problems: list[Problem] = []
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        message = _("The zip has more than %(count)d files. Split the catalogue.")
        return [], [Problem(message % {"count": MOST_FILES})]
    if sum(info.file_size for info in infos) > LARGEST_TOTAL_BYTES:
        return [], [Problem(_("The zip unpacks to more than 50 GB. Split the catalogue."))]
    for info in infos:
        name = _shown_name(info)
        if _DROPPINGS.search(name) or (name.endswith("/") and not info.file_size):
            continue
        refusal = _refusal(info, name)
        if refusal:
            problems.append(Problem(_("“%(name)s” in the zip: %(reason)s") % {
                "name": name[:120], "reason": refusal}))  # fmt: skip
        else:
            found.append(Member(info, name))
    by_key: dict[str, Member] = {}
    for member in found:
        if other := by_key.get(member.key):
            problems.append(
                Problem(
                    _("“%(name)s” and “%(other)s” in the zip have the same name. Rename one.")
                    % {"name": member.name[:120], "other": other.name[:120]}
                )
            )
        by_key[member.key] = member
    return found, problems


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    """Return why a member is not taken, empty when it may be."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(name) or "\0" in name:
        return _("its path leads out of the folder. Pack the files again.")
    if info.flag_bits & 0x1:
        return _("it is encrypted. Pack the files without a password.")
    if (info.external_attr >> 16) & 0o170000 == _SYMBOLIC_LINK:
        return _("it is a link, not a file.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("it is packed in an unusual way. Pack the files as an ordinary zip.")
    if info.file_size > LARGEST_FILE_BYTES:
        return _("it is larger than 1 GB.")
    ratio = info.file_size / max(info.compress_size, 1)
    if ratio > MOST_RATIO and info.file_size > HARMLESS_BYTES:
        return _("it unpacks to an absurd size (zip bomb).")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PACKED:
        return _("it is an archive in the archive. Put the scans directly into one zip.")
    if suffix not in EXTENSIONS:
        return _("only PDF, JPG and TIF are taken.")
    if info.file_size == 0:
        return _("it is empty.")
    if len(PurePosixPath(name).name) > 200:
        return _("its name is longer than 200 characters.")
    return ""


def unpack(archive: zipfile.ZipFile, member: Member, target: IO[bytes]) -> CheckedScan | str:
    """Write a member to a file and check it; return what it is, or why it is refused.

    Raises:
        OSError: the disk is full or cannot be written; nothing is known of the member.
    """
    sha256, size = hashlib.sha256(), 0
    try:
        with archive.open(member.info) as opened:
            while chunk := opened.read(CHUNK_BYTES):
                size += len(chunk)
                if size > member.info.file_size:
                    return _("it unpacks to more than it says (zip bomb).")
                sha256.update(chunk)
                target.write(chunk)
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError),
        *(RuntimeError, NotImplementedError, ValueError),
    ) as error:
        # What the zip reader raises for damaged members, in English.
        logger.info("A member of a zip of scans cannot be unpacked: %s", error)
        return _("it is damaged in the zip. Pack the files again.")
    if size != member.info.file_size:
        return _("it is damaged in the zip. Pack the files again.")
    target.flush()
    expected = EXTENSIONS[PurePosixPath(member.name).suffix.lower()]
    found = identify(target, member.name)
    if found.code != expected:
        return _("it is no %(expected)s but %(found)s.") % {
            "expected": expected.upper(),
            "found": found.name if found.code else _("something unknown"),
        }
    if reason := _unreadable(target, expected):
        return reason
    return CheckedScan(size, sha256.hexdigest(), MEDIA_TYPES[expected])


def _unreadable(target: IO[bytes], kind: str) -> str:
    """Return why a scan cannot be read, empty when it can."""
    target.seek(0)
    if kind == "pdf":
        try:
            with pikepdf.open(target) as document:  # type: ignore[arg-type]
                return "" if len(document.pages) else _("it has no page.")
        except pikepdf.PasswordError:
            return _("the PDF has a password. Save it without one.")
        except pikepdf.PdfError:
            return _("the PDF cannot be opened.")
    try:
        with Image.open(target, formats=["JPEG", "TIFF"]) as picture:
            picture.verify()
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return _("the picture cannot be opened.")
    return ""
