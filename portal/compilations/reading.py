"""A compilation as one reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.rich_text import RichText

from portal.archives.models import AccessLevel, FileRole, Record, RecordState
from portal.compilations.citing import readable_among
from portal.compilations.models import CompilationPage
from portal.pages.models import Publication
from portal.publishing.queue import PAGE_SOURCE


@dataclass(frozen=True)
class Entry:
    """One record of a section.

    Attributes:
        page_url: of the published page it came from, if the reader may read that now.
        is_newer: whether the page says something newer than the record.
        record_url: of the record page, if the reader may open it.
    """

    record: Record
    note: str
    page_url: str
    is_newer: bool
    record_url: str

    @property
    def is_destroyed(self) -> bool:
        """Whether only the code and this line are left."""
        return self.record.state == RecordState.DESTROYED

    @property
    def is_withdrawn(self) -> bool:
        """Whether the record is kept, but what it came from is no longer published."""
        return not self.is_destroyed and self.record.ended_at is not None

    @property
    def url(self) -> str:
        """Where the title leads: to the page readers know, else to the record."""
        return self.page_url or self.record_url


@dataclass(frozen=True)
class Chapter:
    """One section with the entries that the reader may see."""

    title: str
    introduction: RichText | None
    entries: list[Entry]


class _Reach:
    """What one reader may open of some records; two queries for all of them."""

    def __init__(self, records: Iterable[Record], user: Any) -> None:
        listed = list(records)
        self._readable = readable_among(listed, user)
        pages = [page_id for record in listed if (page_id := _page_of(record)) is not None]
        visible = Publication.objects.visible_to(user).filter(page_id__in=pages) if pages else []
        self._addresses = {publication.page_id: publication.url for publication in visible}
        self._newest = set(_newest(listed))

    def _page_url(self, record: Record) -> str:
        page_id = _page_of(record)
        return self._addresses.get(page_id, "") if page_id is not None else ""

    def entry(self, record: Record, note: str) -> Entry | None:
        """Return the entry of a record; None if the reader must not learn of it.

        Open records are named to everybody who reads the page, internal ones to those who read
        the record or the very version that is published, controlled ones to those who read the
        record.
        """
        page_url, readable = self._page_url(record), record.pk in self._readable
        newest = record.pk in self._newest
        published = bool(page_url) and newest and record.ended_at is None
        if not readable and not (
            record.access_level == AccessLevel.OPEN
            or (record.access_level == AccessLevel.INTERNAL and published)
        ):
            return None
        gone = record.state == RecordState.DESTROYED
        return Entry(
            record=record,
            note="" if gone else note,
            page_url="" if gone else page_url,
            is_newer=bool(page_url) and not newest,
            record_url=record.get_absolute_url() if readable else "",
        )


def _page_of(record: Record) -> int | None:
    is_page = record.source_kind == PAGE_SOURCE and record.source_id.isdecimal()
    return int(record.source_id) if is_page else None


def _newest(records: list[Record]) -> Iterable[Any]:
    keys = [record.pk for record in records]
    return Record.objects.filter(pk__in=keys, next__isnull=True).values_list("pk", flat=True)


def chapters_for(page: CompilationPage, user: Any) -> tuple[list[Chapter], bool]:
    """Return the sections as an account may see them, and whether something was left out."""
    reach = _Reach(page.cited_records(), user)
    chapters, left_out = [], False
    for chapter in page.chapters:
        entries = []
        for cited in chapter.value["records"]:
            if cited["record"] is None:
                continue
            entry = reach.entry(cited["record"], cited["note"])
            if entry is None:
                left_out = True
            else:
                entries.append(entry)
        introduction = chapter.value["introduction"]
        chapters.append(Chapter(chapter.value["title"], introduction, entries))
    return chapters, left_out


def compilation_context(page: CompilationPage, user: Any, record: Record | None) -> dict[str, Any]:
    """Return the sections for a reader, and the PDF where the reader may open the record."""
    chapters, left_out = chapters_for(page, user)
    pdf = None
    if record is not None:
        stored = record.files.filter(role=FileRole.DOCUMENT_COPY, stored_at__isnull=False)
        pdf = stored.first()
    return {
        "chapters": chapters,
        "left_out": left_out,
        "entry_count": sum(len(chapter.entries) for chapter in chapters),
        "pdf": pdf,
    }
