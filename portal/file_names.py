"""Formats and sizes of files as people write them."""

from __future__ import annotations

from pathlib import PurePath

from django.utils.translation import gettext as _


def file_size(size: int | None) -> str:
    """Return a size in bytes as people write it: 14 KB, 3.2 MB."""
    if not size:
        return "0 KB"
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def file_format(name: str) -> str:
    """Return the format of a file by its name, in capitals: "报名表.xlsx" gives "XLSX"."""
    return PurePath(str(name)).suffix.removeprefix(".").upper() or _("File")
