"""The probation of a new member."""

from __future__ import annotations

import datetime

from django.db.models import Q

from branches.models import MemberRule, MemberRuleCode, PartyMember
from portal.workdays.periods import months_later


def probation_rule() -> MemberRule:
    """Return how many months a probation has, with the clause."""
    return MemberRule.objects.get(code=MemberRuleCode.PROBATION)


def ends_on(member: PartyMember, months: int) -> datetime.date:
    """Return the first day on which a probationary member can be confirmed.

    Args:
        months: of `probation_rule`.
    """
    return member.probation_until or months_later(member.joined_on, months)


def ends_by(day: datetime.date, months: int) -> Q:
    """Return the condition on memberships whose member can be confirmed on a day."""
    return Q(member__probation_until__lte=day) | Q(
        member__probation_until__isnull=True, member__joined_on__lte=months_later(day, -months)
    )
