"""What a record's package should contain, from the ledger alone: never from the rows it checks."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from portal.archives import ledger
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.canonical import digest
from portal.archives.capture import CAPTURE, LATE_CAPTURE
from portal.archives.models import EntryPayload, FileRole, LedgerEntry, Record
from portal.archives.renders import RENDITION

PACKAGE = "package"
INSPECT = "inspect"
# Proves the sealed packages, which hold the content and are no part of it.
SEAL = "seal"
# After these the class, the period, the code or the files of a record may lawfully differ.
CHANGES = frozenset(
    {
        *("rendition", "intake", "apart", "bring-in", "correct", "accept", "void-code"),
        *("access-level", "conversion"),
    }
)

FOLDERS: dict[str, str] = {
    FileRole.DOCUMENT_COPY: "正文",
    FileRole.SNAPSHOT: "正文",
    FileRole.PROCESS_SHEET: "过程",
}
OTHER_FOLDER = "附件"
_ORDER: dict[str, int] = {
    FileRole.DOCUMENT_COPY: 0,
    FileRole.PROCESS_SHEET: 1,
    FileRole.SNAPSHOT: 2,
}
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
LONGEST_NAME = 120


@dataclass(frozen=True)
class Member:
    """One content file of a package as the ledger proves it.

    Attributes:
        order: place in the package, from 1, without gaps.
        path: where it lies in the package.
    """

    order: int
    path: str
    role: str
    name: str
    media_type: str
    size: int
    sha256: str
    sm3: str


@dataclass(frozen=True)
class RecordEvents:
    """What the ledger has of a record: its entries and the payloads that describe it.

    A payload is None when there is no entry, or when it was erased or cannot be read.
    """

    entries: list[LedgerEntry]
    capture: dict[str, Any] | None
    rendition: dict[str, Any] | None
    package: dict[str, Any] | None
    additions: list[dict[str, Any]]

    @property
    def package_is_current(self) -> bool:
        """Whether the documents were made after the last event that may change them."""
        made = [entry.sequence for entry in self.entries if entry.kind == PACKAGE]
        return bool(made) and max(made) > self.newest_change

    @property
    def newest_change(self) -> int:
        """The number of the last event that may change the documents; 0 without one."""
        changed = (entry.sequence for entry in self.entries if entry.kind in CHANGES)
        return max(changed, default=0)


def _readable(entry: LedgerEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    try:
        payload = ledger.payload_of(entry.sequence)
    except (EntryPayload.DoesNotExist, json.JSONDecodeError, SealedUnreadable):
        return None
    return payload if isinstance(payload, dict) else None


def record_events(record: Record) -> RecordEvents:
    """Read the ledger entries of a record."""
    from portal.archives.verification import PROVEN_BY

    entries = list(LedgerEntry.objects.filter(record_id=record.pk).order_by("sequence"))

    def latest(*kinds: str) -> dict[str, Any] | None:
        return _readable(next((e for e in reversed(entries) if e.kind in kinds), None))

    additions = [latest(kind) for kind in PROVEN_BY if kind not in (PACKAGE, SEAL)]
    return RecordEvents(
        entries=entries,
        capture=latest(CAPTURE, LATE_CAPTURE),
        rendition=latest(RENDITION),
        package=latest(PACKAGE),
        additions=[payload for payload in additions if payload is not None],
    )


def safe_name(name: str) -> str:
    """Return a file name that every file system and medium can hold."""
    cleaned = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or "未命名"
    if len(cleaned) <= LONGEST_NAME:
        return cleaned
    stem, point, ending = cleaned.rpartition(".")
    if not point or len(ending) > 10:
        return cleaned[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def members(events: RecordEvents) -> list[Member]:
    """Return the content files that the ledger proves, in their order in the package.

    The text comes first, then the process sheet, then the attachments in the order in which
    the record cites them.
    """
    files: list[dict[str, Any]] = []
    for payload in (events.rendition, *events.additions):
        listed = payload.get("files", []) if payload else []
        files += [file for file in listed if isinstance(file, dict)]
    ordered = sorted(files, key=lambda file: _ORDER.get(file.get("role", ""), 9))
    return [
        Member(
            order=order,
            path=f"{FOLDERS.get(file['role'], OTHER_FOLDER)}/{order:02d}-{safe_name(file['name'])}",
            role=file["role"],
            name=file["name"],
            media_type=file["media_type"],
            size=file["size"],
            sha256=file["sha256"],
            sm3=file["sm3"],
        )
        for order, file in enumerate(ordered, start=1)
    ]


def contents_digest(items: list[tuple[str, str, int, str]]) -> str:
    """Return one digest over a set of files: role, name, size and SHA-256 of each."""
    return digest(sorted(list(item) for item in items))
