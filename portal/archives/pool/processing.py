"""What the worker does with new records: take in, check, and accept where a rule says so."""

from __future__ import annotations

import datetime
import logging
import uuid

from django.utils import timezone

from portal.archives.inspection.services import inspect
from portal.archives.models import InspectionStage, PoolItem, RecordState, RenderStatus
from portal.archives.pool.intake import take_in_all
from portal.archives.pool.services import accept
from portal.refusals import Refusal

logger = logging.getLogger(__name__)

BATCH = 50
# How long a record that could not be checked is left alone by this process.
PATIENCE = datetime.timedelta(minutes=10)
_failed: dict[uuid.UUID, datetime.datetime] = {}


def due_for_check(now: datetime.datetime) -> list[uuid.UUID]:
    """Return records whose check is wanted: new in the pool, corrected, or just numbered.

    A record that could not be checked is left for a while, so that it holds up nothing
    behind it.
    """
    left = [record_id for record_id, until in _failed.items() if until > now]
    return list(
        PoolItem.objects.filter(
            check_wanted_at__isnull=False,
            record__state__in=[RecordState.POOL, RecordState.ACCEPTED],
            record__render__status=RenderStatus.DONE,
        )
        .exclude(pk__in=left)
        .order_by("check_wanted_at", "pk")
        .values_list("pk", flat=True)[:BATCH]
    )


def _accept_by_rule(item: PoolItem) -> None:
    """Accept an item whose rule asks for it; one that is refused waits for an archivist."""
    if item.record.state != RecordState.POOL or item.rule is None or not item.rule.straight_through:
        return
    try:
        accept(item.pk, None, by_rule=True)
    except Refusal as refusal:
        logger.info("Record %s waits for an archivist: %s", item.pk, type(refusal).__name__)


def check(record_id: uuid.UUID) -> None:
    """Check an item, and accept it where its rule says so and everything passed."""
    item = PoolItem.objects.select_related("record", "rule").get(pk=record_id)
    passed = inspect(item.record, InspectionStage.FILING).passed
    # Only the wish that was read: what somebody changed meanwhile is checked again.
    PoolItem.objects.filter(pk=record_id, check_wanted_at=item.check_wanted_at).update(
        check_wanted_at=None
    )
    if passed:
        _accept_by_rule(item)


def work_once() -> bool:
    """Take in and check what is due; False when nothing was or nothing could be done."""
    done = take_in_all()
    now = timezone.now()
    for record_id in due_for_check(now):
        try:
            check(record_id)
        except Exception:
            # One record that cannot be checked must stop neither the others nor the worker.
            logger.exception("Record %s could not be checked.", record_id)
            _failed[record_id] = now + PATIENCE
        else:
            _failed.pop(record_id, None)
            done += 1
    return bool(done)


def work_all() -> None:
    """Work until nothing is due."""
    while work_once():
        pass
