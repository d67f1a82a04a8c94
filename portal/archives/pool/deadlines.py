"""Days of decision follow the working-day calendar when it changes.

From which day a deadline runs is in the ledger: the newest event that set one. The row of the
item has only the result.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.archives import ledger
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.models import LedgerEntry, PoolItem, ScopeTable
from portal.archives.pool.intake import working_days_for
from portal.workdays.calendar import current
from portal.workdays.changes import on_calendar_change

# The events that set a new day of decision, each with its moment under `at`.
SETTING_KINDS = ("intake", "return", "answer", "void-code", "bring-in")
ITEMS_AT_A_TIME = 500


def recompute(years: frozenset[int]) -> None:
    """Set the days of decision of open items that touch these years anew.

    Runs in the transaction that changes the calendar. The number of working days is that of
    the table in force. Queries grow with every 500 items, and by one for each day that moves.
    """
    touched = Q(due_on_estimated=True)
    for year in years:
        # A deadline of up to a year that runs into or through the year.
        touched |= Q(due_on__range=(datetime.date(year, 1, 1), datetime.date(year + 1, 12, 31)))
    items = list(PoolItem.objects.open().filter(touched).order_by("pk"))
    calendar = current()
    days = working_days_for(ScopeTable.objects.in_force())
    for first in range(0, len(items), ITEMS_AT_A_TIME):
        part = items[first : first + ITEMS_AT_A_TIME]
        starts = _starts([item.pk for item in part])
        for item in part:
            start = starts.get(item.pk) or timezone.localdate(item.entered_at)
            due_on, estimated = calendar.add_working_days(start, days)
            if (due_on, estimated) != (item.due_on, item.due_on_estimated):
                PoolItem.objects.filter(pk=item.pk).update(
                    due_on=due_on, due_on_estimated=estimated
                )


def _starts(record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime.date]:
    """Return the day of the newest event that set a deadline, for each record that has one."""
    by_record: dict[uuid.UUID, int] = {}
    rows = LedgerEntry.objects.filter(record_id__in=record_ids, kind__in=SETTING_KINDS)
    for sequence, record_id in rows.order_by("sequence").values_list("sequence", "record_id"):
        by_record[record_id] = sequence
    newest = {sequence: record_id for record_id, sequence in by_record.items()}
    found = {}
    for sequence, payload in ledger.payloads_of(newest).items():
        try:
            moment = parse_datetime(str(json.loads(payload.text()).get("at", "")))
        except (SealedUnreadable, ValueError):
            continue
        if moment is not None:
            found[newest[sequence]] = timezone.localdate(moment)
    return found


def register() -> None:
    """Follow the calendar; once, when the application is ready."""
    on_calendar_change("archive-pool", recompute)
