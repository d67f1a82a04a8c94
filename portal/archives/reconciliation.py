"""Compare what is published with what is recorded, both ways, and record what was missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from portal.archives.capture import capture, content_digest
from portal.archives.models import Record
from portal.archives.sources import Source, sources

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


class _Looked(Exception):
    """Ends the look at a source's state without keeping what it wrote."""


def _differs(source: Source, source_id: str, record: Record) -> bool:
    """Whether the committed state has another digest than the record; nothing is written."""
    found: list[bool] = []
    try:
        with transaction.atomic():
            state = source.committed_state(source_id, "default")
            found.append(state is None or content_digest(state) != record.content_sha256)
            raise _Looked
    except _Looked:
        return found[0]


def differences(*, deep: bool = True) -> Iterator[Difference]:
    """Yield everything published without a record, recorded otherwise, or not published.

    Args:
        deep: compare contents as well, not only presence.
    """
    for source in sources():
        published = source.published_ids("default")
        current = {
            record.source_id: record
            for record in Record.objects.current().filter(source_kind=source.kind)
        }
        for source_id in sorted(published - current.keys()):
            yield Difference(MISSING, source.kind, source_id, source.title_of(source_id))
        for source_id in sorted(current.keys() - published):
            yield Difference(ORPHAN, source.kind, source_id, current[source_id].title)
        if deep:
            for source_id in sorted(published & current.keys()):
                if _differs(source, source_id, current[source_id]):
                    yield Difference(CHANGED, source.kind, source_id, source.title_of(source_id))


def repair(difference: Difference) -> None:
    """Write the late record or the missing end event, marked as late (补录)."""
    with transaction.atomic():
        capture(difference.source_kind, difference.source_id)
