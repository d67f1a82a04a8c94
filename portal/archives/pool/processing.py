"""What the worker does with new records: take in, check, and accept where a rule says so."""

from __future__ import annotations

import datetime
import logging
import uuid

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from portal.archives.inspection.services import inspect
from portal.archives.models import Inspection, InspectionStage, Record, RecordState, RenderStatus
from portal.archives.pool.intake import take_in_all
from portal.archives.pool.services import accept
from portal.refusals import Refusal

logger = logging.getLogger(__name__)

BATCH = 50
# How long a record that could not be checked is left alone by this process.
PATIENCE = datetime.timedelta(minutes=10)
_failed: dict[uuid.UUID, datetime.datetime] = {}


def due_for_inspection(now: datetime.datetime) -> list[uuid.UUID]:
    """Return records to be checked: new in the pool, or accepted after their last check.

    The second check sees the archive code, which the first could not. A record that could not
    be checked is left for a while, so that it holds up nothing behind it.
    """
    own = Inspection.objects.filter(record=OuterRef("pk"), stage=InspectionStage.FILING)
    new = Q(state=RecordState.POOL) & ~Exists(own)
    numbered = Q(state=RecordState.ACCEPTED) & ~Exists(
        own.filter(inspected_at__gte=OuterRef("accepted_at"))
    )
    left = [record_id for record_id, until in _failed.items() if until > now]
    return list(
        Record.objects.filter(new | numbered, render__status=RenderStatus.DONE)
        .exclude(pk__in=left)
        .order_by(F("accepted_at").asc(nulls_first=True), "captured_at")
        .values_list("pk", flat=True)[:BATCH]
    )


def _accept_by_rule(record: Record) -> None:
    """Accept an item whose rule asks for it; one that is refused waits for an archivist."""
    item = record.pool_item
    if record.state != RecordState.POOL or item.rule is None or not item.rule.straight_through:
        return
    try:
        accept(record.pk, None, by_rule=True)
    except Refusal as refusal:
        logger.info("Record %s waits for an archivist: %s", record.pk, type(refusal).__name__)


def _check(record_id: uuid.UUID) -> None:
    record = Record.objects.select_related("pool_item__rule").get(pk=record_id)
    if inspect(record, InspectionStage.FILING).passed:
        _accept_by_rule(record)


def work_once() -> bool:
    """Take in and check what is due; False when nothing was or nothing could be done."""
    done = take_in_all()
    now = timezone.now()
    for record_id in due_for_inspection(now):
        try:
            _check(record_id)
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
