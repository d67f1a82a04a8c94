"""What the worker does with new records: take in, check, and accept where a rule says so."""

from __future__ import annotations

import logging
import uuid

from django.db.models import Exists, F, OuterRef, Q

from portal.archives.inspection.services import inspect
from portal.archives.models import Inspection, InspectionStage, Record, RecordState, RenderStatus
from portal.archives.pool.intake import take_in_all
from portal.archives.pool.services import accept
from portal.refusals import Refusal

logger = logging.getLogger(__name__)

BATCH = 50


def due_for_inspection() -> list[uuid.UUID]:
    """Return records to be checked: new in the pool, or accepted after their last check.

    The second check sees the archive code, which the first could not.
    """
    own = Inspection.objects.filter(record=OuterRef("pk"), stage=InspectionStage.FILING)
    new = Q(state=RecordState.POOL) & ~Exists(own)
    numbered = Q(state=RecordState.ACCEPTED) & ~Exists(
        own.filter(inspected_at__gte=OuterRef("accepted_at"))
    )
    return list(
        Record.objects.filter(new | numbered, render__status=RenderStatus.DONE)
        .order_by(F("accepted_at").asc(nulls_first=True), "captured_at")
        .values_list("pk", flat=True)[:BATCH]
    )


def _accept_by_rule(record: Record) -> bool:
    """Accept an item whose rule asks for it; False when it does not, or when it is refused."""
    item = record.pool_item
    if record.state != RecordState.POOL or item.rule is None or not item.rule.straight_through:
        return False
    try:
        accept(record.pk, None, by_rule=True)
    except Refusal as refusal:
        logger.info("Record %s waits for an archivist: %s", record.pk, type(refusal).__name__)
        return False
    return True


def work_once() -> bool:
    """Take in and check what is due; False when there was nothing."""
    taken = take_in_all()
    due = due_for_inspection()
    for record_id in due:
        record = Record.objects.select_related("pool_item__rule").get(pk=record_id)
        try:
            found = inspect(record, InspectionStage.FILING)
            if found.passed:
                _accept_by_rule(record)
        except Exception:
            # One record that cannot be checked must stop neither the others nor the worker.
            logger.exception("Record %s could not be checked.", record_id)
            return bool(taken) or len(due) > 1
    return bool(taken or due)


def work_all() -> None:
    """Work until nothing is due."""
    while work_once():
        pass
