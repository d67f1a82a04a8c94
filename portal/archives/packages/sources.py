"""What goes into a package: the record's files as the ledger proves them, read and compared."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from portal.archives import file_access, ledger, store
from portal.archives.access.payloads import OpenedPayload
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.inspection.contents import (
    PACKAGE,
    SEAL,
    Member,
    RecordEvents,
    members,
    record_events,
)
from portal.archives.models import (
    CITED_ROLES,
    PACKAGE_ROLES,
    Conversion,
    FileRole,
    LedgerEntry,
    Record,
    RecordFile,
    RenderStatus,
    SealedPackage,
)
from portal.archives.packages.eep import EntryProof, FileProof, Former
from portal.archives.packages.refusals import SourceDamaged, SourcesNotReady
from portal.archives.renders import RENDITION

#: A larger file stays outside and is named by its digest; so does what would make the package
#: larger than the second number (bytes).
LARGEST_INSIDE = 16 * 1024 * 1024
LARGEST_TOGETHER = 64 * 1024 * 1024
#: These stay outside whatever their size: a PDF reader of later years need not play them.
OUTSIDE_TYPES = ("audio/", "video/")


@dataclass(frozen=True)
class Embedded:
    """A file that goes into the package."""

    name: str
    media_type: str
    relationship: str
    body: bytes


@dataclass(frozen=True)
class Sources:
    """Everything a package of a record is made of.

    Attributes:
        basis: number of the newest entry that changed what the package says.
        text: the PDF of the text; process_sheet: that of the process sheet.
        metadata: the XML of the record's metadata as the ledger proves it.
        embedded: what goes inside.
        opened: payloads that open entries about files, with their salts.
    """

    record: Record
    basis: int
    events: RecordEvents
    members: list[Member]
    text: bytes
    process_sheet: bytes
    metadata: bytes
    embedded: list[Embedded]
    files: list[FileProof]
    entries: list[EntryProof]
    opened: list[dict[str, str]]
    former: Former | None


#: Their pages are those of the package, however large they are.
SHOWN_ROLES = (FileRole.DOCUMENT_COPY, FileRole.PROCESS_SHEET)
RELATIONSHIPS: dict[str, str] = {
    FileRole.DOCUMENT_COPY: "/Source",
    FileRole.SNAPSHOT: "/Source",
    FileRole.CONVERSION: "/Alternative",
    FileRole.METADATA: "/Data",
    FileRole.CATALOGUE: "/Data",
    FileRole.DESCRIPTION: "/Data",
    FileRole.REGISTRATION: "/Data",
}


def inside_name(member: Member) -> str:
    """Return the name of a content file inside the package."""
    return member.path.rpartition("/")[2]


def stays_outside(media_type: str, size: int) -> bool:
    """Whether a file is named by its digest instead of being embedded."""
    return media_type.startswith(OUTSIDE_TYPES) or size > LARGEST_INSIDE


def _read(file: RecordFile, sha256: str) -> bytes:
    """Return the bytes of a file, which must be those that the ledger proves.

    Raises:
        SourceDamaged: they are others, or gone.
    """
    try:
        body = file_access.read(file)
    except (store.MissingFile, SealedUnreadable) as error:
        raise SourceDamaged(f"{file.name}: {error}") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise SourceDamaged(f"{file.name}: {sha256[:12]}")
    return body


def _refuse_unready(record: Record) -> None:
    if record.render.status != RenderStatus.DONE:
        raise SourcesNotReady("The files of the record are still being made.")
    waiting = Conversion.objects.filter(
        file__record=record, status__in=(RenderStatus.WAITING, RenderStatus.LEASED)
    )
    # An attachment whose format was not looked at yet may still get its PDF/A.
    unnamed = record.files.filter(format_name="", role__in=CITED_ROLES)
    if waiting.exists() or unnamed.exists():
        raise SourcesNotReady("Attachments are still being converted.")


def collect(record: Record) -> Sources:
    """Read everything the next package of a record is made of.

    Raises:
        SourcesNotReady: the worker has not made all files yet.
        SourceDamaged: a stored file is not what the ledger proves.
    """
    _refuse_unready(record)
    events = record_events(record)
    content = members(events)
    rows = {(file.role, file.sha256): file for file in record.files.all()}
    if events.package is None or not events.package_is_current:
        raise SourcesNotReady("The metadata of the record are not written yet.")
    embedded: list[Embedded] = []
    files: list[FileProof] = []
    bodies: dict[str, bytes] = {}
    together = 0
    for member in content:
        file = rows.get((member.role, member.sha256))
        if file is None:
            raise SourceDamaged(f"{member.name} is missing.")
        outside = stays_outside(member.media_type, member.size)
        if not outside and together + member.size > LARGEST_TOGETHER:
            outside = True
        name = inside_name(member)
        if not outside or member.role in SHOWN_ROLES:
            body = _read(file, member.sha256)
            bodies.setdefault(member.role, body)
        if not outside:
            together += member.size
            relationship = RELATIONSHIPS.get(member.role, "/Supplement")
            embedded.append(Embedded(name, member.media_type, relationship, body))
        files.append(
            FileProof(name, member.role, member.size, member.sha256, member.sm3, not outside)
        )
    for described in events.package["files"]:
        if described["role"] not in PACKAGE_ROLES:
            continue
        file = rows.get((described["role"], described["sha256"]))
        if file is None:
            raise SourceDamaged(f"{described['name']} is missing.")
        body = _read(file, described["sha256"])
        bodies.setdefault(described["role"], body)
        embedded.append(Embedded(described["name"], described["media_type"], "/Data", body))
        files.append(
            FileProof(
                name=described["name"],
                role=described["role"],
                size=described["size"],
                sha256=described["sha256"],
                sm3=described["sm3"],
                embedded=True,
            )
        )
    former, former_body = _former(record)
    if former is not None and former_body is not None:
        embedded.append(Embedded(former.embedded_as, "application/pdf", "/Supplement", former_body))
    missing = {FileRole.DOCUMENT_COPY, FileRole.PROCESS_SHEET, FileRole.METADATA} - bodies.keys()
    if missing:
        raise SourceDamaged(f"Missing: {', '.join(sorted(missing))}.")
    entries, opened = _entries(events)
    return Sources(
        record=record,
        basis=events.newest_change,
        events=events,
        members=content,
        text=bodies[FileRole.DOCUMENT_COPY],
        process_sheet=bodies[FileRole.PROCESS_SHEET],
        metadata=bodies[FileRole.METADATA],
        embedded=embedded,
        files=files,
        entries=entries,
        opened=opened,
        former=former,
    )


def _former(record: Record) -> tuple[Former | None, bytes | None]:
    """Return the package that the next one corrects, with its bytes where it goes inside.

    The former layer of the same record goes inside whole. The package of the version that this
    record replaces is a record of its own and is named by its digest.
    """
    newest = SealedPackage.objects.filter(record=record).select_related("file").last()
    if newest is not None:
        inside = newest.file.size <= LARGEST_INSIDE
        name = f"原封装包-第{newest.layer}层.pdf" if inside else ""
        former = Former(str(record.pk), newest.layer, newest.file.sha256, newest.file.size, name)
        return former, _read(newest.file, newest.file.sha256) if inside else None
    replaced = (
        SealedPackage.objects.filter(record_id=record.previous_id).select_related("file").last()
        if record.previous_id
        else None
    )
    if replaced is None:
        return None, None
    named = Former(
        str(replaced.record_id), replaced.layer, replaced.file.sha256, replaced.file.size
    )
    return named, None


def proofs_of(entries: list[LedgerEntry]) -> list[EntryProof]:
    """Return ledger rows with what is known of when and by whom; those of erased ones are bare."""
    payloads = ledger.payloads_of(entry.sequence for entry in entries)
    return [_proof(entry, _object(payloads.get(entry.sequence))) for entry in entries]


def _entries(events: RecordEvents) -> tuple[list[EntryProof], list[dict[str, str]]]:
    """Return the ledger rows of a record, and what opens those that name its files."""
    payloads = ledger.payloads_of(entry.sequence for entry in events.entries)
    proofs, opened = [], []
    for entry in events.entries:
        payload = payloads.get(entry.sequence)
        body = _object(payload)
        proofs.append(_proof(entry, body))
        if payload is not None and entry.kind in (RENDITION, PACKAGE, "conversion", SEAL):
            opened.append(
                {"sequence": str(entry.sequence), "salt": payload.salt, "body": payload.body}
            )
    return proofs, opened


def _object(payload: OpenedPayload | None) -> dict[str, Any]:
    if payload is None or payload.refusal is not None:
        return {}
    loaded = json.loads(payload.body)
    return loaded if isinstance(loaded, dict) else {}


def _proof(entry: LedgerEntry, body: dict[str, Any]) -> EntryProof:
    written = next(
        (
            body[key]
            for key in ("at", "captured_at", "finished_at", "made_at", "inspected_at")
            if body.get(key)
        ),
        "",
    )
    moment = parse_datetime(str(written)) if written else None
    return EntryProof(
        sequence=entry.sequence,
        kind=entry.kind,
        record=str(entry.record_id),
        commitment=entry.commitment,
        previous_hash=entry.previous_hash,
        entry_hash=entry.entry_hash,
        at=localtime(moment).isoformat("T", "seconds") if moment else "",
        person=str(body.get("person") or ""),
    )


def outside_of(package: SealedPackage) -> list[RecordFile]:
    """Return the files that the newest package of a record names and does not hold.

    Raises:
        SourceDamaged: the ledger entry that says so cannot be read, or a file is gone.
    """
    entries = LedgerEntry.objects.filter(record_id=package.record_id, kind=SEAL)
    sequence = entries.order_by("-sequence").values_list("sequence", flat=True).first()
    payload = ledger.payloads_of([sequence]).get(sequence) if sequence is not None else None
    said = _object(payload)
    if "outside" not in said:
        raise SourceDamaged(f"{package.file.name}: its ledger entry cannot be read.")
    wanted = said["outside"]
    rows = RecordFile.objects.filter(record_id=package.record_id, sha256__in=wanted)
    found = {file.sha256: file for file in rows}
    if missing := set(wanted) - found.keys():
        raise SourceDamaged(f"{package.file.name}: {', '.join(sorted(missing))} is missing.")
    return [found[sha256] for sha256 in wanted]
