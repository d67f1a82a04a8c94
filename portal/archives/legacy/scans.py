"""The zip of scans: nothing in it is trusted before it was looked at."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image

from portal.archives.attachments.formats import identify
from portal.archives.spreadsheets import Problem
from portal.files.zips import DAMAGED, PACKED, file_key, is_dropping, member_name, unsafe

logger = logging.getLogger(__name__)

MOST_FILES = 50_000
LARGEST_FILE_BYTES = 1024 * 1024 * 1024
LARGEST_TOTAL_BYTES = 50 * 1024 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
# What belongs behind which ending, as the format recognition names it.
EXTENSIONS = {".pdf": "pdf", ".jpg": "jpg", ".jpeg": "jpg", ".tif": "tif", ".tiff": "tif"}
MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "tif": "image/tiff"}


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
        name = member_name(info)
        if is_dropping(info, name):
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
    if reason := unsafe(info, name):
        return reason
    if info.file_size > LARGEST_FILE_BYTES:
        return _("it is larger than 1 GB.")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in PACKED:
        return _("it is an archive in the archive. Put the scans directly into one zip.")
    if suffix not in EXTENSIONS:
        return _("only PDF, JPG and TIF are taken.")
    if info.file_size == 0:
        return _("it is empty.")
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
    except DAMAGED as error:
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
