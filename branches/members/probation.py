"""The probation of a new member."""

from __future__ import annotations

import datetime

from branches.models import PartyMember
from portal.workdays.periods import months_later

#: Source: 党章第七条（预备党员的预备期为一年）.
PROBATION_MONTHS = 12


def ends_on(member: PartyMember) -> datetime.date:
    """Return the first day on which a probationary member can be confirmed."""
    return member.probation_until or months_later(member.joined_on, PROBATION_MONTHS)
