"""The steps of a record and the signatures under it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.activities import flow, guards, messages
from branches.activities.keeping import changed, locked, note, open_record, refuse_older
from branches.activities.permissions import keeps
from branches.activities.roster import fill
from branches.activities.training import credit_hours
from branches.models import Activity, ActivityState, Supplement
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours, TooLate


@transaction.atomic
def take(
    activity_id: int, code: str, user: User, version: int | None = None, reason: str = ""
) -> Activity:
    """Take a step of the flow.

    Raises:
        NotYours: the account may not take it.
        ChangedMeanwhile: the record stands elsewhere, or is not as the account saw it.
        NotPossible: something is missing; the message lists it. Also without a needed reason.
    """
    step = flow.BY_CODE[code]
    activity = locked(activity_id)
    if activity.state not in step.before:
        raise ChangedMeanwhile(_already(activity))
    if not step.who(user, activity):
        raise NotYours(_why_not(code))
    refuse_older(activity, version)
    if step.needs_reason and not reason.strip():
        raise NotPossible(_("Please say why."))
    missing = [sentence for guard in step.guards for sentence in guard(activity)]
    if missing:
        raise NotPossible("".join(f"{sentence} " for sentence in missing).strip())
    before = activity.state
    activity.state = step.after
    activity.version += 1
    _effects(activity, code, user)
    activity.save()
    note(activity, code, user, before=before, reason=reason.strip())
    _tell(activity, code, before)
    return activity


def _already(activity: Activity) -> str:
    last = activity.events.select_related("by__person").last()
    return _("%(who)s was first: the record is “%(state)s” now.") % {
        "who": (last and last.by) or _("Somebody else"),
        "state": activity.get_state_display(),
    }


def _why_not(code: str) -> str:
    if code in {"approve", "return"}:
        return _(
            "A record is reviewed by the branch secretary or the Party department, and never by "
            "its host, its recorder or whoever handed it in."
        )
    return _("The record is kept by host and recorder, the branch and the Party department.")


def _effects(activity: Activity, code: str, user: User) -> None:
    now = timezone.now()
    if code == "notify":
        activity.notified_at = now
    elif code == "hand-in":
        activity.handed_in_by = user
        # A record that came back for a comma was there on the first day nevertheless.
        activity.recorded_on = activity.recorded_on or timezone.localdate(now)
    elif code == "approve":
        activity.reviewed_by, activity.reviewed_at = user, now
        credit_hours(activity, user)
    elif code == "return":
        activity.host_signed_at = activity.recorder_signed_at = None
        activity.handed_in_by = None
    if code in {"notify", "hold"}:
        fill(activity)


def _tell(activity: Activity, code: str, before: str) -> None:
    if code == "notify":
        messages.tell_listed(messages.NOTICE, activity)
    elif code == "cancel" and before == ActivityState.NOTIFIED:
        messages.tell_listed(messages.CANCELLED, activity)
    elif code == "hand-in":
        messages.tell_reviewers(activity)
    elif code == "return":
        messages.tell_keepers(activity)


@transaction.atomic
def sign_off(activity_id: int, user: User, version: int | None = None) -> Activity:
    """Stand by the minutes as they are, as host or as recorder; a later change takes it away.

    Raises:
        NotYours: the account is neither.
        NotPossible: there are no minutes yet.
        TooLate, ChangedMeanwhile: see `open_record`.
    """
    activity = open_record(activity_id, user, version, (ActivityState.HELD,))
    now = timezone.now()
    if user.person_id is None or user.person_id not in (activity.host_id, activity.recorder_id):
        raise NotYours(_("Minutes are signed off by the host and by the recorder, each alone."))
    missing = guards.has_minutes(activity)
    if missing:
        raise NotPossible(missing[0])
    field = "host_signed_at" if user.person_id == activity.host_id else "recorder_signed_at"
    changed(activity, "sign-off", user, **{field: now})
    return activity


@transaction.atomic
def supplement(activity_id: int, user: User, text: str, reason: str) -> Supplement:
    """Add words to a locked record, with the reason; what was reviewed stays as it is.

    Raises:
        NotYours: the account does not keep this record.
        TooLate: the record is not locked yet, or was cancelled.
        NotPossible: words or reason are missing.
    """
    activity = locked(activity_id)
    if not keeps(user, activity):
        raise NotYours(_why_not("supplement"))
    if activity.state not in (ActivityState.REVIEWED, ActivityState.ARCHIVED):
        raise TooLate(_("This record is not locked. Change the record itself."))
    if not text.strip() or not reason.strip():
        raise NotPossible(_("A supplement needs its words and the reason."))
    made = Supplement.objects.create(
        activity=activity,
        text=text.strip(),
        reason=reason.strip()[:200],
        written_by=user,
        written_at=timezone.now(),
    )
    note(activity, "supplement", user, reason=reason.strip())
    return made


def archive(activity: Activity, user: User | None) -> None:
    """Let a reviewed record whose page goes live be archived.

    Called in the publish transaction, at whose end the archive record of the page is written; so
    no record is called archived without one.
    """
    found = locked(activity.pk)
    if found.state not in flow.ARCHIVE.before:
        return
    before, found.state = found.state, flow.ARCHIVE.after
    found.version += 1
    found.save(update_fields=["state", "version"])
    note(found, flow.ARCHIVE.code, user, before=before)
