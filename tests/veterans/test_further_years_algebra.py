"""Whatever happens to a benefit in whatever order: no day is paid twice, no cap is passed."""

from __future__ import annotations

import datetime
import itertools
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.refusals import Refusal
from tests.factories.benefits import make_benefit
from tests.factories.support import Office, make_office
from veterans.beneficiaries import benefits
from veterans.models import Payment, RunningBenefit
from veterans.models.applications import PaymentState
from veterans.payments import further_years, services
from veterans.payments.next_years import last_day_of

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

STARTED = datetime.date(2026, 3, 10)
CAP = Decimal(18_000)
ACTIONS = ("confirm", "stop", "job", "order", "book", "fail", "back")
STEPS = st.lists(st.one_of(st.sampled_from(ACTIONS), st.integers(1, 400)), min_size=4, max_size=14)


@pytest.fixture
def office(time_machine: Any) -> Office:
    time_machine.move_to("2026-03-10 09:00+08:00")
    return make_office()


def _on_its_way() -> int:
    found = Payment.objects.filter(state=PaymentState.ORDERED, period__gt=1).first()
    return found.pk if found is not None else 0


def _take(action: str, office: Office, key: Any) -> None:
    """Do what is asked for, if it may be done now."""
    item, payer = office.version.item, office.payer
    payment = _on_its_way()
    ways: dict[str, Callable[[], Any]] = {
        "confirm": lambda: benefits.confirm(key, office.station, channel="phone"),
        "stop": lambda: benefits.stop(key, "暂停核实", office.station),
        "job": benefits.remind_and_stop,
        "order": lambda: services.make_list(item, payer, [], [key]),
    }
    if payment:
        ways |= {
            "book": lambda: further_years.book(payment, payer),
            "fail": lambda: further_years.fail(payment, payer, "退票"),
            "back": lambda: further_years.take_back(payment, payer, "核对"),
        }
    if action in ways:
        try:
            ways[action]()
        except Refusal:
            return


def _check(key: Any) -> None:
    years = list(Payment.objects.filter(period__gt=1).order_by("first_day"))
    paid = [row for row in years if row.state == PaymentState.PAID]
    held = [row for row in years if row.state in (PaymentState.PAID, PaymentState.ORDERED)]
    spans = [(STARTED, last_day_of(STARTED)), *((row.first_day, row.last_day) for row in paid)]
    for (_first, last), (begin, _end) in itertools.pairwise(spans):
        assert last is not None and begin is not None and last < begin, "a day is paid twice"
    assert len({row.period for row in held}) == len(held), "a year is paid twice"
    by_year: dict[int, Decimal] = defaultdict(Decimal)
    for row in held:
        assert row.first_day is not None
        by_year[row.first_day.year] += row.amount
        assert row.first_day <= timezone.localdate(row.ordered_at), "paid before it began"
    assert all(total <= CAP for total in by_year.values()), "more than the cap"
    benefit = RunningBenefit.objects.get(pk=key)
    assert all(row.last_day is not None and row.last_day < benefit.next_from for row in paid)


@given(steps=STEPS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_day_is_paid_twice_and_no_cap_is_passed(
    office: Office, time_machine: Any, steps: list[str | int]
) -> None:
    with transaction.atomic():
        now = datetime.datetime(
            2026, 3, 10, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=8))
        )
        time_machine.move_to(now)
        key = make_benefit(office, STARTED, confirmed=False).pk
        for step in (330, "confirm", 40, "order", *steps):
            if isinstance(step, int):
                now += datetime.timedelta(days=step)
                time_machine.move_to(now)
            else:
                _take(step, office, key)
                _check(key)
        transaction.set_rollback(True)
