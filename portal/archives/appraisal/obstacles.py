"""Why a record cannot be destroyed, asked when a list is made and again before it is carried out.

Source: order 8 (2006) and order 10 (2012) of the State Archives Administration: periods are
minimums, and records are destroyed after appraisal only.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.archives.appraisal.holds import hold_on
from portal.archives.models import DestructionEntry, Record, RecordState, RenderStatus
from portal.archives.sources import source


def _first_obstacle(record: Record, today: datetime.date) -> str:
    if record.state == RecordState.DESTROYED:
        return _("It is destroyed already.")
    if record.state != RecordState.ACCEPTED:
        return _("Only what was accepted into the archive is appraised.")
    if record.expires_on is None:
        return _("It is kept permanently.")
    if record.expires_on >= today:
        return _("It is kept at least until %(day)s.") % {
            "day": date_format(record.expires_on, "DATE_FORMAT")
        }
    if hold := hold_on(record, today):
        return _("It is under a legal hold: %(reason)s") % {"reason": hold.reason}
    if record.render.status != RenderStatus.DONE:
        return _("Its files are being made.")
    current = record.ended_at is None and not hasattr(record, "next")
    if current and source(record.source_kind).origin(record.source_id) is not None:
        return _("It is still published. Please have the page withdrawn first.")
    return ""


def obstacle_of(record: Record, today: datetime.date | None = None) -> str:
    """Return why a record cannot be destroyed today; empty when it can."""
    return _first_obstacle(record, today or timezone.localdate())


def obstacles_of(records: Iterable[Record]) -> dict[uuid.UUID, str]:
    """Return the obstacle of each record, its place on another list among them."""
    found = list(records)
    listed = {
        entry.record_id: entry.destruction_list
        for entry in DestructionEntry.objects.filter(
            record__in=[record.pk for record in found], counts=True
        ).select_related("destruction_list")
    }
    reasons = {}
    for record in found:
        reason = obstacle_of(record)
        if not reason and record.pk in listed:
            reason = _("It stands on the list %(number)s.") % {"number": listed[record.pk]}
        reasons[record.pk] = reason
    return reasons
