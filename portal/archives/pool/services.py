"""What people decide on pool items: correct, return, answer, accept, void, bring in.

Each function is one transaction. It locks the record, asks again whether the step is still
possible, writes, and appends to the ledger last.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.models import (
    ArchiveClass,
    IssuedCode,
    PoolItem,
    Record,
    RecordState,
    RetentionPeriod,
    ReturnReason,
    ScopeTable,
)
from portal.archives.numbering import services as numbering
from portal.archives.packages import wanted as packages
from portal.archives.permissions import require_correct, require_receive
from portal.archives.pool.intake import set_deadline, working_days_for
from portal.archives.pool.readiness import obstacles_of
from portal.archives.refusals import AlreadyHandled, NotReady
from portal.archives.search import index_again
from portal.organizations.models import Unit

CORRECT = "correct"
RETURN = "return"
ANSWER = "answer"
ACCEPT = "accept"
VOID_CODE = "void-code"
BRING_IN = "bring-in"


def _locked(record_id: uuid.UUID, *states: RecordState) -> PoolItem:
    """Lock a record with its item, and refuse it when it is in no such state any more.

    Raises:
        PoolItem.DoesNotExist: the record was never taken in.
        AlreadyHandled: somebody else acted first.
    """
    record = Record.objects.select_for_update().get(pk=record_id)
    item = PoolItem.objects.select_related("archive_class", "unit", "rule").get(pk=record_id)
    item.record = record
    if record.state not in states:
        raise AlreadyHandled(
            _("“%(title)s” is “%(state)s” meanwhile. Nothing was changed by you.")
            % {"title": record.title, "state": record.get_state_display()},
            [(_("Open the record"), record.get_absolute_url())],
        )
    return item


def _by(user: Any) -> dict[str, Any]:
    """Return who acted, for the ledger's payload; nobody stands for the portal itself."""
    return {
        "account": user.pk if user else None,
        "person": str(user) if user else "",
        "at": timezone.now(),
    }


def _described(item: PoolItem) -> dict[str, Any]:
    return {
        "class": item.archive_class_id,
        "period": item.period,
        "unit": item.unit_id,
        "access_level": item.record.access_level,
    }


def shorter_than_rule(item: PoolItem, period: str) -> bool:
    """Whether a period is shorter than the one the table asks for; the table's are minimums.

    Source: order 10 of the State Archives Administration: units may lengthen, not shorten.
    """
    if item.rule is None or not item.rule.period:
        return False
    wanted = RetentionPeriod(item.rule.period).years
    given = RetentionPeriod(period).years
    return given is not None and (wanted is None or given < wanted)


@transaction.atomic
def correct(
    record_id: uuid.UUID,
    user: Any,
    *,
    archive_class: ArchiveClass,
    period: str,
    unit: Unit | None,
) -> PoolItem:
    """Put right what the rules proposed; the archivist any time, the unit after a return.

    Raises:
        AlreadyHandled: the item was accepted or replaced meanwhile.
        NotYourUnit: the account may not correct items of this unit.
        NotReady: the period is shorter than the table allows.
    """
    item = _locked(record_id, RecordState.POOL, RecordState.RETURNED)
    require_correct(user, item.unit)
    if unit is not None:
        require_correct(user, unit)
    if item.record.state == RecordState.POOL:
        require_receive(user)
    if shorter_than_rule(item, period):
        raise NotReady(
            _("The table keeps such records for %(period)s at least. Choose a longer period.")
            % {"period": RetentionPeriod(item.rule.period).label if item.rule else ""}
        )
    before = _described(item)
    item.archive_class, item.period, item.unit = archive_class, period, unit
    item.corrected = True
    item.check_wanted_at = timezone.now()
    item.save(update_fields=["archive_class", "period", "unit", "corrected", "check_wanted_at"])
    # Who reads the record follows the unit, or the unit's own people could not see the item.
    moved = item.record.unit != unit
    item.record.unit = unit
    item.record.save(update_fields=["unit"])
    if moved:
        index_again(item.record)
    after = _described(item)
    if before != after:
        ledger.append(
            [ledger.Draft(CORRECT, record_id, {**_by(user), "before": before, "after": after})]
        )
    return item


@transaction.atomic
def return_item(record_id: uuid.UUID, user: Any, reason: str, remark: str) -> PoolItem:
    """Give an item back to the part-time archivist with the reason (退回).

    Raises:
        AlreadyHandled: it does not wait in the pool any more.
        NotArchivist: the account may not decide.
    """
    require_receive(user)
    item = _locked(record_id, RecordState.POOL)
    now = timezone.now()
    item.return_count += 1
    item.return_reason = ReturnReason(reason)
    item.return_remark, item.answer = remark, ""
    item.returned_at, item.returned_by = now, user
    set_deadline(item, timezone.localdate(now), working_days_for(ScopeTable.objects.in_force()))
    item.save()
    item.record.state = RecordState.RETURNED
    item.record.save(update_fields=["state"])
    payload = {**_by(user), "reason": reason, "remark": remark, "due_on": item.due_on}
    ledger.append([ledger.Draft(RETURN, record_id, payload)])
    return item


@transaction.atomic
def answer(record_id: uuid.UUID, user: Any, words: str) -> PoolItem:
    """Send a returned item back to the archivist, with what was put right.

    Raises:
        AlreadyHandled: it is not returned any more.
        NotYourUnit: the account may not correct items of this unit.
    """
    item = _locked(record_id, RecordState.RETURNED)
    require_correct(user, item.unit)
    item.answer = words
    set_deadline(item, timezone.localdate(), working_days_for(ScopeTable.objects.in_force()))
    item.save(update_fields=["answer", "due_on", "due_on_estimated"])
    item.record.state = RecordState.POOL
    item.record.save(update_fields=["state"])
    payload = {**_by(user), "answer": words, "due_on": item.due_on}
    ledger.append([ledger.Draft(ANSWER, record_id, payload)])
    return item


def _expiry(record: Record, period: str) -> datetime.date | None:
    """Return the last day of the year in which the period ends; None when it never does."""
    years = RetentionPeriod(period).years
    return None if years is None else datetime.date(record.year + years, 12, 31)


@transaction.atomic
def accept(record_id: uuid.UUID, user: Any, *, by_rule: bool = False) -> IssuedCode:
    """Accept an item and give it its archive code (接收、编号).

    Args:
        by_rule: the rule accepts without a person because all checks passed.

    Raises:
        AlreadyHandled: it does not wait in the pool any more.
        NotArchivist: the account may not decide.
        NotReady: class, period or a check is missing; the message names all of them.
    """
    if not by_rule:
        require_receive(user)
    item = _locked(record_id, RecordState.POOL)
    if found := obstacles_of([item])[item.pk]:
        raise NotReady(
            _("“%(title)s”: %(obstacles)s")
            % {"title": item.record.title, "obstacles": "；".join(str(one) for one in found)}
        )
    record = item.record
    issued = numbering.issue(record, item.period, str(item.archive_class_id))
    record.state = RecordState.ACCEPTED
    record.archive_code = issued.code
    record.class_code, record.period = issued.archive_class_id, issued.period
    record.unit_id = item.unit_id
    record.accepted_at = issued.issued_at
    record.expires_on = _expiry(record, item.period)
    record.save(
        update_fields=[
            *("state", "archive_code", "class_code", "period"),
            *("unit", "accepted_at", "expires_on"),
        ]
    )
    # Only what waits has a day of decision, so that the index over the days stays small.
    item.due_on, item.due_on_estimated = None, False
    # Again: only now is there a code to be checked.
    item.check_wanted_at = timezone.now()
    item.save(update_fields=["due_on", "due_on_estimated", "check_wanted_at"])
    payload = {
        **_by(user),
        **_described(item),
        "code": issued.code,
        "expires_on": record.expires_on,
        "by_rule": by_rule,
    }
    packages.want([record_id])
    ledger.append([ledger.Draft(ACCEPT, record_id, payload)])
    return issued


@transaction.atomic
def void_acceptance(record_id: uuid.UUID, user: Any, reason: str) -> PoolItem:
    """Take an acceptance back: the number is void for ever, the item waits in the pool again.

    Raises:
        AlreadyHandled: it is not accepted.
        NotArchivist: the account may not decide.
    """
    require_receive(user)
    item = _locked(record_id, RecordState.ACCEPTED)
    record = item.record
    code = IssuedCode.objects.select_for_update().get(record=record, voided_at__isnull=True)
    numbering.void(code, reason)
    record.state = RecordState.POOL
    record.archive_code = record.accepted_at = record.expires_on = None
    record.class_code = record.period = ""
    record.save(
        update_fields=[
            *("state", "archive_code", "class_code", "period"),
            *("accepted_at", "expires_on"),
        ]
    )
    set_deadline(item, timezone.localdate(), working_days_for(ScopeTable.objects.in_force()))
    item.check_wanted_at = timezone.now()
    item.save(update_fields=["due_on", "due_on_estimated", "check_wanted_at"])
    payload = {**_by(user), "code": code.code, "reason": reason}
    ledger.append([ledger.Draft(VOID_CODE, record_id, payload)])
    return item


@transaction.atomic
def bring_in(
    record_id: uuid.UUID, user: Any, *, archive_class: ArchiveClass, period: str, reason: str
) -> PoolItem:
    """Put a record that was kept apart into the pool after all.

    Raises:
        AlreadyHandled: it is not kept apart any more.
        NotArchivist: the account may not decide.
    """
    require_receive(user)
    item = _locked(record_id, RecordState.APART)
    item.archive_class, item.period = archive_class, period
    item.corrected, item.kept_until = True, None
    item.check_wanted_at = timezone.now()
    set_deadline(item, timezone.localdate(), working_days_for(ScopeTable.objects.in_force()))
    item.save()
    item.record.state = RecordState.POOL
    item.record.save(update_fields=["state"])
    payload = {**_by(user), **_described(item), "reason": reason, "due_on": item.due_on}
    ledger.append([ledger.Draft(BRING_IN, record_id, payload)])
    return item
