"""Running benefits in their first year, paid a year ago, written past the flow."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone

from portal.cases.models import Case
from portal.people.models import User
from portal.workdays.periods import months_later
from tests.factories.beneficiaries import make_beneficiary
from tests.factories.organizations import company
from tests.factories.people import make_user
from tests.factories.standards import WIDOW
from tests.factories.support import CARD, DECISION, Office
from veterans.models import (
    Application,
    BenefitConfirmation,
    Budget,
    Payment,
    PaymentList,
    RunningBenefit,
)
from veterans.models.applications import PaymentState
from veterans.payments import budgets, services

ZONE = datetime.timezone(datetime.timedelta(hours=8))


def make_benefit(
    office: Office,
    started_on: datetime.date,
    *,
    confirmed: bool = True,
    name: str = "秦月兰",
    answers: dict[str, str] | None = None,
    amount: Decimal = Decimal(18_000),
) -> RunningBenefit:
    """Create a benefit of somebody new that was paid for a year from a day on.

    Args:
        confirmed: whether the person has confirmed the second year.
    """
    registered = make_beneficiary(office.station, name)
    item, person = office.version.item, registered.person
    moment = datetime.datetime.combine(started_on, datetime.time(9), ZONE)
    case = Case.objects.create(
        pk=uuid.uuid4(),
        flow="veterans-support",
        item=item.name,
        number=f"YJ-{started_on.year}-{uuid.uuid4().hex[:10]}",
        state="closed",
        sequence=8,
        unit=company(),
        applicant=person,
        beneficiary=person,
        submitted_at=moment - datetime.timedelta(days=30),
        closed_at=moment,
    )
    application = Application(
        case=case,
        item=item,
        version=office.version,
        standard_sha256=office.version.snapshot_sha256,
        name=person.name,
        identity_number=person.identity_number,
        bank_name="岚川储蓄银行",
        bank_card=CARD,
        period=str(started_on.year),
        active=True,
        amount=amount,
        supported=True,
    )
    application.given_answers = answers or WIDOW
    application.save()
    Payment.objects.create(
        application=application,
        amount=amount,
        state=PaymentState.PAID,
        ordered_by=office.payer,
        ordered_at=moment,
        finished_by=office.payer,
        finished_at=moment,
    )
    next_from = months_later(started_on, 12)
    benefit = RunningBenefit.objects.create(
        application=application,
        person=person,
        item=item,
        started_on=started_on,
        confirm_by=next_from,
        next_from=next_from,
    )
    if confirmed:
        confirm_by(benefit, person_of(benefit, office))
    return benefit


def confirm_by(benefit: RunningBenefit, user: Any) -> None:
    """Write a confirmation of the next year down, by an account, whatever the day."""
    BenefitConfirmation.objects.create(
        benefit=benefit,
        for_day=benefit.confirm_by,
        confirmed_by=user,
        confirmed_at=timezone.now(),
    )
    benefit.confirm_by = months_later(benefit.confirm_by, 12)
    benefit.save(update_fields=["confirm_by"])


def person_of(benefit: RunningBenefit, office: Office) -> Any:
    """Return the account that confirms: the person's own, or else the station's."""
    return getattr(benefit.person, "user", None) or office.station


def listed(office: Office, *rows: RunningBenefit, by: User | None = None) -> PaymentList:
    """Order the next years of benefits in a list; nothing is left out."""
    made, left = services.make_list(
        office.version.item, by or office.payer, [], [row.pk for row in rows]
    )
    assert left == []
    return made


def only(made: PaymentList) -> Payment:
    """Return the one payment of a list."""
    return Payment.objects.get(list_row__list=made)


def due(office: Office, user: User | None = None) -> list[RunningBenefit]:
    """Return the benefits whose next year finance, or another account, may order."""
    return list(services.payable_years(user or office.payer))


def budget(office: Office, amount: int) -> Budget:
    """Put a budget of 2027 in force, in yuan."""
    row = budgets.propose(office.version.item, 2027, Decimal(amount), DECISION, office.station)
    return budgets.approve(row.pk, make_user("union_chair"))
