"""Prove of uploaded files that the database and the folders belong together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from portal.archives.sources import sources
from portal.archives.store import CHUNK_BYTES
from portal.files import services as private_files
from portal.files.models import StoredFile
from portal.files.refusals import FileUnreadable

ROWS_AT_ONCE = 500
Fault = dict[str, str]


def upload_faults() -> Iterator[Fault | None]:
    """Yield for each uploaded file what is wrong with it, or None when it is as it was.

    Files of the library are compared with the SHA-256 of their rows; private files are opened
    with their keys and compared as well.
    """
    for label in sorted(_library_models()):
        for row in apps.get_model(label)._default_manager.iterator(ROWS_AT_ONCE):
            yield _library_fault(label, row)
    for file in StoredFile.objects.iterator(ROWS_AT_ONCE):
        yield _private_fault(file)


def _library_models() -> set[str]:
    """The tables whose rows have a file in `MEDIA_ROOT` and its digest."""
    labels = {label for source in sources() for label in source.file_models.values()}
    wanted = {"file", "sha256", "pinned_name"}
    return {
        label
        for label in labels
        if wanted <= {field.name for field in apps.get_model(label)._meta.get_fields()}
    }


def _library_fault(label: str, row: Any) -> Fault | None:
    place = f"{label} {row.pk}: {row.file.name}"
    try:
        with row.file.storage.open(row.file.name, "rb") as opened:
            found = _digest(iter(lambda: opened.read(CHUNK_BYTES), b""))
    except OSError:
        return {"place": place, "problem": "its file is missing"}
    if found != row.sha256:
        return {"place": place, "problem": "its file has another SHA-256"}
    return None


def _private_fault(file: StoredFile) -> Fault | None:
    place = f"files.StoredFile {file.pk}"
    try:
        found = _digest(private_files.read(file))
    except FileUnreadable:
        return {"place": place, "problem": "its bytes are missing, or no key opens them"}
    if found != file.sha256:
        return {"place": place, "problem": "its bytes have another SHA-256"}
    return None


def _digest(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
