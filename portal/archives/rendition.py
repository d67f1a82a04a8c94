"""Make the files of a record from what was captured, not from what is live now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import override

from portal.archives import store
from portal.archives.access.vault import Vault, vault_of
from portal.archives.capture import capture_payload
from portal.archives.details import EVENT_NAMES
from portal.archives.models import FileRole, Record, RecordFile
from portal.archives.pdf import pdf_from_html
from portal.archives.sources import ReadsOriginals, source


class PinnedFileChanged(RuntimeError):
    """A cited file no longer has the bytes that were published."""


@dataclass(frozen=True)
class MadeFile:
    """One file of a record, made or copied, by its digest in the store."""

    role: str
    name: str
    media_type: str
    stored: store.StoredBytes
    file_id: int | None = None
    sealed: bool = False


def original_chunks(file: RecordFile) -> Iterator[bytes]:
    """Read the bytes of a cited file from the library, or from where its source keeps it.

    Raises:
        ObjectDoesNotExist: the library no longer has it.
        OSError: its bytes cannot be read.
    """
    origin = source(file.record.source_kind)
    if isinstance(origin, ReadsOriginals):
        yield from origin.original_chunks(file)
        return
    model = apps.get_model(origin.file_models[file.role])
    row: Any = model._default_manager.get(pk=file.source_object_id)
    with row.file.storage.open(row.file.name, "rb") as opened:
        yield from iter(lambda: opened.read(store.CHUNK_BYTES), b"")


def copy_cited(record: Record, vault: Vault | None = None) -> Iterable[MadeFile]:
    """Copy the originals of all cited files into the store, checking each against its pin.

    Raises:
        PinnedFileChanged: the bytes are not those that were published.
        SealedUnreadable: the record is sealed and its key cannot be opened.
    """
    vault = vault or vault_of(record)
    for file in record.files.filter(source_object_id__isnull=False):
        if vault.exists(file.sha256):
            stored = vault.digests(file.sha256)
        else:
            stored = vault.put(original_chunks(file))
        if stored.sha256 != file.sha256:
            raise PinnedFileChanged(
                f"{file.name}: published {file.sha256[:12]}, found {stored.sha256[:12]}."
            )
        yield MadeFile(file.role, file.name, file.media_type, stored, file.pk, vault.sealed)


def process_sheet_context(record: Record, payload: dict[str, Any]) -> dict[str, Any]:
    """Return what the process sheet (阅办单) shows: who did what, when."""
    return {
        "title": payload["title"],
        "record_id": record.pk,
        "version": payload["version"],
        "kind_name": payload["shown"].get("kind_name", payload["kind"]),
        "unit_name": payload["shown"].get("unit_name", ""),
        "reference": payload["reference"],
        "business_date": parse_date(payload["business_date"]),
        "captured_at": parse_datetime(payload["captured_at"]),
        "late": payload["late"],
        "reason": payload["reason"],
        "events": [
            {
                "name": EVENT_NAMES.get(event["action"], event["action"]),
                "person": event["person"],
                "at": parse_datetime(event["at"]) if event["at"] else None,
                "remark": event["remark"],
            }
            for event in payload["process"]
        ],
        "files": payload["files"],
        "content_sha256": payload["content_sha256"],
    }


def make_files(record: Record) -> list[MadeFile]:
    """Make snapshot, PDF/A and process sheet of a record and copy its originals.

    Needs no knowledge of earlier attempts: the store keeps one copy of equal bytes. What is
    made of a sealed record is put together in memory and reaches the disk sealed only.

    Raises:
        PinnedFileChanged: a cited file has other bytes than those published.
        SealedUnreadable: the record is sealed and its key cannot be opened.
    """
    payload = capture_payload(record)
    vault = vault_of(record)
    made = list(copy_cited(record, vault))
    with override("zh-hans"):
        context = source(record.source_kind).rendition_context(record, payload)
        html = render_to_string("archives/rendition/page.html", context)
        sheet = render_to_string(
            "archives/rendition/process_sheet.html", process_sheet_context(record, payload)
        )

    def keep(role: str, name: str, media_type: str, body: bytes) -> None:
        stored = vault.put([body])
        made.append(MadeFile(role, name, media_type, stored, sealed=vault.sealed))

    pdf = "application/pdf"
    keep(FileRole.DOCUMENT_COPY, f"{record.title[:60]}.pdf", pdf, pdf_from_html(html))
    keep(FileRole.SNAPSHOT, "页面快照.html", "text/html", html.encode())
    keep(FileRole.PROCESS_SHEET, "阅办单.pdf", pdf, pdf_from_html(sheet))
    return made


MADE_POSITIONS = {FileRole.DOCUMENT_COPY: 0, FileRole.SNAPSHOT: 1, FileRole.PROCESS_SHEET: 2}


def save_files(record: Record, made: list[MadeFile], moment: Any) -> None:
    """Write the rows of made files and mark copied originals as stored."""
    for file in made:
        if file.file_id is not None:
            RecordFile.objects.filter(pk=file.file_id).update(
                stored_at=moment, sm3=file.stored.sm3, sealed=file.sealed
            )
            continue
        RecordFile.objects.update_or_create(
            record=record,
            role=file.role,
            source_object_id=None,
            defaults={
                "name": file.name,
                "position": MADE_POSITIONS[FileRole(file.role)],
                "media_type": file.media_type,
                "size": file.stored.size,
                "sha256": file.stored.sha256,
                "sm3": file.stored.sm3,
                "stored_at": moment,
                "sealed": file.sealed,
            },
        )
