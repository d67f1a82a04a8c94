"""The zip of photographs beside a workbook of old honors: nothing in it is trusted."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from honors.awards.import_table import Line, refuse
from portal.file_names import file_size
from portal.files.checking import CheckedUpload, check
from portal.files.refusals import FileRefused
from portal.files.zips import DAMAGED, file_key, is_dropping, member_name, unsafe
from portal.spreadsheets.faults import CellFault, SheetRefused

#: Each is decoded in a process of its own; more of them would not be done within one request.
MOST_PHOTOGRAPHS = 200
LARGEST_ZIP = 200 * 1024 * 1024
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".heic"})


def photographs(upload: Any, lines: list[Line], column: str) -> dict[int, CheckedUpload]:
    """Return the checked photographs by the row they belong to.

    Args:
        upload: the zip; None where no photograph is named.
        column: letter of the column that names them.

    Raises:
        SheetRefused: with every fault of the zip and of the rows; nothing is kept.
    """
    wanted = {line.row: line.values["photograph"] for line in lines if line.values["photograph"]}
    if upload is None:
        if wanted:
            raise refuse(_("Please choose the zip with the photographs, too."), min(wanted), column)
        return {}
    try:
        with zipfile.ZipFile(upload) as archive:
            found = _members(archive)
            _match(found, wanted, column)
            return _checked(archive, found, wanted, column)
    except zipfile.BadZipFile as error:
        raise refuse(_("The file with the photographs is no zip, or it is damaged.")) from error


def _members(archive: zipfile.ZipFile) -> dict[str, tuple[zipfile.ZipInfo, str]]:
    """Return the photographs of a zip by their key; nothing is unpacked.

    Raises:
        SheetRefused: what must not be in it.
    """
    infos = [(info, member_name(info)) for info in archive.infolist()]
    infos = [(info, name) for info, name in infos if not is_dropping(info, name)]
    if len(infos) > MOST_PHOTOGRAPHS:
        raise refuse(
            _("The zip has more than %(count)d photographs. Please split the workbook.")
            % {"count": MOST_PHOTOGRAPHS}
        )
    faults: list[CellFault] = []
    found: dict[str, tuple[zipfile.ZipInfo, str]] = {}
    for info, name in infos:
        reason = _reason(info, name)
        if not reason and file_key(name) in found:
            reason = _("another one has the same name. Rename one.")
        if reason:
            words = _("“%(name)s” in the zip: %(reason)s") % {"name": name[:120], "reason": reason}
            faults.append(CellFault(0, "", words))
        found.setdefault(file_key(name), (info, name))
    if faults:
        raise SheetRefused(faults)
    return found


def _reason(info: zipfile.ZipInfo, name: str) -> str:
    """Return why a member is not taken, empty when it may be."""
    if reason := unsafe(info, name):
        return reason
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        return _("only photographs as JPG, PNG or HEIC are taken.")
    if not info.file_size:
        return _("it is empty.")
    if info.file_size > settings.FILE_LARGEST_BYTES:
        return _("it is larger than %(size)s.") % {"size": file_size(settings.FILE_LARGEST_BYTES)}
    return ""


def _match(
    found: dict[str, tuple[zipfile.ZipInfo, str]], wanted: dict[int, str], column: str
) -> None:
    faults = []
    for row, name in wanted.items():
        if file_key(name) not in found:
            words = _("The zip has no “%(name)s”. Please check the name.") % {"name": name[:120]}
            faults.append(CellFault(row, column, words))
    named = {file_key(name) for name in wanted.values()}
    for key, (_info, name) in found.items():
        if key not in named:
            words = _("No row names “%(name)s” of the zip.") % {"name": name[:120]}
            faults.append(CellFault(0, "", words))
    if faults:
        raise SheetRefused(faults)


def _checked(
    archive: zipfile.ZipFile,
    found: dict[str, tuple[zipfile.ZipInfo, str]],
    wanted: dict[int, str],
    column: str,
) -> dict[int, CheckedUpload]:
    checked: dict[int, CheckedUpload] = {}
    faults = []
    for row, name in wanted.items():
        info, member = found[file_key(name)]
        try:
            upload = SimpleUploadedFile(PurePosixPath(member).name, _unpacked(archive, info))
            upload.content_type = ""
            checked[row] = check(upload)
        except FileRefused as refused:
            faults.append(CellFault(row, column, " ".join(refused.messages)))
        except DAMAGED:
            words = _("“%(name)s” is damaged in the zip. Pack the files again.") % {"name": member}
            faults.append(CellFault(row, column, words))
    for row, upload_checked in checked.items():
        if not upload_checked.media_type.startswith("image/"):
            faults.append(CellFault(row, column, _("This is no photograph.")))
    if faults:
        close_all(checked)
        raise SheetRefused(faults)
    return checked


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a member, never more than it says.

    Raises:
        BadZipFile: it holds more or less than it says.
    """
    with archive.open(info) as opened:
        body = opened.read(info.file_size + 1)
    if len(body) != info.file_size:
        raise zipfile.BadZipFile("The size in the directory is wrong.")
    return body


def close_all(checked: dict[int, CheckedUpload]) -> None:
    """Forget photographs that are not kept."""
    for upload in checked.values():
        upload.close()
