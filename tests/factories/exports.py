"""Exports of the archive for tests: ordered and made by the worker."""

from __future__ import annotations

from typing import Any

from portal.archives.models import PackageExport
from portal.archives.packages.exports import services
from portal.archives.packages.exports.selection import Selection
from portal.files import services as files


def made(kind: str, by: Any, **chosen: Any) -> PackageExport:
    """Order an export and let the worker make it."""
    ordered = services.order(kind, Selection(**chosen), by)
    while services.work_once("the worker"):
        pass
    return PackageExport.objects.select_related("file").get(pk=ordered.pk)


def body_of(export: PackageExport) -> bytes:
    """What was made."""
    assert export.file is not None, export.problem or export.last_error
    return b"".join(files.read(export.file))
