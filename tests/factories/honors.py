"""Titles, awards and their people for tests. All names are invented."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.db import transaction
from django.utils import timezone

from honors.awards.granting import Winner, award_of
from honors.awards.numbers import next_numbers
from honors.models import Award, Title
from portal.organizations.models import Unit
from portal.people.models import User
from tests.factories.organizations import company, party_committee
from tests.factories.people import make_user

DECIDED = datetime.date(2026, 6, 26)
DECISION = "测党发〔2026〕18号"
_numbers = itertools.count(1)


def title(code: str = "excellent-member") -> Title:
    """Return one of the titles every portal begins with."""
    return Title.objects.get(code=code)


def post_title() -> Title:
    """Return the title for posts that are reviewed and have a plate."""
    return Title.objects.get(code="safety-model-post")


@transaction.atomic
def make_award(
    of: Title | None = None,
    name: str = "",
    unit: Unit | None = None,
    *,
    year: int = 2026,
    decided_on: datetime.date = DECIDED,
    confirmed: bool = True,
    by: User | None = None,
    **fields: Any,
) -> Award:
    """Create an award, granted by default.

    Args:
        fields: columns of `Award`.
    """
    number = next(_numbers)
    chosen = of or title()
    winner = Winner(name=name or f"获奖者{number}", unit=unit or company())
    award = award_of(chosen, year, winner, DECISION, decided_on)
    award.entered_by = by
    for field, value in fields.items():
        setattr(award, field, value)
    if confirmed:
        award.number = award.number or next_numbers(year, chosen.number_mark, 1)[0]
        award.confirmed_at = timezone.now()
    award.save(force_insert=True)
    return award


class HonorOffice:
    """Who works on awards."""

    def __init__(self) -> None:
        self.committee = party_committee()
        self.staff = make_user("party_staff", name="苏静怡")
        self.approver = make_user("party_approver", name="秦伯安")
        self.auditor = make_user("discipline_auditor", name="何静")
        self.reader = make_user("employee", name="田小禾")
