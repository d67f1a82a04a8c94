"""Zip files people upload: names and members, told before anything is unpacked."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

# Pictures and scans are compressed already; what shrinks more than this was made to harm.
MOST_RATIO = 200
HARMLESS_BYTES = 10 * 1024 * 1024
#: Names of more characters do not fit where files are stored.
LONGEST_NAME = 200
PACKED = (".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".iso", ".cab")
# What Windows and macOS drop into folders by themselves.
_DROPPINGS = re.compile(
    r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE
)
_DRIVE = re.compile(r"^[A-Za-z]:")
_SYMBOLIC_LINK = 0o120000
_UTF8 = 0x800
_ENCRYPTED = 0x1
#: What the zip reader raises for damaged members, in English.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(RuntimeError, NotImplementedError, ValueError),
)


def file_key(name: str) -> str:
    """Return a file name for comparison: NFC, without its folder, capitals alike."""
    return PurePosixPath(unicodedata.normalize("NFC", name)).name.casefold()


def member_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member; Windows writes GBK without saying so."""
    if info.flag_bits & _UTF8:
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


def is_dropping(info: zipfile.ZipInfo, name: str) -> bool:
    """Whether a member is a folder, or something a system leaves behind in folders."""
    return bool(_DROPPINGS.search(name)) or (name.endswith("/") and not info.file_size)


def leads_out(name: str) -> bool:
    """Whether the path of a member leads out of the folder it would be unpacked to."""
    parts = name.replace("\\", "/").split("/")
    return bool(name.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(name) or "\0" in name)


def unsafe(info: zipfile.ZipInfo, name: str) -> str:
    """Return why nobody should unpack a member, empty when it may be."""
    if leads_out(name):
        return _("its path leads out of the folder. Pack the files again.")
    if info.flag_bits & _ENCRYPTED:
        return _("it is encrypted. Pack the files without a password.")
    if (info.external_attr >> 16) & 0o170000 == _SYMBOLIC_LINK:
        return _("it is a link, not a file.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("it is packed in an unusual way. Pack the files as an ordinary zip.")
    ratio = info.file_size / max(info.compress_size, 1)
    if ratio > MOST_RATIO and info.file_size > HARMLESS_BYTES:
        return _("it unpacks to an absurd size (zip bomb).")
    if len(PurePosixPath(name).name) > LONGEST_NAME:
        return _("its name is longer than 200 characters.")
    return ""
