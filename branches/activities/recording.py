"""Write the minutes: points of speakers, resolutions, votes, what the kind asks for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.activities import votes
from branches.activities.keeping import changed, locked, note, open_record
from branches.activities.permissions import keeps
from branches.models import Activity, ActivityState, Resolution, Speech, Vote
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours

MINUTES_STATES = (ActivityState.HELD,)


@transaction.atomic
def save_minutes(
    activity_id: int,
    user: User,
    version: int | None,
    *,
    facts: dict[str, Any],
    speeches: Sequence[dict[str, Any]],
    resolutions: Sequence[dict[str, Any]],
) -> Activity:
    """Write the whole minutes anew, from one form.

    Args:
        facts: minutes, agenda, account, details.
        speeches: person and points, in order.
        resolutions: fields of `Resolution`, in order; with `pk` where it is there already.

    Raises:
        NotYours, TooLate, ChangedMeanwhile: see `open_record`.
    """
    activity = open_record(activity_id, user, version, MINUTES_STATES)
    activity.speeches.all().delete()
    Speech.objects.bulk_create([Speech(activity=activity, **row) for row in speeches])
    kept = {row["pk"]: row for row in resolutions if row.get("pk")}
    for found in activity.resolutions.all():
        if found.pk in kept:
            for name, value in kept[found.pk].items():
                setattr(found, name, value)
            found.save()
        else:
            found.delete()
    Resolution.objects.bulk_create(
        [Resolution(activity=activity, **row) for row in resolutions if not row.get("pk")]
    )
    changed(activity, "minutes", user, **facts)
    return activity


@transaction.atomic
def add_vote(
    activity_id: int, user: User, version: int | None, values: dict[str, Any]
) -> tuple[Vote, votes.Outcome]:
    """Record a vote. How many should vote comes from the list of attendance.

    Returns:
        the vote and what became of it, in words.

    Raises:
        NotPossible: the numbers do not fit each other or the list of attendance.
        NotYours, TooLate, ChangedMeanwhile: see `open_record`.
    """
    activity = open_record(activity_id, user, version, MINUTES_STATES)
    voters = list(activity.attendances.filter(has_vote=True))
    there = sum(row.is_present for row in voters)
    vote = Vote(activity=activity, should=len(voters), **values)
    tally = votes.tally_of(vote)
    rules = votes.rules_of(vote.subject)
    wrong = votes.problems(tally, is_open=votes.is_open(tally, rules))
    if tally.present > there:
        wrong.append(
            _("By the list of attendance only %(there)d with a vote are present.")
            % {"there": there}
        )
    if wrong:
        raise NotPossible("".join(wrong))
    vote.save()
    changed(activity, "vote", user)
    return vote, votes.outcome(tally, rules)


@transaction.atomic
def remove_vote(activity_id: int, vote_id: int, user: User, version: int | None) -> None:
    """Take a vote out that was written down wrongly.

    Raises:
        NotYours, TooLate, ChangedMeanwhile: see `open_record`.
    """
    activity = open_record(activity_id, user, version, MINUTES_STATES)
    activity.votes.filter(pk=vote_id).delete()
    changed(activity, "vote", user)


@transaction.atomic
def carry_out(resolution_id: int, user: User, on: datetime.date, words: str) -> Resolution:
    """Note that a resolution was carried out; by whoever is responsible, or keeps the record.

    It is a fact after the meeting, so a locked record takes it too.

    Raises:
        NotYours: the account is neither.
        NotPossible: the day is ahead or before the activity, or it was noted already.
        ChangedMeanwhile: somebody took it out of the minutes.
    """
    # The activity first, as everybody locks it, so that no two wait for each other.
    activity = locked(Resolution.objects.values_list("activity", flat=True).get(pk=resolution_id))
    found = activity.resolutions.select_for_update(of=("self",)).filter(pk=resolution_id).first()
    if found is None:
        raise ChangedMeanwhile(_("This resolution is not in the minutes any more."))
    own = user.person_id is not None and user.person_id == found.responsible_id
    if not own and not keeps(user, activity):
        raise NotYours(_("This is noted by whoever is responsible, or keeps the record."))
    if found.done_on is not None:
        raise NotPossible(_("This was noted as done already."))
    if not activity.held_on <= on <= timezone.localdate():
        raise NotPossible(_("The day lies before the activity or ahead of today."))
    found.done_on, found.done_note = on, words.strip()[:300]
    found.save(update_fields=["done_on", "done_note"])
    note(activity, "done", user)
    return found
