"""The daily reading: the oldest share of the store, and everything that would become too old."""

from __future__ import annotations

import datetime
import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.archives.fixity import faults, mirror, repairs, strays
from portal.archives.fixity.reading import Damage, compared, measured
from portal.archives.models import FixityFault, RecordFile

logger = logging.getLogger(__name__)

ROWS_AT_ONCE = 500
# Read before the limit is reached, so that a day on which nothing ran does no harm.
MARGIN_DAYS = 3


@dataclass
class Reading:
    """What one run read and found.

    Attributes:
        size: bytes that were read; equal files of several records are read once.
    """

    files: int = 0
    size: int = 0
    damaged: list[FixityFault] = field(default_factory=list)


def days() -> int:
    """Return within how many days every stored file is read again."""
    return int(settings.FIXITY_DAYS)


def limit(now: datetime.datetime) -> datetime.datetime:
    """Return the moment before which no file may have been read last."""
    days = max(settings.FIXITY_DAYS - MARGIN_DAYS, 1)
    return now - datetime.timedelta(days=days)


def _in_order(now: datetime.datetime, *, everything: bool) -> Iterator[Any]:
    """Yield stored files by the moment they were last found right, a batch at a time.

    Each batch continues by key: what was found right moves to the end meanwhile, and damaged
    files stay where they are. Everything is read by number, which does not move. No statement
    stays open between two batches: on SQLite it would keep the reader from writing what it found
    as soon as another process has written.
    """
    rows = RecordFile.objects.filter(stored_at__isnull=False).annotate(
        last_read=Coalesce("checked_at", "stored_at")
    )
    if everything:
        yield from _by_number(rows.order_by("pk"))
        return
    rows = rows.filter(last_read__lt=now).order_by("last_read", "sha256", "pk")
    batch = list(rows[:ROWS_AT_ONCE])
    while batch:
        yield from batch
        last = batch[-1]
        behind = Q(last_read__gt=last.last_read) | Q(
            last_read=last.last_read, sha256__gt=last.sha256
        )
        behind |= Q(last_read=last.last_read, sha256=last.sha256, pk__gt=last.pk)
        batch = list(rows.filter(behind, last_read__gte=last.last_read)[:ROWS_AT_ONCE])


def _by_number(rows: Any) -> Iterator[Any]:
    batch = list(rows[:ROWS_AT_ONCE])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:ROWS_AT_ONCE])


def read_share(*, everything: bool = False) -> Reading:
    """Read the oldest share of the store again: one part in FIXITY_DAYS, and what is too old.

    Args:
        everything: read all files, however lately they were read.
    """
    now = timezone.now()
    least_files, least_size = _left_for_today(now)
    oldest = limit(now)
    reading = Reading()
    planned = 0
    right: list[int] = []
    known: dict[tuple[object, str], tuple[str, int] | Damage] = {}
    for file in _in_order(now, everything=everything):
        enough = reading.files >= least_files and planned >= least_size
        if enough and not everything and file.last_read >= oldest:
            break
        reading.files += 1
        planned += file.size
        place = (file.record_id if file.sealed else None, file.sha256)
        if place not in known:
            known[place] = measured(file)
            reading.size += file.size
        if (damage := compared(file, known[place])) is None:
            right.append(file.pk)
        else:
            reading.damaged.append(faults.note(file, damage))
        if len(right) >= ROWS_AT_ONCE:
            _mark(right, now)
            known.clear()
    _mark(right, now)
    return reading


def _left_for_today(now: datetime.datetime) -> tuple[int, int]:
    """Return how many files and bytes today's share still has, after earlier runs of the day."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(checked_at__gte=midnight)
    found = RecordFile.objects.filter(stored_at__isnull=False).aggregate(
        files=Count("pk"),
        bytes=Coalesce(Sum("size"), 0),
        read_files=Count("pk", filter=today),
        read_bytes=Coalesce(Sum("size", filter=today), 0),
    )
    return (
        math.ceil(found["files"] / settings.FIXITY_DAYS) - found["read_files"],
        math.ceil(found["bytes"] / settings.FIXITY_DAYS) - found["read_bytes"],
    )


def _mark(keys: list[int], now: datetime.datetime) -> None:
    """Write down that files were found right; what was damaged before is closed by that."""
    RecordFile.objects.filter(pk__in=keys).update(checked_at=now)
    for fault in FixityFault.objects.filter(file__in=keys, closed_at=None).select_related("file"):
        faults.close(fault, faults.BY_HAND)
    keys.clear()


def overdue(now: datetime.datetime | None = None) -> int:
    """Return how many files were not read within FIXITY_DAYS."""
    since = (now or timezone.now()) - datetime.timedelta(days=settings.FIXITY_DAYS)
    return (
        RecordFile.objects.filter(stored_at__isnull=False)
        .annotate(last_read=Coalesce("checked_at", "stored_at"))
        .filter(last_read__lt=since)
        .count()
    )


def daily() -> str:
    """Copy, read, look for strays, repair; return a line for the log."""
    copied = mirror.mirror_new()
    reading = read_share()
    new_strays = faults.note_strays(strays.find())
    repaired = repairs.repair_all()
    if repaired:
        copied += mirror.mirror_new()
    return (
        f"{reading.files} files read ({reading.size} bytes), {len(reading.damaged)} damaged, "
        f"{repaired} repaired, {new_strays} new strays, {copied} copied to the second store"
    )
