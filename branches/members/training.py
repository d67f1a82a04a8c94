"""Training hours against the goal of the year, in words, and how they are entered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from branches.members.reading import members_of
from branches.members.register import require_keeper
from branches.models import (
    COMMITTEE_POSTS,
    Activity,
    Audience,
    PartyMember,
    PartyPost,
    TrainingGoal,
    TrainingHours,
    TrainingKind,
    covers,
)
from branches.models.activities import NOT_HELD
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible


@dataclass(frozen=True)
class Progress:
    """Hours of one member in one year.

    Attributes:
        hours: written down so far.
        goal: None where no rule is known for the year.
        concentrated: how many concentrated trainings.
    """

    hours: Decimal
    concentrated: int
    goal: TrainingGoal | None

    @property
    def missing(self) -> Decimal:
        """How many hours are missing, 0 when the goal is reached."""
        if self.goal is None:
            return Decimal(0)
        return max(Decimal(self.goal.hours) - self.hours, Decimal(0))

    @property
    def is_reached(self) -> bool:
        """Whether hours and concentrated trainings are reached."""
        return self.goal is None or (
            self.missing == 0 and self.concentrated >= self.goal.concentrated
        )

    @property
    def words(self) -> str:
        """What is reached and what is missing, as a sentence."""
        if self.goal is None:
            return _("%(hours)s hours; no goal is known for this year.") % {
                "hours": plain(self.hours)
            }
        if self.is_reached:
            return _("%(hours)s of %(goal)s hours: the goal is reached.") % {
                "hours": plain(self.hours),
                "goal": self.goal.hours,
            }
        if self.missing:
            words = _("%(hours)s of %(goal)s hours: %(missing)s hours are missing.") % {
                "hours": plain(self.hours),
                "goal": self.goal.hours,
                "missing": plain(self.missing),
            }
        else:
            words = _("%(hours)s of %(goal)s hours.") % {
                "hours": plain(self.hours),
                "goal": self.goal.hours,
            }
        if self.concentrated < self.goal.concentrated:
            words = _("%(words)s A concentrated training is missing.") % {"words": words}
        return words


def plain(hours: Decimal) -> str:
    """Return hours without zeros that say nothing: 32, 3.5."""
    return f"{hours.normalize():f}"


def goals_of(year: int) -> dict[str, TrainingGoal]:
    """Return the goals of a year by whom they are for, by one query."""
    found: dict[str, TrainingGoal] = {}
    for goal in TrainingGoal.objects.filter(since_year__lte=year).order_by("since_year"):
        found[goal.audience] = goal
    return found


def progress_of(members: Iterable[int], year: int) -> dict[int, Progress]:
    """Return the progress of members by their key, by three queries however many they are."""
    keys = list(members)
    goals = goals_of(year)
    last = min(timezone.localdate(), datetime.date(year, 12, 31))
    committee = set(
        PartyPost.objects.filter(
            covers(last), kind__in=COMMITTEE_POSTS, person_id__in=keys
        ).values_list("person_id", flat=True)
    )
    sums = {
        row["member"]: (row["hours_sum"], row["concentrated"])
        for row in TrainingHours.objects.filter(member_id__in=keys, day__year=year)
        .order_by()
        .values("member")
        .annotate(
            hours_sum=Sum("hours"),
            concentrated=Count("pk", filter=Q(kind=TrainingKind.CONCENTRATED)),
        )
    }
    return {
        key: Progress(
            Decimal(sums.get(key, (0, 0))[0]),
            sums.get(key, (0, 0))[1],
            goals.get(Audience.COMMITTEE if key in committee else Audience.MEMBER),
        )
        for key in keys
    }


def _check(values: dict[str, Any]) -> None:
    today = timezone.localdate()
    if values["day"] > today:
        raise ValidationError({"day": _("This day lies in the future.")})
    if (values["hours"] * 2) % 1:
        raise ValidationError({"hours": _("Please write whole or half hours.")})
    if not Decimal("0.5") <= values["hours"] <= 8:
        raise ValidationError({"hours": _("A day has 0.5 to 8 hours of training.")})


@transaction.atomic
def add_hours(branch: Unit, member_ids: Iterable[int], values: dict[str, Any], user: User) -> int:
    """Write down hours for members of a branch; an activity counts once for each.

    Args:
        values: day, hours, kind, topic, and activity or None.

    Returns:
        How many rows were written.

    Raises:
        NotYours: the account does not keep the branch.
        NotPossible: nobody was chosen, somebody did not belong to the branch on that day, or
            more than eight hours would stand on one day.
        ValidationError: a value is wrong.
    """
    require_keeper(user, branch)
    _check(values)
    activity: Activity | None = values.get("activity")
    if activity is not None and activity.branch_id != branch.pk:
        raise ValidationError({"activity": _("This activity belongs to another branch.")})
    if activity is not None and activity.state in NOT_HELD:
        raise ValidationError({"activity": _("This activity was not held.")})
    chosen = set(member_ids)
    belongs = {row.member_id: row.member for row in members_of(branch, values["day"])}
    if not chosen:
        raise NotPossible(_("Please choose who took part."))
    if chosen - set(belongs):
        raise NotPossible(_("Somebody chosen did not belong to the branch on this day."))
    list(PartyMember.objects.select_for_update(of=("self",)).filter(pk__in=chosen).order_by("pk"))
    there = (
        set(activity.training.filter(member_id__in=chosen).values_list("member_id", flat=True))
        if activity is not None
        else set()
    )
    wanted = sorted(chosen - there)
    _refuse_long_days(wanted, belongs, values)
    TrainingHours.objects.bulk_create(
        [
            TrainingHours(
                member_id=key,
                day=values["day"],
                hours=values["hours"],
                kind=values["kind"],
                topic=values["topic"],
                activity=activity,
                entered_by=user,
            )
            for key in wanted
        ],
        batch_size=500,
    )
    return len(wanted)


def _refuse_long_days(
    wanted: list[int], belongs: dict[int, PartyMember], values: dict[str, Any]
) -> None:
    rows = (
        TrainingHours.objects.filter(member_id__in=wanted, day=values["day"])
        .order_by()
        .values("member")
        .annotate(total=Sum("hours"))
    )
    full = [row["member"] for row in rows if row["total"] + values["hours"] > 8]
    if full:
        names = "、".join(belongs[key].person.name for key in full[:5])
        raise NotPossible(
            _("More than eight hours would stand on this day for: %(names)s.") % {"names": names}
        )


def is_fixed(row: TrainingHours) -> bool:
    """Whether the hours belong to a record that was reviewed; those of a cancelled one do not."""
    activity = row.activity
    return activity is not None and activity.is_locked and activity.state not in NOT_HELD


@transaction.atomic
def remove_hours(row_id: int, user: User) -> None:
    """Take a wrong entry out again; the log keeps who did, when, and of which day it was.

    Raises:
        NotYours: the account does not keep the branch the member belonged to on that day.
        NotPossible: the hours belong to a record that is locked.
        ChangedMeanwhile: there is no such row.
    """
    row = (
        TrainingHours.objects.select_for_update(of=("self",))
        .select_related("activity", "member")
        .filter(pk=row_id)
        .first()
    )
    if row is None:
        raise ChangedMeanwhile(_("This entry is not there any more."))
    place = row.member.memberships.filter(covers(row.day)).select_related("branch").first()
    require_keeper(user, place.branch if place else None)
    if is_fixed(row):
        raise NotPossible(_("The record of this activity is locked, and its hours with it."))
    kept = {"day": str(row.day), "hours": str(row.hours), "kind": row.kind}
    log(row.member, "branches.hours_removed", user=user, data=kept)
    row.delete()
