"""Write where paper lies, one item or a whole table; every change is in the ledger."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.archives import ledger
from portal.archives.models import LegacyItem, PaperCopy, Record
from portal.archives.paper.events import paper_event, removal_event

FIELDS = ("box", "shelf", "sheets", "note")
SAVED_TOGETHER = 500


@dataclass(frozen=True)
class Place:
    """Where the paper of one item lies."""

    box: str
    shelf: str = ""
    sheets: int | None = None
    note: str = ""


@transaction.atomic
def note_paper(user: Any, record_id: uuid.UUID, place: Place) -> PaperCopy:
    """Write down where the paper of a record lies; without a change nothing is written."""
    record: Record = Record.objects.select_for_update().get(pk=record_id)
    paper = PaperCopy.objects.filter(record=record).first() or PaperCopy(record=record)
    known = [getattr(paper, name) for name in FIELDS]
    if not paper._state.adding and known == [getattr(place, name) for name in FIELDS]:
        return paper
    for name in FIELDS:
        setattr(paper, name, getattr(place, name))
    paper.code = paper.code or record.archive_code or ""
    paper.title, paper.year = record.title, record.year
    paper.changed_at = timezone.now()
    paper.save()
    ledger.append([paper_event(paper, user)])
    return paper


@transaction.atomic
def remove_paper(user: Any, record_id: uuid.UUID) -> bool:
    """Write down that a record has no paper after all; False when it had none."""
    record: Record = Record.objects.select_for_update().get(pk=record_id)
    deleted, _by_model = PaperCopy.objects.filter(record=record).delete()
    if deleted:
        ledger.append([removal_event(record.pk, user)])
    return bool(deleted)


def records_by_code(codes: set[str]) -> dict[str, Record]:
    """Return the records that bear these codes: archive codes, or old ones of catalogues."""
    found: dict[str, Record] = {}
    ordered = sorted(codes)
    for start in range(0, len(ordered), SAVED_TOGETHER):
        part = ordered[start : start + SAVED_TOGETHER]
        for item in LegacyItem.objects.filter(
            old_code__in=part, record__isnull=False
        ).select_related("record"):
            if item.record is not None:
                found[item.old_code] = item.record
        for record in Record.objects.filter(archive_code__in=part):
            if record.archive_code:
                found[record.archive_code] = record
    return found


def lock_records(keys: set[uuid.UUID]) -> None:
    """Lock records in one order, so that two who change paper never wait for each other."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), SAVED_TOGETHER):
        part = ordered[start : start + SAVED_TOGETHER]
        list(Record.objects.select_for_update().filter(pk__in=part).order_by("pk").values("pk"))


def lock_papers(
    keys: set[uuid.UUID],
) -> dict[uuid.UUID, tuple[uuid.UUID | None, datetime.datetime]]:
    """Lock papers in one order, after the records; return record and last change of each."""
    found: dict[uuid.UUID, tuple[uuid.UUID | None, datetime.datetime]] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), SAVED_TOGETHER):
        part = ordered[start : start + SAVED_TOGETHER]
        rows = PaperCopy.objects.select_for_update().filter(pk__in=part).order_by("pk")
        found |= {
            pk: (record, changed) for pk, record, changed in rows.values_list(
                "pk", "record_id", "changed_at"
            )
        }  # fmt: skip
    return found


@transaction.atomic
def match_alone(user: Any) -> int:
    """Give paper without a record the record that bears its code by now; return how many.

    What somebody else changes at the same time is left as it is for the next time.
    """
    alone = list(PaperCopy.objects.filter(record=None).exclude(code="").order_by("pk"))
    records = records_by_code({paper.code for paper in alone})
    # Records before papers before the chain; what was read without a lock is read again.
    lock_records({record.pk for record in records.values()})
    read = {paper.pk: (None, paper.changed_at) for paper in alone if paper.code in records}
    locked = lock_papers(set(read))
    taken = set(
        PaperCopy.objects.filter(record__in=[record.pk for record in records.values()]).values_list(
            "record_id", flat=True
        )
    )
    matched = []
    for paper in alone:
        record = records.get(paper.code)
        same = paper.pk in read and locked.get(paper.pk) == read[paper.pk]
        if record is not None and same and record.pk not in taken:
            taken.add(record.pk)
            paper.record, paper.changed_at = record, timezone.now()
            matched.append(paper)
    PaperCopy.objects.bulk_update(matched, ["record", "changed_at"], batch_size=SAVED_TOGETHER)
    ledger.append([paper_event(paper, user) for paper in matched])
    return len(matched)
