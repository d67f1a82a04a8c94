"""What every change of a record has in common: the lock, the version, the history."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.activities.permissions import keeps
from branches.models import Activity, ActivityEvent, ActivityState
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotYours, TooLate


def locked(activity_id: int) -> Activity:
    """Lock a record until the end of the transaction and return it as it is now.

    Raises:
        Activity.DoesNotExist: there is no record of this key.
    """
    return (
        Activity.objects.select_for_update(of=("self",))
        .select_related("branch", "group", "host", "recorder")
        .exclude(state=ActivityState.WITHOUT_RECORD)
        .get(pk=activity_id)
    )


_SHARED = 'SELECT * FROM "branches_activity" WHERE "id" = %s FOR SHARE'


def shared(activity_id: int) -> Activity:
    """Return a record as it is now, which nobody changes until the end of the transaction.

    Many hold it at once, so that hundreds of phones do not wait for each other; whoever changes
    the record waits for them, and they for whoever changes it. SQLite knows no such lock and needs
    none: there only one transaction writes.

    Raises:
        Activity.DoesNotExist: there is no record of this key.
    """
    found = (
        next(iter(Activity.objects.raw(_SHARED, [activity_id])), None)
        if connection.vendor == "postgresql"
        else Activity.objects.filter(pk=activity_id).first()
    )
    if found is None or not found.has_record:
        raise Activity.DoesNotExist
    return found


def refuse_older(activity: Activity, version: int | None) -> None:
    """Refuse a form that was opened before somebody else's change.

    Raises:
        ChangedMeanwhile: the record has another version now; says who changed it and when.
    """
    if version is None or version == activity.version:
        return
    last = activity.events.select_related("by__person").last()
    raise ChangedMeanwhile(
        _(
            "%(who)s changed this record at %(when)s. What you typed is still here; look at the "
            "record as it is now, then save again."
        )
        % {
            "who": (last and last.by) or _("Somebody else"),
            "when": timezone.localtime(last.at).strftime("%H:%M") if last else "—",
        }
    )


def open_record(
    activity_id: int, user: User, version: int | None, states: Collection[str]
) -> Activity:
    """Lock a record for a change by whoever keeps it, in one of some states.

    Raises:
        NotYours: the account does not keep this record.
        TooLate: it stands elsewhere, or is locked.
        ChangedMeanwhile: somebody else changed it since the form was opened.
    """
    activity = locked(activity_id)
    if not keeps(user, activity):
        raise NotYours(
            _("The record is kept by host and recorder, the branch and the Party department.")
        )
    if activity.is_locked:
        raise TooLate(_("The record is reviewed and locked. Add a supplement with a reason."))
    if activity.state not in states:
        raise TooLate(
            _("The record is “%(state)s” now, so this cannot be changed.")
            % {"state": activity.get_state_display()}
        )
    refuse_older(activity, version)
    return activity


def note(
    activity: Activity,
    step: str,
    user: User | None,
    *,
    before: str | None = None,
    reason: str = "",
) -> None:
    """Write a line of the history."""
    ActivityEvent.objects.create(
        activity=activity,
        step=step,
        before=activity.state if before is None else before,
        after=activity.state,
        by=user,
        at=timezone.now(),
        reason=reason[:300],
    )


def changed(activity: Activity, step: str, user: User, **values: Any) -> None:
    """Save changed fields, count the version on and write the history.

    A change of what is signed off takes the signatures away.
    """
    for name, value in values.items():
        setattr(activity, name, value)
    activity.version += 1
    if step in {"minutes", "attendance", "vote", "change"}:
        activity.host_signed_at = activity.recorder_signed_at = None
    activity.save()
    note(activity, step, user)
