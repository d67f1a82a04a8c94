"""What the checks look at, read once for all of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from django.utils import timezone

from portal.archives import file_access, store
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.inspection import metadata
from portal.archives.inspection.contents import Member, RecordEvents, members, record_events
from portal.archives.inspection.formats import Format, identify
from portal.archives.models import (
    CITED_ROLES,
    PACKAGE_ROLES,
    FileRole,
    InspectionStage,
    PoolItem,
    Record,
    RecordFile,
)

# Documents are read whole; hours of video are not. Only small ones stay in memory.
LARGEST_READ_WHOLE = 256 * 1024 * 1024
LARGEST_KEPT = 2 * 1024 * 1024
HEAD_BYTES = 16 * 1024


class Stored:
    """What the store has of a file: digests, size, the first bytes, and all when asked for.

    Attributes:
        digests: of the plain bytes, with their size.
        head: the first bytes.
        openable: whether it is small enough to be read whole.
    """

    def __init__(
        self, digests: store.StoredBytes, head: bytes, load: Callable[[], bytes] | None
    ) -> None:
        self.digests = digests
        self.head = head
        self.openable = load is not None
        self._load = load

    @property
    def body(self) -> bytes | None:
        """All bytes; None when there are too many. Large files are read anew each time."""
        return self._load() if self._load else None


class Inspected:
    """One record under inspection. Everything is read when a check first asks for it."""

    def __init__(self, record: Record, stage: InspectionStage) -> None:
        self.record = record
        self.stage = stage
        self.now: datetime.datetime = timezone.now()
        self.files: list[RecordFile] = list(
            # Sealed packages are made of what is checked here.
            RecordFile.objects.filter(record=record)
            .exclude(role=FileRole.SEALED_PACKAGE)
            .order_by("position", "pk")
        )
        self._stored: dict[int, Stored | None] = {}

    @cached_property
    def events(self) -> RecordEvents:
        """The ledger entries and payloads of the record."""
        return record_events(self.record)

    @cached_property
    def capture(self) -> dict[str, Any]:
        """What was captured; empty when it cannot be read."""
        return self.events.capture or {}

    @cached_property
    def process(self) -> list[dict[str, Any]]:
        """Who did what before the capture."""
        process = self.capture.get("process", [])
        return [event for event in process if isinstance(event, dict)]

    @cached_property
    def members(self) -> list[Member]:
        """The content files that the ledger proves."""
        return members(self.events)

    @cached_property
    def content(self) -> list[RecordFile]:
        """The rows of content files."""
        return [file for file in self.files if file.role not in PACKAGE_ROLES]

    @cached_property
    def cited(self) -> list[RecordFile]:
        """The rows of files that the record cites: its attachments and pictures."""
        return [file for file in self.files if file.role in CITED_ROLES]

    @cached_property
    def item(self) -> PoolItem | None:
        """What the pool proposes for the record."""
        return PoolItem.objects.filter(record=self.record).select_related("rule").first()

    @cached_property
    def class_code(self) -> str:
        """The class of the record, decided or proposed; empty before the pool."""
        proposed = self.item.archive_class_id if self.item else None
        return self.record.class_code or proposed or ""

    @cached_property
    def period(self) -> str:
        """The retention period, decided or proposed; empty before the pool."""
        return self.record.period or (self.item.period if self.item else "")

    def stored(self, file: RecordFile) -> Stored | None:
        """Return what the store has of a file, read once; None when it has nothing."""
        if file.pk not in self._stored:
            self._stored[file.pk] = self._read(file)
        return self._stored[file.pk]

    def _read(self, file: RecordFile) -> Stored | None:
        kept: list[bytes] = []
        length = 0

        def watched() -> Iterator[bytes]:
            nonlocal length
            for chunk in file_access.open_chunks(file):
                length += len(chunk)
                if length <= LARGEST_KEPT or not kept:
                    kept.append(chunk)
                yield chunk

        try:
            found = store.digests(watched())
        except (store.MissingFile, SealedUnreadable, OSError):
            # Whatever cannot be read is not there for a reader either.
            return None
        whole = b"".join(kept)
        if length <= LARGEST_KEPT:
            return Stored(found, whole[:HEAD_BYTES], lambda: whole)
        head = whole[:HEAD_BYTES]
        if length <= LARGEST_READ_WHOLE:
            return Stored(found, head, lambda: file_access.read(file))
        return Stored(found, head, None)

    def format_of(self, file: RecordFile) -> Format | None:
        """Return the format that the bytes of a file show; None when none is known."""
        found = self.stored(file)
        return identify(found.head, found.body) if found else None

    def document(self, role: str) -> RecordFile | None:
        """Return the row of a document of the package."""
        return next((file for file in self.files if file.role == role), None)

    def document_body(self, role: str) -> bytes | None:
        """Return the bytes of a document of the package; None when it is not there."""
        file = self.document(role)
        found = self.stored(file) if file else None
        return found.body if found else None

    def _root(self, role: str) -> Any | None:
        body = self.document_body(role)
        if body is None:
            return None
        try:
            return metadata.parse(body)
        except metadata.BadDocument:
            return None

    @cached_property
    def metadata(self) -> Any | None:
        """The root of 元数据.xml; None when it is missing or cannot be read."""
        return self._root(FileRole.METADATA)

    @cached_property
    def catalogue(self) -> list[dict[str, str]] | None:
        """The rows of 文件目录.xml; None when it is missing or cannot be read."""
        root = self._root(FileRole.CATALOGUE)
        return None if root is None else [dict(row.attrib) for row in root.findall("文件")]

    @cached_property
    def registration(self) -> dict[str, str] | None:
        """The fields of the registration form; None when it is missing or cannot be read."""
        root = self._root(FileRole.REGISTRATION)
        return None if root is None else {field.tag: field.text or "" for field in root}

    @cached_property
    def attributes(self) -> dict[str, dict[str, str]]:
        """The electronic attributes of each file in the metadata, by its path in the package."""
        if self.metadata is None:
            return {}
        found = {}
        for container in self.metadata.findall(f"{metadata.RECORD}/{metadata.ATTRIBUTES}"):
            values = {element.tag: element.text or "" for element in container}
            found[values.get("计算机文件名", "")] = values
        return found

    def member_of(self, file: RecordFile) -> Member | None:
        """Return what the ledger proves of a file's row: same role and digest."""
        return next(
            (
                member
                for member in self.members
                if (member.role, member.sha256, member.name) == (file.role, file.sha256, file.name)
            ),
            None,
        )

    def value(self, *path: str) -> str:
        """Return an element of the record's metadata; empty when there is none."""
        if self.metadata is None:
            return ""
        return metadata.first_value(self.metadata, *path) or ""
