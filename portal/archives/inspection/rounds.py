"""Checks of what is kept for long (长期保存, CQ): every accepted record once in so many days."""

from __future__ import annotations

import contextlib
import datetime
import logging
import math
import uuid
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import override

from portal.archives.access.refusals import SealedUnreadable
from portal.archives.inspection import package
from portal.archives.inspection.services import inspect
from portal.archives.models import Inspection, InspectionStage, Record, RecordState, RenderStatus
from portal.roles.daily_jobs import register_daily_job

logger = logging.getLogger(__name__)

# Checked so much before the time is over, so that days on which nothing ran do no harm.
MARGIN = 0.05


def kept() -> Any:
    """Return the accepted records with the moment of their last check, the acceptance at first."""
    own = Q(inspections__stage=InspectionStage.LONG_TERM)
    return Record.objects.filter(
        state=RecordState.ACCEPTED, render__status=RenderStatus.DONE
    ).annotate(
        last_check=Coalesce(
            Max("inspections__inspected_at", filter=own), "accepted_at", "captured_at"
        )
    )


def due(now: datetime.datetime) -> list[uuid.UUID]:
    """Return the records to be checked today, those that wait longest first.

    One part in LONG_TERM_CHECK_DAYS of the accepted records, less what was checked today
    already, and every record whose time is almost over.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    days = settings.LONG_TERM_CHECK_DAYS
    today = Inspection.objects.filter(stage=InspectionStage.LONG_TERM, inspected_at__gte=midnight)
    share = math.ceil(kept().count() / days) - today.values("record").distinct().count()
    waiting = kept().filter(last_check__lt=midnight).order_by("last_check", "pk")
    limit = now - datetime.timedelta(days=days * (1 - MARGIN))
    overdue = waiting.filter(last_check__lt=limit).count()
    return list(waiting.values_list("pk", flat=True)[: max(share, overdue, 0)])


def _check(record_id: uuid.UUID) -> Inspection:
    """Check one record against documents that say what the ledger says today.

    An acceptance or a correction since they were made outdates them lawfully; that is no fault
    of the record.
    """
    record = Record.objects.get(pk=record_id)
    # Without the key of a sealed record nothing can be described; the checks say so.
    with override("zh-hans"), contextlib.suppress(SealedUnreadable):
        package.prepare(record)
    return inspect(record, InspectionStage.LONG_TERM)


def daily() -> str:
    """Check what is due today; return a line for the log."""
    failed = broken = 0
    chosen = due(timezone.now())
    for record_id in chosen:
        try:
            found = _check(record_id)
        except Exception:
            # One record that cannot be checked must not keep the others from it.
            logger.exception("Record %s could not be checked.", record_id)
            broken += 1
            continue
        if not found.passed:
            failed += 1
            logger.error(
                "Record %s does not pass the long-term checks: %s.",
                record_id,
                ", ".join(found.failed_codes),
            )
    return f"{len(chosen)} records checked, {failed} not passed, {broken} could not be checked"


def register() -> None:
    """Register once, when the application is ready."""
    register_daily_job("long-term-checks", daily)
