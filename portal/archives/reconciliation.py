"""Compare what is published with what is recorded, both ways, and record what was missed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from portal.archives.capture import capture, content_digest
from portal.archives.models import Record, RecordState
from portal.archives.sources import Source, sources

logger = logging.getLogger(__name__)

MISSING = "missing"  # published, without a record
CHANGED = "changed"  # published with another content than its record
ORPHAN = "orphan"  # a current record of something that is not published


@dataclass(frozen=True)
class Difference:
    """One published item that does not fit its records."""

    problem: str
    source_kind: str
    source_id: str
    title: str


def _differs(source: Source, source_id: str, record: Record) -> bool:
    """Whether what is published has another digest than the record; only reads."""

    def fits(digest: str) -> bool:
        state = source.state_of(source_id)
        return state is not None and content_digest(state) == digest

    if fits(record.content_sha256):
        return False
    # The records were read at the start; what was published since then is no difference.
    current = Record.objects.current().filter(source_kind=source.kind, source_id=source_id)
    newest = current.values_list("content_sha256", flat=True).first()
    if newest is None:
        return source.state_of(source_id) is not None
    return not fits(newest)


def differences(
    *, deep: bool = True, progress: Callable[[int, int], None] | None = None
) -> Iterator[Difference]:
    """Yield everything published without a record, recorded otherwise, or not published.

    Args:
        deep: compare contents as well, not only presence.
        progress: called with how many contents of a source are compared, and of how many.
    """
    for source in sources():
        published = source.published_ids("default")
        current = {
            record.source_id: record
            for record in Record.objects.current().filter(source_kind=source.kind)
        }
        for source_id in sorted(published - current.keys()):
            yield Difference(MISSING, source.kind, source_id, source.title_of(source_id))
        # Of what was destroyed there is nothing left to compare; its number stays.
        current = {
            source_id: record
            for source_id, record in current.items()
            if record.state != RecordState.DESTROYED
        }
        for source_id in sorted(current.keys() - published):
            yield Difference(ORPHAN, source.kind, source_id, current[source_id].title)
        both = sorted(published & current.keys()) if deep else []
        for position, source_id in enumerate(both, start=1):
            if _differs(source, source_id, current[source_id]):
                yield Difference(CHANGED, source.kind, source_id, source.title_of(source_id))
            if progress is not None:
                progress(position, len(both))


def repair(difference: Difference) -> None:
    """Write the late record or the missing end event, marked as late (补录)."""
    with transaction.atomic():
        capture(difference.source_kind, difference.source_id)


class PublishedWithoutRecord(RuntimeError):
    """What is published and what is recorded differ; the log names each item."""


def daily() -> str:
    """Compare everything with its records, every night; what differs is a matter for people.

    Raises:
        PublishedWithoutRecord: something differs. Nothing is repaired silently.
    """
    found = list(differences())
    for one in found:
        logger.error("%s: %s %s %s", one.problem, one.source_kind, one.source_id, one.title)
    if found:
        raise PublishedWithoutRecord(f"{len(found)} differences; see archive_reconcile.")
    return "every published item is a record"
