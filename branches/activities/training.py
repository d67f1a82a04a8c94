"""A reviewed Party class gives those who were there their hours of training."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from branches.models import Activity, ActivityKind, PartyMember, TrainingHours, TrainingKind
from branches.models.attendance import PRESENT
from portal.people.models import User

#: Source: 党员教育管理工作条例, a day counts eight hours.
HOURS_OF_A_DAY = Decimal(8)


def credit_hours(activity: Activity, user: User) -> int:
    """Write down the hours of a Party class for the members who came, by four queries.

    Whoever has hours for this activity already, or would have more than a day's on this day, gets
    none: the register of members is where that is put right.

    Returns:
        How many rows were written.
    """
    hours = Decimal(str(activity.details.get("hours") or 0))
    if activity.kind != ActivityKind.PARTY_CLASS or hours <= 0:
        return 0
    came = activity.attendances.filter(presence__in=PRESENT, is_guest=False).values("person")
    members = set(PartyMember.objects.filter(pk__in=came).values_list("pk", flat=True))
    there = set(activity.training.values_list("member_id", flat=True))
    sums = dict(
        TrainingHours.objects.filter(member__in=members, day=activity.held_on)
        .order_by()
        .values_list("member")
        .annotate(total=Sum("hours"))
    )
    rows = [
        TrainingHours(
            member_id=key,
            day=activity.held_on,
            hours=hours,
            kind=TrainingKind.CLASS,
            topic=activity.topic[:100],
            activity=activity,
            entered_by=user,
        )
        for key in sorted(members - there)
        if sums.get(key, 0) + hours <= HOURS_OF_A_DAY
    ]
    TrainingHours.objects.bulk_create(rows, batch_size=500)
    return len(rows)
