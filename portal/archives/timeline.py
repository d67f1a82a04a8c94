"""The time line of a record, from its draft to today: one sentence for each event (时间轴).

It is fed by the ledger alone, so it says what is proven and nothing else. The words for each
kind of event stand in `portal.archives.timeline_sentences`; a kind that has none yet, such
as one of a later release, gets a general sentence.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.archives import ledger
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.models import ArchiveClass, LedgerEntry, Record
from portal.archives.timeline_sentences import (
    SENTENCES,
    STEPS,
    Clauses,
    Names,
    erased,
    unknown,
    unreadable,
)
from portal.organizations.models import Unit

# The keys under which payloads keep the moment of their event.
MOMENTS = (
    *("at", "captured_at", "finished_at", "made_at", "ended_at", "inspected_at", "happened_at"),
    "accepted_at",
)
PROCESS_KINDS = ("capture", "late-capture")


@dataclass(frozen=True)
class TimelineEvent:
    """One event: when, the sentence without the moment, and the ledger entry that proves it.

    Steps before the capture have the entry of the capture, in whose payload they stand.
    """

    kind: str
    at: datetime.datetime | None
    words: str
    sequence: int

    @property
    def sentence(self) -> str:
        """The whole sentence: when, who, what and why."""
        if self.at is None:
            return self.words
        moment = date_format(timezone.localtime(self.at), "DATETIME_FORMAT")
        return _("%(moment)s, %(what)s") % {"moment": moment, "what": self.words}


def _moment(value: Any) -> datetime.datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = parse_datetime(value)
    except ValueError:
        return None
    if found is None or timezone.is_aware(found):
        return found
    return timezone.make_aware(found)


def _event_moment(payload: dict[str, Any]) -> datetime.datetime | None:
    return next((found for key in MOMENTS if (found := _moment(payload.get(key)))), None)


def _recorded_moment(entry: LedgerEntry, record: Record) -> datetime.datetime | None:
    """What the record itself knows of the moment, where the payload is erased or silent."""
    render = getattr(record, "render", None)
    return {
        "capture": record.captured_at,
        "late-capture": record.captured_at,
        "rendition": render.finished_at if render else None,
        "end": record.ended_at,
        "accept": record.accepted_at,
    }.get(entry.kind)


def _joined(clauses: Clauses) -> str:
    said = [str(clause) for clause in clauses if clause]
    return pgettext("between clauses", ", ").join(said) + pgettext("end of a sentence", ".")


def _names(payloads: Iterable[dict[str, Any]], record: Record) -> Names:
    """Read the names of all units, classes and accounts that the payloads mention."""
    from portal.people.models import User

    units: set[int] = set()
    classes: set[str] = set()
    accounts: set[int] = set()
    for payload in payloads:
        for part in (payload, payload.get("before"), payload.get("after")):
            if isinstance(part, dict):
                if isinstance(part.get("unit"), int):
                    units.add(part["unit"])
                if isinstance(part.get("class"), str):
                    classes.add(part["class"])
        if isinstance(payload.get("account"), int) and not payload.get("person"):
            accounts.add(payload["account"])
    people = User.objects.filter(pk__in=accounts).select_related("person")
    return Names(
        units={pk: unit.name for pk, unit in Unit.objects.in_bulk(units).items()} if units else {},
        classes={code: str(found) for code, found in ArchiveClass.objects.in_bulk(classes).items()}
        if classes
        else {},
        accounts={user.pk: str(user) for user in people} if accounts else {},
        record=record,
    )


def _steps(payload: dict[str, Any], sequence: int) -> list[TimelineEvent]:
    """Who drafted, reviewed and published, as the capture found it."""
    found = []
    for step in payload.get("process") or []:
        if not isinstance(step, dict):
            continue
        action = str(step.get("action", ""))
        words = STEPS.get(action, unknown)(step, Names())
        found.append(TimelineEvent(action, _moment(step.get("at")), _joined(words), sequence))
    return found


def timeline(record: Record, entries: list[LedgerEntry] | None = None) -> list[TimelineEvent]:
    """Return the events of a record, oldest first, with at most six queries.

    Args:
        record: whose events; with `render` selected one query less.
        entries: its ledger entries by number, when they are read already.
    """
    if entries is None:
        entries = list(LedgerEntry.objects.filter(record_id=record.pk).order_by("sequence"))
    opened = ledger.payloads_of([entry.sequence for entry in entries])
    payloads: dict[int, dict[str, Any]] = {}
    refusals: dict[int, SealedUnreadable] = {}
    for sequence, found in opened.items():
        try:
            loaded = json.loads(found.text())
        except SealedUnreadable as refusal:
            refusals[sequence] = refusal
            continue
        payloads[sequence] = loaded if isinstance(loaded, dict) else {}
    names = _names(payloads.values(), record)
    events: list[TimelineEvent] = []
    for entry in entries:
        payload = payloads.get(entry.sequence)
        if payload is not None:
            if entry.kind in PROCESS_KINDS:
                events += _steps(payload, entry.sequence)
            words = SENTENCES.get(entry.kind, unknown)({**payload, "event_kind": entry.kind}, names)
        elif entry.sequence in refusals:
            words = unreadable(entry.kind, refusals[entry.sequence])
        else:
            words = erased(entry.kind)
        moment = _event_moment(payload or {}) or _recorded_moment(entry, record)
        events.append(TimelineEvent(entry.kind, moment, _joined(words), entry.sequence))
    return events
