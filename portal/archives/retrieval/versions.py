"""An item as it was on a day: which version was published then, and what it said."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.archives.capture import capture_payload
from portal.archives.models import EntryPayload, Record
from portal.archives.querysets import RecordQuerySet
from portal.archives.sources import ContentPart, source
from portal.archives.timeline import PROCESS_KINDS, timeline


class NotReadable(LookupError):
    """What was captured with the record was destroyed; the text says so, as the time line does."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The state of an item at the end of a day.

    Attributes:
        record: the version that was published then; None if there was none or it is hidden.
        withdrawn: the version that had been withdrawn by then.
        first: the day of the first version the account may read, None without any.
    """

    record: Record | None = None
    withdrawn: Record | None = None
    first: datetime.date | None = None


def end_of_day(day: datetime.date) -> datetime.datetime:
    """Return the first moment after a day in local time."""
    return timezone.make_aware(
        datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min)
    )


def versions_of(record: Record, user: Any) -> RecordQuerySet:
    """Return the versions of the source of a record that an account may read, newest first."""
    return Record.objects.visible_to(user).of_source(record.source_kind, record.source_id)


def as_of(record: Record, day: datetime.date, user: Any) -> AsOf:
    """Find the version of an item that was published at the end of a day.

    A hidden version is no version: the account learns nothing of it, and no older one is shown
    in its place.
    """
    moment = end_of_day(day)
    visible = versions_of(record, user)
    all_versions = Record.objects.of_source(record.source_kind, record.source_id)
    newest = all_versions.filter(captured_at__lt=moment).values_list("pk", flat=True).first()
    captured = visible.order_by("version").values_list("captured_at", flat=True).first()
    first = timezone.localdate(captured) if captured else None
    found = visible.filter(pk=newest).select_related("unit", "render").first() if newest else None
    if found is None:
        return AsOf(first=first)
    if found.ended_at is not None and found.ended_at < moment:
        return AsOf(withdrawn=found, first=first)
    return AsOf(record=found, first=first)


def content_of(record: Record) -> list[ContentPart]:
    """Return what a record says, piece by piece.

    Raises:
        NotReadable: the captured content was destroyed.
        SealedUnreadable: it is sealed and cannot be opened.
    """
    try:
        payload = capture_payload(record)
    except EntryPayload.DoesNotExist as error:
        words = (event.sentence for event in timeline(record) if event.kind in PROCESS_KINDS)
        raise NotReadable(next(words)) from error
    return source(record.source_kind).parts(payload)
