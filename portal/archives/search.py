"""Words inside records: what was published, not what the page says today."""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.rich_text import get_text_for_indexing

from portal.archives.access.refusals import SealedUnreadable
from portal.archives.capture import capture_payload
from portal.archives.models import (
    AccessLevel,
    EntryPayload,
    LedgerEntry,
    Record,
    Render,
    RenderStatus,
)
from portal.archives.querysets import RecordQuerySet
from portal.search import storage
from portal.search.queries import matching as matching_index

logger = logging.getLogger(__name__)

#: Records that wait for their files are looked through by title only, the newest this many.
WAITING_RECORDS = 200


def matching(records: RecordQuerySet, words: str) -> RecordQuerySet:
    """Return the records that have all words, in their text, their number or their files' names.

    The text of a record enters the index when the worker has made its files; until then it is
    found by title and document number. So are controlled records at any time.
    """
    unmade = [status for status in RenderStatus if status != RenderStatus.DONE]
    waiting = records.filter(render__status__in=unmade)
    # Of controlled records the index has no words.
    controlled = records.filter(access_level=AccessLevel.CONTROLLED)
    for word in words.split():
        named = Q(title__icontains=word) | Q(reference__icontains=word)
        waiting, controlled = waiting.filter(named), controlled.filter(named)
    fresh = list(waiting.order_by("-captured_at").values_list("pk", flat=True)[:WAITING_RECORDS])
    fresh += controlled.order_by("-business_date").values_list("pk", flat=True)[:WAITING_RECORDS]
    indexed = matching_index(Record.objects.all(), words).values("pk")
    return records.filter(Q(pk__in=indexed) | Q(pk__in=fresh))


def index_record(record: Record) -> None:
    """Put the text of a record into the search index, and its people where they are found."""
    from portal.archives.retrieval.people import write_people

    storage.write(Record, [record])
    write_people(record)


def index_again(record: Record) -> None:
    """Index a record anew whose unit or level changed; without files it is not indexed at all."""
    if not Render.objects.filter(record=record, status=RenderStatus.DONE).exists():
        return
    try:
        index_record(record)
    except SealedUnreadable:
        # The place of a record must be changeable without its key; the nightly round tries again.
        logger.warning("Record %s could not be indexed anew: its key is missing.", record.pk)


def record_moment(record: Record) -> datetime.datetime:
    """Return what newest-first order goes by: the date of the record, then of its capture."""
    captured = timezone.localtime(record.captured_at)
    return datetime.datetime.combine(record.business_date, captured.timetz())


def record_text(record: Record) -> str:
    """Return the words of a record from its captured payload, empty when that is gone.

    Of a controlled record, whose payload is sealed so that few can read it, the index has only
    its code, class and year.

    Raises:
        SealedUnreadable: the payload is sealed and cannot be opened.
    """
    if record.access_level == AccessLevel.CONTROLLED:
        return "\n".join([record.archive_code or "", record.class_code, str(record.year)])
    try:
        payload = capture_payload(record)
    except (EntryPayload.DoesNotExist, LedgerEntry.DoesNotExist):
        # Destroyed, or lost by somebody's hand; that is for the checks to say.
        return ""
    shown = payload.get("shown", {})
    fields = payload["content"].get("fields", payload["content"])
    lines = [
        record.reference,
        *_strings([value for name, value in fields.items() if name != "audience"]),
        *_strings(shown.get("facts", [])),
        shown.get("unit_name", ""),
        *(str(file.get("name", "")) for file in payload.get("files", [])),
    ]
    return "\n".join(line for line in lines if line)


def _strings(value: Any) -> Iterator[str]:
    """Yield the readable texts of captured content, StreamField blocks included."""
    if isinstance(value, dict):
        # A block of a StreamField: its type and identifier are not words.
        inner = value["value"] if {"type", "value"} <= value.keys() else list(value.values())
        yield from _strings(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str) and value:
        if value[0] in "[{":
            try:
                yield from _strings(json.loads(value))
                return
            except ValueError:
                # It only looks like blocks; it is text.
                pass
        yield get_text_for_indexing(value) if "<" in value else value
