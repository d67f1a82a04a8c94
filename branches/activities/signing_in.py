"""Sign in at a meeting by the code on the screen, ask for leave, and be entered by the recorder."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.activities.keeping import changed, locked, open_record, shared
from branches.activities.permissions import keeps
from branches.models import AbsenceReason, Activity, ActivityState, Attendance, Presence
from branches.models.attendance import PRESENT, Entered
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours, TooLate

#: People sign in so long before the start, and until so long after the planned end.
BEFORE_START = datetime.timedelta(hours=1)
AFTER_END = datetime.timedelta(hours=1)
WITHOUT_END = datetime.timedelta(hours=4)
OPEN_STATES = (ActivityState.NOTIFIED, ActivityState.HELD)


def is_open(activity: Activity, now: datetime.datetime | None = None) -> bool:
    """Whether people sign in now; what host or recorder signed off stays as they saw it."""
    if activity.state not in OPEN_STATES or activity.starts_at is None:
        return False
    if activity.host_signed_at is not None or activity.recorder_signed_at is not None:
        return False
    now = now or timezone.now()
    end = activity.ends_at + AFTER_END if activity.ends_at else activity.starts_at + WITHOUT_END
    return activity.starts_at - BEFORE_START <= now <= end


def sign_in(activity_id: int, person: Person) -> Attendance:
    """Note that somebody came, on time or late by the planned start.

    One update in a short transaction of its own, while the activity is held as it is: hundreds of
    phones share that lock and do not wait for each other, and nobody signs the minutes off
    meanwhile. Whoever signs in twice keeps the first time. Somebody who is not on the list sits in.

    Raises:
        TooLate: nobody signs in now.
        Activity.DoesNotExist: there is no such record.
    """
    with transaction.atomic():
        activity = shared(activity_id)
        now = timezone.now()
        if not is_open(activity, now):
            raise TooLate(_("Nobody signs in to this activity now. Please ask the recorder."))
        is_late = activity.starts_at is not None and now > activity.starts_at
        values: dict[str, Any] = {
            "presence": Presence.LATE if is_late else Presence.ON_TIME,
            "signed_at": now,
            "entered": Entered.SCAN,
            "reason": "",
        }
        rows = Attendance.objects.filter(activity=activity, person=person)
        if not rows.exclude(presence__in=PRESENT).update(**values):
            Attendance.objects.bulk_create(
                [Attendance(activity=activity, person=person, is_guest=True, **values)],
                ignore_conflicts=True,
            )
        return rows.get()


def ask_leave(activity_id: int, person: Person, reason: str, note: str) -> Attendance:
    """Say beforehand that one cannot come, with the reason.

    Raises:
        NotPossible: no reason, or the person is not on the list.
        TooLate: the activity has begun, or the person came already.
    """
    if reason not in AbsenceReason.values:
        raise NotPossible(_("Please choose why you cannot come."))
    with transaction.atomic():
        activity = locked(activity_id)
        found = (
            Attendance.objects.select_for_update()
            .filter(activity=activity, person=person, is_guest=False)
            .first()
        )
        if found is None:
            raise NotPossible(_("You are not on the list of this activity."))
        if activity.state != ActivityState.NOTIFIED or (
            activity.starts_at is not None and activity.starts_at <= timezone.now()
        ):
            raise TooLate(_("The activity has begun. Please tell the recorder why you were away."))
        if found.is_present:
            raise TooLate(_("You signed in already."))
        found.presence, found.entered = Presence.LEAVE, Entered.SELF
        found.reason, found.note = reason, note.strip()[:500]
        found.save(update_fields=["presence", "entered", "reason", "note"])
    return found


def shown(row: Attendance) -> str:
    """Return what a form shows of a line, to know later whether it is still so."""
    return _value(row.presence, row.reason)


def _value(presence: str, reason: str) -> str:
    return f"{presence}:{reason}"


@dataclass(frozen=True)
class Entry:
    """What the recorder enters for one person.

    Attributes:
        was: what the form showed (`shown`); None where no form was shown.
    """

    presence: str
    reason: str = ""
    was: str | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether the form came back as it was shown."""
        return self.was is not None and self.was == _value(self.presence, self.reason)


class RowsChanged(ChangedMeanwhile):
    """People signed in, asked for leave or were entered since the form was opened.

    Attributes:
        people: their keys.
    """

    def __init__(self, rows: list[Attendance]) -> None:
        now = "、".join(f"{row.person.name}（{row.get_presence_display()}）" for row in rows)
        super().__init__(
            _(
                "Since you opened this page it became known: %(rows)s. What you typed is still "
                "here; look at these lines, then save again."
            )
            % {"rows": now}
        )
        self.people = frozenset(row.person_id for row in rows)


@transaction.atomic
def enter(
    activity_id: int,
    user: User,
    version: int | None,
    entries: Mapping[int, Entry],
    why: str,
) -> int:
    """Enter or correct by hand who came and who did not, with a reason for all of it.

    Only what was changed in the form is written; whoever signed in or asked for leave meanwhile
    stays as they are.

    Args:
        entries: by the key of the person.
        why: such as "phone without battery"; kept with each line.

    Returns:
        How many lines changed.

    Raises:
        NotPossible: a line is not on the list, an absence has no reason, or why is missing.
        RowsChanged: a line that was changed in the form is not as the form showed it.
        NotYours, TooLate, ChangedMeanwhile: see `open_record`.
    """
    states = (ActivityState.NOTIFIED, ActivityState.HELD)
    activity = open_record(activity_id, user, version, states)
    rows = {
        row.person_id: row
        for row in activity.attendances.select_for_update(of=("self",)).select_related("person")
    }
    typed = {key: entry for key, entry in entries.items() if not entry.is_untouched}
    _refuse_changed(typed, rows)
    touched = []
    for person_id, entry in typed.items():
        row = rows.get(person_id)
        if row is None or entry.presence not in Presence.values:
            raise NotPossible(_("Somebody in this list is not expected here. Open the page again."))
        missed = entry.presence in {Presence.LEAVE, Presence.ABSENT}
        reason = entry.reason if missed else ""
        if (row.presence, row.reason) == (entry.presence, reason):
            continue
        if missed and reason not in AbsenceReason.values:
            raise NotPossible(
                _("Please choose why %(name)s did not come.") % {"name": row.person.name}
            )
        row.presence, row.reason = entry.presence, reason
        row.entered = "" if entry.presence == Presence.EXPECTED else Entered.RECORDER
        row.change_reason, row.changed_by = why.strip()[:200], user
        if row.presence not in PRESENT:
            row.signed_at = None
        touched.append(row)
    if not touched:
        return 0
    if not why.strip():
        raise NotPossible(_("Please say why you enter this by hand."))
    Attendance.objects.bulk_update(
        touched,
        ["presence", "reason", "entered", "change_reason", "changed_by", "signed_at"],
        batch_size=500,
    )
    changed(activity, "attendance", user)
    return len(touched)


def _refuse_changed(typed: Mapping[int, Entry], rows: Mapping[int, Attendance]) -> None:
    """Refuse lines that are neither as the form showed them nor as they were typed.

    Raises:
        RowsChanged: there are such lines.
    """
    found = [
        rows[key]
        for key, entry in typed.items()
        if entry.was is not None
        and key in rows
        and shown(rows[key]) not in (entry.was, _value(entry.presence, entry.reason))
    ]
    if found:
        raise RowsChanged(found)


@transaction.atomic
def make_up(attendance_id: int, user: User, on: datetime.date, by: str, how: str) -> Attendance:
    """Note that somebody who missed the activity was told later (补课、传达).

    It is a fact after the meeting, so a locked record takes it too.

    Raises:
        NotPossible: the person was there, or the day is before the activity or ahead.
        NotYours: the account does not keep the record.
    """
    # The activity first, as everybody locks it, so that no two wait for each other.
    activity = locked(Attendance.objects.values_list("activity", flat=True).get(pk=attendance_id))
    found = Attendance.objects.select_for_update(of=("self",)).get(pk=attendance_id)
    if not keeps(user, activity):
        raise NotYours(
            _("The record is kept by host and recorder, the branch and the Party department.")
        )
    if not found.was_missed or found.is_guest:
        raise NotPossible(_("Only who missed the activity is told later."))
    if not activity.held_on <= on <= timezone.localdate():
        raise NotPossible(_("The day lies before the activity or ahead of today."))
    if not by.strip() or not how.strip():
        raise NotPossible(_("Please say who told it and how."))
    found.made_up_on, found.made_up_by, found.made_up_how = on, by.strip()[:50], how.strip()[:100]
    found.save(update_fields=["made_up_on", "made_up_by", "made_up_how"])
    return found


@dataclass(frozen=True)
class Counts:
    """The numbers of a list of attendance: should = attended + absent, unless some are unknown."""

    should: int
    attended: int
    late: int
    absent: int
    unknown: int
    guests: int
    voters: int
    voters_present: int
    made_up: int


def counts(rows: list[Attendance]) -> Counts:
    """Count a list of attendance."""
    members = [row for row in rows if not row.is_guest]
    return Counts(
        should=len(members),
        attended=sum(row.is_present for row in members),
        late=sum(row.presence == Presence.LATE for row in members),
        absent=sum(row.was_missed for row in members),
        unknown=sum(row.presence == Presence.EXPECTED for row in members),
        guests=sum(row.is_guest for row in rows),
        voters=sum(row.has_vote for row in members),
        voters_present=sum(row.has_vote and row.is_present for row in members),
        made_up=sum(row.made_up_on is not None for row in members),
    )
