"""What an appraisal decides on one record: kept longer, opened, or controlled (鉴定)."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.access.services import change_level
from portal.archives.appraisal.events import KEEP_LONGER
from portal.archives.appraisal.refusals import NotOnThisList
from portal.archives.models import (
    AccessLevel,
    Appraisal,
    AppraisalDecision,
    DestructionEntry,
    Record,
    RecordState,
)
from portal.archives.permissions import require_receive
from portal.archives.refusals import AlreadyHandled

LEVEL_OF = {
    AppraisalDecision.OPEN: AccessLevel.OPEN,
    AppraisalDecision.CONTROL: AccessLevel.CONTROLLED,
}


def _refuse_listed(record: Record) -> None:
    entry = DestructionEntry.objects.filter(record=record, counts=True).first()
    if entry is not None and entry.destruction_list is not None:
        raise NotOnThisList(
            _("“%(title)s” stands on the list %(number)s. Please take it off the list first.")
            % {"title": record.title, "number": entry.destruction_list},
            [(_("Open the list"), entry.destruction_list.get_absolute_url())],
        )


def _written(
    record: Record, decision: AppraisalDecision, by: Any, reason: str, until: Any = None
) -> Appraisal:
    return Appraisal.objects.create(
        record=record,
        decision=decision,
        reason=reason,
        kept_until=until,
        decided_at=timezone.now(),
        decided_by=by,
    )


@transaction.atomic
def keep_longer(
    record_id: uuid.UUID, by: Any, reason: str, until: datetime.date | None
) -> Appraisal:
    """Keep a record beyond its period; the code keeps the period it was filed under.

    Args:
        until: the new last day, always the end of a year; None keeps it for ever.

    Raises:
        NotArchivist: the account may not decide in the archive.
        AlreadyHandled: the record is not accepted any more, or is kept that long already.
        NotOnThisList: it stands on a destruction list.
    """
    require_receive(by)
    record: Record = Record.objects.select_for_update().get(pk=record_id)
    kept_already = record.expires_on is None or (until is not None and until <= record.expires_on)
    if record.state != RecordState.ACCEPTED or kept_already:
        raise AlreadyHandled(
            _("“%(title)s” was decided on meanwhile. Nothing was changed by you.")
            % {"title": record.title},
            [(_("Open the record"), record.get_absolute_url())],
        )
    _refuse_listed(record)
    before = record.expires_on
    record.expires_on = until
    record.save(update_fields=["expires_on"])
    appraisal = _written(record, AppraisalDecision.KEEP, by, reason, until)
    payload = {
        "account": by.pk,
        "person": str(by),
        "at": appraisal.decided_at,
        "reason": reason,
        "before": before,
        "expires_on": until,
    }
    ledger.append([ledger.Draft(KEEP_LONGER, record.pk, payload)])
    return appraisal


@transaction.atomic
def review_access(
    record_id: uuid.UUID, decision: AppraisalDecision, by: Any, reason: str, seen: str = ""
) -> Appraisal:
    """Decide after a review who may read a record from now on (开放审核).

    Args:
        decision: to open it or to control it.
        seen: the level that was shown to the account; empty asks nothing.

    Raises:
        NotArchivist: the account may not decide in the archive.
        AlreadyHandled: the level was changed meanwhile, or the record is destroyed.
        SameLevel: it has that level already.
        SealedUnreadable: what is sealed cannot be opened.
    """
    require_receive(by)
    record: Record = Record.objects.select_for_update().get(pk=record_id)
    appraisal = _written(record, decision, by, reason)
    # The change of the level appends its own event, last of all.
    change_level(record_id, LEVEL_OF[decision], by=by, reason=reason, seen=seen)
    return appraisal
