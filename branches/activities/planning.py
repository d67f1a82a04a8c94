"""Plan an activity, change the plan, and make the plans of a year's theme days."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.activities.keeping import changed, note, open_record
from branches.activities.messages import CHANGED, tell_listed
from branches.activities.permissions import keeps_branch
from branches.activities.roster import fill
from branches.activities.theme_days import ThemeDay, theme_days
from branches.dates import in_words
from branches.models import Activity, ActivityKind, ActivityState, ThemeDayRule
from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.refusals import NotPossible, NotYours
from portal.workdays.calendar import current

#: Facts whose change everybody who was told is told again.
TOLD = ("held_on", "starts_at", "place")
WHO_COMES = ("kind", "group_id", "held_on", "guests")


def moment(day: datetime.date, clock: datetime.time) -> datetime.datetime:
    """Return a day and an hour in Shanghai as an aware moment."""
    return timezone.make_aware(datetime.datetime.combine(day, clock))


def _refuse_stranger(user: User, branch: Unit) -> None:
    if not keeps_branch(user, branch):
        raise NotYours(_("Activities are planned by the branch and the Party department."))


def _refuse_ended(branch: Unit, day: datetime.date) -> None:
    if not branch.is_valid_on(day):
        raise NotPossible(
            _("%(branch)s does not exist on %(day)s.")
            % {"branch": branch.name, "day": in_words(day)}
        )


@transaction.atomic
def plan(branch: Unit, user: User, values: dict[str, Any]) -> Activity:
    """Plan an activity of a branch.

    Args:
        values: fields of the activity, `starts_at` among them; its day follows.

    Raises:
        NotYours: the account plans nothing for this branch.
        NotPossible: the branch does not exist on the day.
    """
    _refuse_stranger(user, branch)
    day = timezone.localdate(values["starts_at"])
    _refuse_ended(branch, day)
    made = Activity.objects.create(
        **values, branch=branch, held_on=day, state=ActivityState.PLANNED, version=1
    )
    note(made, "plan", user, before="")
    return made


@transaction.atomic
def change_plan(
    activity_id: int, user: User, version: int | None, values: dict[str, Any]
) -> Activity:
    """Change the plan of what is not held yet; everybody who was told is told again.

    Raises:
        NotYours, TooLate, ChangedMeanwhile: see `open_record`.
        NotPossible: the branch does not exist on the new day.
    """
    states = (ActivityState.PLANNED, ActivityState.NOTIFIED, ActivityState.HELD)
    activity = open_record(activity_id, user, version, states)
    before = {name: getattr(activity, name) for name in {*TOLD, *WHO_COMES}}
    day = timezone.localdate(values["starts_at"])
    _refuse_ended(activity.branch, day)
    changed(activity, "change", user, **values, held_on=day)
    differs = {name for name, value in before.items() if getattr(activity, name) != value}
    if activity.state != ActivityState.PLANNED and differs & {*WHO_COMES}:
        fill(activity)
    if activity.state == ActivityState.NOTIFIED and differs:
        tell_listed(CHANGED, activity)
    return activity


def year_preview(rule: ThemeDayRule, year: int) -> list[tuple[ThemeDay, Activity | None]]:
    """Return the theme days of a year, each with what the month has already, by two queries."""
    there: dict[int, Activity] = {}
    for activity in Activity.objects.filter(
        branch=rule.branch_id, kind=ActivityKind.THEME_DAY, held_on__year=year
    ).exclude(state=ActivityState.CANCELLED):
        there.setdefault(activity.held_on.month, activity)
    return [(day, there.get(day.month)) for day in theme_days(rule, year, current())]


@transaction.atomic
def plan_year(
    rule_id: int, user: User, year: int, host: Person | None, recorder: Person | None
) -> int:
    """Make the plans of a year's theme days, for days ahead in months that have none.

    Returns:
        How many plans were made.

    Raises:
        NotYours: the account plans nothing for this branch.
        NotPossible: nothing is left to plan.
    """
    rule = (
        ThemeDayRule.objects.select_for_update(of=("self",))
        .select_related("branch")
        .get(pk=rule_id)
    )
    _refuse_stranger(user, rule.branch)
    made = 0
    for found, there in year_preview(rule, year):
        if (
            there is not None
            or found.day is None
            or found.day <= timezone.localdate()
            or not rule.branch.is_valid_on(found.day)
        ):
            continue
        start = moment(found.day, rule.starts)
        plan(
            rule.branch,
            user,
            {
                "kind": ActivityKind.THEME_DAY,
                "topic": f"{found.day.month}月{rule.topic}",
                "starts_at": start,
                "ends_at": start + datetime.timedelta(hours=float(rule.hours)),
                "place": rule.place,
                "host": host,
                "recorder": recorder,
            },
        )
        made += 1
    if not made:
        raise NotPossible(_("No month of this year is left without a theme day."))
    return made
