"""Many decided cases of support at once, written past the flow, to be counted."""

from __future__ import annotations

import datetime
import itertools
import random
import uuid
from decimal import Decimal
from typing import Any

from portal.cases.models import Case, CaseEvent, Rating
from portal.organizations.models import Unit
from veterans.models import Application, SupportItem

ZONE = datetime.timezone(datetime.timedelta(hours=8))
BATCH = 2_000
_seeds = itertools.count(20261122)


def make_cases(
    count: int,
    item: SupportItem,
    unit: Unit,
    *,
    year: int = 2026,
    month: int | None = None,
    state: str = "closed",
    people: int | None = None,
    late: bool = False,
    reason: str = "condition",
    level: int = 0,
    amount: Decimal = Decimal(1_000),
) -> list[Case]:
    """Create cases that were handed in and decided in a year.

    Args:
        month: of the hand-in; spread over the year without it.
        people: how many different beneficiaries; one for each case by default.
        level: of the rating each got; 0 for none.
    """
    source = random.Random(next(_seeds))
    cases: list[Case] = []
    applications: list[Application] = []
    events: list[CaseEvent] = []
    ratings: list[Rating] = []
    for number in range(count):
        day = source.randrange(1, 28)
        moment = datetime.datetime(year, month or source.randrange(1, 13), day, 9, tzinfo=ZONE)
        case = Case(
            pk=uuid.UUID(int=source.getrandbits(128), version=4),
            flow="veterans-support",
            item=item.name,
            number=f"YJ-{year}-{source.getrandbits(60)}",
            state=state,
            sequence=2,
            unit=unit,
            submitted_at=moment,
            closed_at=moment + datetime.timedelta(days=20) if state == "closed" else None,
        )
        cases.append(case)
        who = number % people if people else source.getrandbits(60)
        applications.append(
            Application(
                case=case,
                item=item,
                period=str(year),
                amount=amount,
                identity_number=f"{unit.pk}-{item.pk}-{who}",
            )
        )
        refused = state == "rejected"
        events.append(
            CaseEvent(
                case=case,
                sequence=2,
                transition="reject" if refused else "approve",
                from_state="reviewed",
                to_state="rejected" if refused else "notice",
                party="approver",
                at=moment + datetime.timedelta(days=source.randrange(3, 18)),
                data={"in_time": not late, **({"reason_code": reason} if refused else {})},
            )
        )
        if level:
            later = moment + datetime.timedelta(days=21)
            ratings.append(Rating(case=case, level=level, given_at=later, changed_at=later))
    rows: tuple[tuple[Any, list[Any]], ...] = (
        (Case, cases),
        (Application, applications),
        (CaseEvent, events),
        (Rating, ratings),
    )
    for model, made in rows:
        model.objects.bulk_create(made, batch_size=BATCH)
    return cases
