"""What can be captured: sources register how their committed state is read."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.archives.models import Record, RecordFile


class UnknownSource(LookupError):
    """No source is registered under this kind."""


@dataclass(frozen=True)
class CitedFile:
    """A file the captured content cites, pinned by its digest."""

    role: str
    object_id: int
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ContentPart:
    """A readable piece of captured content.

    Attributes:
        key: the same for the same field or block in every version.
        label: its name for readers.
        text: what it says, lines divided by line feeds.
    """

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class CapturedState:
    """The committed state of a source: what the record says and what it pins.

    Attributes:
        subkind: tells kinds apart that are filed differently; empty where a kind has none.
        content: what is published, in plain values; the digest covers it.
        shown: words around the content as readers saw them (labels, names of units); in the
            payload for the rendition, outside the digest, because they may be renamed.
        process: who drafted, reviewed and published, when; in the payload, not the digest.
        access_level: who reads the record at first, a value of `AccessLevel`.
    """

    kind: str
    title: str
    business_date: datetime.date
    content: dict[str, Any]
    shown: dict[str, Any] = field(default_factory=dict)
    subkind: str = ""
    unit_id: int | None = None
    reference: str = ""
    files: list[CitedFile] = field(default_factory=list)
    process: list[dict[str, Any]] = field(default_factory=list)
    actor_id: int | None = None
    late: bool = False
    reason: str = ""
    access_level: str = "internal"

    def __post_init__(self) -> None:
        """Refuse moments without a time zone: the checks of the archive could not compare them.

        Raises:
            ValueError: an event of the process has one.
        """
        for event in self.process:
            moment = event.get("at")
            if isinstance(moment, str):
                moment = parse_datetime(moment)
            if moment is not None and timezone.is_naive(moment):
                raise ValueError(f"{self.kind}: {event['action']} has a moment without a time zone")


class Source(Protocol):
    """A registered kind of thing that is captured."""

    kind: ClassVar[str]
    file_models: ClassVar[dict[str, str]]

    def kinds(self) -> dict[str, Any]:
        """Return the codes and names of what the source publishes."""

    def subkinds(self, kind: str) -> dict[str, Any]:
        """Return the codes and names of what is told apart within a kind."""

    def rendition_context(self, record: Record, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the context of the archive copy, from the captured payload alone."""

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return the names of those named in the facts of what was captured."""

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return what was captured as readable text, field by field and block by block."""

    def origin(self, source_id: str) -> dict[str, str] | None:
        """Return title and url of what a record came from, while it is published."""

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return what is published now, read from the database, or None if nothing is.

        Called inside the transaction, right before its commit. May write what belongs to
        the publication and may refuse by raising, which rolls everything back.
        """

    def state_of(self, source_id: str) -> CapturedState | None:
        """Return what is published now, or None if nothing is.

        Unlike `committed_state` it only reads, and needs no transaction.
        """

    def accept_capture(self, source_id: str, state: CapturedState) -> None:
        """Called before a new version is written; raise to refuse it."""

    def ended(self, source_id: str, using: str) -> dict[str, Any]:
        """Return the payload of the event that ends the source's publication."""

    def title_of(self, source_id: str) -> str:
        """Return the title of a published item, for reports."""

    def published_ids(self, using: str) -> set[str]:
        """Return the ids of everything that is published, for the reconciliation."""


def written_rendition(
    record: Record,
    payload: dict[str, Any],
    facts: list[list[str]],
    blocks: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the context of an archive copy that has no page: facts in words, and attachments.

    Args:
        facts: label and text of each, in order.
        blocks: what follows the facts, as the blocks of a page are.
    """
    shown = payload["shown"]
    return {
        "title": payload["title"],
        "kind_name": shown["kind_name"],
        "unit_name": shown["unit_name"],
        "reference": payload["reference"],
        "business_date": parse_date(payload["business_date"]),
        "published_at": None,
        "facts": facts,
        "summary": "",
        "picture": "",
        "blocks": blocks or [],
        "record_id": record.pk,
        "version": payload["version"],
        "content_sha256": payload["content_sha256"],
        "late": payload["late"],
    }


def attached(payload: dict[str, Any], title: str) -> dict[str, Any]:
    """Return the block that lists the files of a payload by name and digest."""
    files = [{**file, "description": ""} for file in payload["files"]]
    return {"type": "attachments", "title": title, "attachments": files}


@runtime_checkable
class ReadsOriginals(Protocol):
    """A source whose files do not lie open in the library."""

    def original_chunks(self, file: RecordFile) -> Iterator[bytes]:
        """Read the plain bytes of a cited file."""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Register a source once, when its application is ready."""
    _sources[source.kind] = source


def source(kind: str) -> Source:
    """Return the source of a kind.

    Raises:
        UnknownSource: nothing is registered under it.
    """
    try:
        return _sources[kind]
    except KeyError as error:
        raise UnknownSource(f"No archive source is registered as {kind}.") from error


def sources() -> list[Source]:
    """Return all registered sources."""
    return list(_sources.values())


def publishable_kinds() -> dict[str, Any]:
    """Return codes and names of everything that can become a record."""
    return {code: name for found in sources() for code, name in found.kinds().items()}


def subkinds_of(kind: str) -> dict[str, Any]:
    """Return codes and names of what is told apart within a kind."""
    return {code: name for found in sources() for code, name in found.subkinds(kind).items()}
