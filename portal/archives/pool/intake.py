"""Take records into the pool: the rules propose, the day of decision is set."""

from __future__ import annotations

import datetime
import logging
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.archives import ledger
from portal.archives.access.services import raise_level
from portal.archives.legacy.source import proposal_of
from portal.archives.models import (
    PoolItem,
    Record,
    RecordState,
    RenderStatus,
    ScopeRule,
    ScopeTable,
)
from portal.archives.scope.rules import RuleBook
from portal.workdays.calendar import add_working_days

logger = logging.getLogger(__name__)

INTAKE = "intake"
APART = "apart"
SUPERSEDE = "supersede"
# What a newer version replaces as long as nobody has accepted it.
REPLACEABLE = (
    RecordState.CAPTURED,
    RecordState.POOL,
    RecordState.RETURNED,
    RecordState.APART,
)


def working_days_for(table: ScopeTable | None) -> int:
    """Return how many working days the office has to decide on an item."""
    default: int = ScopeTable._meta.get_field("pool_working_days").default
    return table.pool_working_days if table else default


def set_deadline(item: PoolItem, start: datetime.date, working_days: int) -> None:
    """Set the day by which somebody decides; an unpublished calendar makes it an estimate."""
    item.due_on, item.due_on_estimated = add_working_days(start, working_days)


def _proposal(rule: ScopeRule | None) -> dict[str, Any]:
    """Return what a rule puts into the item; without a rule somebody has to fill it in."""
    if rule is None:
        return {"rule": None, "clause": "", "archive_class": None, "period": ""}
    return {
        "rule": rule,
        "clause": rule.clause,
        "archive_class": rule.archive_class if rule.files else None,
        "period": rule.period if rule.files else "",
    }


def _supersede(record: Record) -> list[ledger.Draft]:
    """Take every version before out of the pool: only final versions are filed.

    Source: the archive standards, 2.2: a package keeps the final and the approved version,
    not every revision.
    """
    drafts = []
    earlier = Record.objects.of_source(record.source_kind, record.source_id).filter(
        version__lt=record.version, state__in=REPLACEABLE
    )
    for older in earlier.select_for_update():
        older.state = RecordState.SUPERSEDED
        older.save(update_fields=["state"])
        PoolItem.objects.filter(pk=older.pk).update(
            due_on=None, due_on_estimated=False, check_wanted_at=None
        )
        drafts.append(ledger.Draft(SUPERSEDE, older.pk, {"by": record.pk, "at": timezone.now()}))
    return drafts


@transaction.atomic
def take_in(record_id: uuid.UUID) -> str:
    """Put a captured record into the pool or apart from it; return its state.

    Does nothing with a record that was taken in before, so that it can be repeated after
    a crash.
    """
    record: Record = Record.objects.select_for_update().get(pk=record_id)
    if record.state != RecordState.CAPTURED:
        return record.state
    drafts = _supersede(record)
    table = ScopeTable.objects.in_force()
    rule = RuleBook.of(table).rule_for_record(record)
    if rule is not None:
        drafts += raise_level(record, rule.access_level, clause=rule.clause)
    now = timezone.now()
    item = PoolItem(record=record, unit_id=record.unit_id, entered_at=now, **_proposal(rule))
    if (proposal := proposal_of(record)) is not None:
        # What the catalogue of old paper says comes before any rule.
        item.archive_class, item.period = proposal.archive_class, proposal.period
        item.clause = proposal.clause
    apart = rule is not None and not rule.files
    if apart:
        record.state = RecordState.APART
        years = table.apart_years if table else 0
        item.kept_until = datetime.date(timezone.localdate(now).year + years, 12, 31)
    else:
        record.state = RecordState.POOL
        item.check_wanted_at = now
        set_deadline(item, timezone.localdate(now), working_days_for(table))
    item.save(force_insert=True)
    record.save(update_fields=["state"])
    drafts.append(
        ledger.Draft(
            APART if apart else INTAKE,
            record.pk,
            {
                "at": now,
                "table": table.number if table else None,
                "rule": rule.position if rule else None,
                "clause": item.clause,
                "class": item.archive_class_id,
                "period": item.period,
                "unit": item.unit_id,
                "due_on": item.due_on,
                "kept_until": item.kept_until,
                "state": record.state,
            },
        )
    )
    ledger.append(drafts)
    return record.state


def waiting_for_intake() -> Any:
    """Return the keys of captured records whose files are made, oldest first."""
    return (
        Record.objects.filter(state=RecordState.CAPTURED, render__status=RenderStatus.DONE)
        .order_by("captured_at", "version")
        .values_list("pk", flat=True)
    )


def take_in_all(limit: int = 200) -> int:
    """Take in what waits; one that fails is logged, stays captured and stops no other."""
    taken = 0
    for record_id in list(waiting_for_intake()[:limit]):
        try:
            take_in(record_id)
        except Exception:
            # Whatever is wrong with one record must neither stop the worker nor be lost.
            logger.exception("Record %s could not be taken into the pool.", record_id)
            continue
        taken += 1
    return taken
