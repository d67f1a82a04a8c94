"""What further years of running benefits cost, what claims them back, and the record they leave."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.archives.models import Record, ScopeRule
from portal.archives.sources import source
from portal.people.models import User
from tests.factories.beneficiaries import make_account
from tests.factories.benefits import budget, listed, make_benefit, only
from tests.factories.figures import make_cases
from tests.factories.organizations import company
from tests.factories.standards import HOUSING_2026, published
from tests.factories.support import (
    CARD,
    Office,
    make_draft,
    make_journey,
    make_office,
)
from veterans.demo.items.rows import rule
from veterans.models import (
    Payment,
    PaymentList,
    Reservation,
    RunningBenefit,
)
from veterans.payments import budgets, further_years, recoveries, services
from veterans.payments.grants import granted_this_year
from veterans.payments.next_years import next_years
from veterans.payments.refusals import NotThisMoney
from veterans.statistics.counting import count_all
from veterans.statistics.reading import report

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

STARTED = datetime.date(2026, 11, 20)
OTHER_CARD = "6200000000000000026"


@pytest.fixture(autouse=True)
def first_day(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-20 09:00+08:00")


@pytest.fixture
def office(time_machine: Any) -> Office:
    made = make_office()
    time_machine.move_to("2027-11-22 09:00+08:00")
    return made


@pytest.fixture
def benefit(office: Office) -> RunningBenefit:
    return make_benefit(office, STARTED)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- How much it is


def test_the_standard_of_the_first_day_counts(office: Office, time_machine: Any) -> None:
    before = make_benefit(office, STARTED)
    after = make_benefit(office, datetime.date(2027, 1, 15), name="葛长顺")
    more = tuple(
        {**row, "amount": row["amount"] + 100, "cap_year": Decimal(20_000)}
        for row in HOUSING_2026.amounts
    )
    time_machine.move_to("2027-12-20 09:00+08:00")
    published(replace(HOUSING_2026, amounts=more), effective_from=datetime.date(2028, 1, 1))
    time_machine.move_to("2028-01-15 09:00+08:00")
    made = listed(office, before, after)
    amounts = {row.application_id: row.amount for row in Payment.objects.of_further_years()}
    assert amounts == {before.pk: Decimal(18_000), after.pk: Decimal(19_200)}
    payment = made.rows.get(payment__application=after.pk).payment
    assert payment.version is not None and payment.version.number == 2
    assert any("19,200" in sentence for sentence in payment.trace)


def test_a_question_nobody_asked_takes_a_new_application(office: Office, time_machine: Any) -> None:
    row = make_benefit(office, datetime.date(2027, 1, 15))
    asked = rule("家庭人均收入不超过一千元", ("income_per_person", "lte", "1000"), "超过", "第一条")
    time_machine.move_to("2027-12-20 09:00+08:00")
    published(
        replace(HOUSING_2026, rules=(*HOUSING_2026.rules, asked)),
        effective_from=datetime.date(2028, 1, 1),
    )
    time_machine.move_to("2028-01-17 09:00+08:00")
    new = reverse("support_payment_list_new", args=["housing"])
    page = signed_in(office.payer).get(new).content.decode()
    assert "需要重新申请" in page and 'name="benefit"' not in page
    with pytest.raises(NotThisMoney) as refused:
        listed(office, row)
    assert "需要重新申请" in str(refused.value.message)


def test_an_amount_that_was_set_by_hand_is_not_computed(office: Office) -> None:
    row = make_benefit(office, STARTED, amount=Decimal(9_000))
    row.application.amount_changes.create(
        computed=Decimal(18_000),
        changed=Decimal(9_000),
        reason="租期只有六个月",
        proposed_by=office.reviewer,
        proposed_at=timezone.now(),
    )
    [year] = next_years(RunningBenefit.objects.with_years())
    assert year.amount is None and year.obstacle
    with pytest.raises(NotThisMoney):
        listed(office, row)


def test_the_cap_of_the_year_counts_further_years(office: Office, benefit: RunningBenefit) -> None:
    other = make_draft(make_account(benefit.person.beneficiary))
    other.period = "2027-x"
    assert granted_this_year(other) == 0
    listed(office, benefit)
    assert granted_this_year(other) == Decimal(18_000)
    other.period = "2028-x"
    assert granted_this_year(other) == 0


def test_what_was_granted_in_the_year_leaves_less(office: Office, benefit: RunningBenefit) -> None:
    application = benefit.application
    first = application.amount
    application.period, application.amount = "2027", Decimal(15_000)
    application.save()
    [year] = next_years(RunningBenefit.objects.with_years())
    assert first == Decimal(18_000)
    assert year.amount == Decimal(3_000)
    application.amount = Decimal(18_000)
    application.save()
    [year] = next_years(RunningBenefit.objects.with_years())
    assert year.amount is None and year.obstacle


# ---- The budget


def test_an_order_reserves_and_the_booking_spends(office: Office, benefit: RunningBenefit) -> None:
    budget(office, 20_000)
    made = listed(office, benefit)
    now = budgets.standing_of(office.version.item, 2027)
    assert (now.reserved, now.spent) == (Decimal(18_000), Decimal(0))
    assert services.book_paid(made, office.payer, [only(made).pk]) == []
    now = budgets.standing_of(office.version.item, 2027)
    assert (now.reserved, now.spent, now.left) == (Decimal(0), Decimal(18_000), Decimal(2_000))


def test_what_the_budget_does_not_cover_is_not_ordered(
    office: Office, benefit: RunningBenefit
) -> None:
    second = make_benefit(office, STARTED, name="葛长顺")
    budget(office, 20_000)
    made, left = services.make_list(office.version.item, office.payer, [], [benefit.pk, second.pk])
    assert made.rows.count() == 1 and len(left) == 1
    assert "2,000" in str(left[0].reason)
    with pytest.raises(NotThisMoney):
        listed(office, second)
    assert PaymentList.objects.count() == 1


def test_a_failed_year_gives_the_money_back_and_waits_again(
    office: Office, benefit: RunningBenefit
) -> None:
    made = listed(office, benefit)
    client = signed_in(office.payer)
    failed = reverse("support_year_failed", args=[only(made).pk])
    assert client.post(failed, {"reason": "账户已销户，退票"}).status_code == 302
    assert Reservation.objects.get().state == "released"
    kept = benefit.person.beneficiary
    kept.bank_name, kept.bank_card = "岚川农商银行", OTHER_CARD
    kept.save()
    new = reverse("support_payment_list_new", args=["housing"])
    assert "与申请时的账户不同" in client.get(new).content.decode()
    again = only(listed(office, benefit))
    assert (again.account_bank, again.account_card) == ("岚川农商银行", OTHER_CARD)
    page = client.get(reverse("support_payments")).content.decode()
    assert "账户已销户" in page and OTHER_CARD[-4:] in page and OTHER_CARD not in page
    first = Payment.objects.get(state="failed")
    assert first.account_card == CARD, "the ledger keeps where it went"


# ---- Recovery


def test_a_recovery_names_the_year_it_is_about(office: Office, benefit: RunningBenefit) -> None:
    made = listed(office, benefit)
    services.book_paid(made, office.payer, [only(made).pk])
    payment = only(made)
    client = signed_in(office.station)
    new = reverse("support_recovery_new", args=[benefit.pk])
    assert "第2年" in client.get(new).content.decode()
    typed = {"payment": payment.pk, "amount": "18000.01", "reason": "8月起有自有住房"}
    assert client.post(new, typed).status_code == 422
    assert client.post(new, {**typed, "amount": "6000"}).status_code == 302
    recovery = benefit.application.recoveries.get()
    assert recovery.payment == payment
    page = client.get(reverse("support_recovery", args=[recovery.pk])).content.decode()
    assert "第2年" in page
    assert recoveries.paid_to(benefit.application) == Decimal(36_000)


# ---- The record of a list


def _records() -> list[Record]:
    return list(Record.objects.filter(source_kind="support-payment-list"))


def test_the_list_becomes_a_record_when_its_last_year_is_finished(
    office: Office, benefit: RunningBenefit
) -> None:
    second = make_benefit(office, STARTED, name="葛长顺")
    made = listed(office, benefit, second)
    first, last = (
        Payment.objects.of_further_years().get(application=row.pk) for row in (benefit, second)
    )
    further_years.book(first.pk, office.payer)
    assert _records() == [], "one year is on its way"
    further_years.fail(last.pk, office.payer, "账户已销户")
    [record] = _records()
    assert record.access_level == "controlled" and made.number in record.title
    assert benefit.person.name not in record.title
    state = source("support-payment-list").state_of(str(made.pk))
    assert state is not None
    parts = {part.label: part.text for part in source(record.source_kind).parts(_payload(state))}
    row = parts[benefit.application.case.number]
    assert "第2年" in row and "18000.00元" in row and "校验值" in row and "已发放" in row
    assert "账户已销户" in parts[second.application.case.number]
    assert CARD not in str(parts)
    assert source(record.source_kind).published_ids("default") == {str(made.pk)}
    rule = ScopeRule.objects.get(kind="support-payment-list")
    assert rule.period == "D30"


def _payload(state: Any) -> dict[str, Any]:
    return {"content": state.content, "shown": state.shown}


def test_a_list_of_cases_alone_is_no_record_of_its_own(office: Office) -> None:
    journey = make_journey(office)
    journey.to("approved")
    made, _left = services.make_list(office.version.item, office.payer, [journey.case.pk])
    services.book_paid(made, office.payer, [only(made).pk])
    assert _records() == []
    assert source("support-payment-list").published_ids("default") == set()


# ---- Figures


def test_further_years_count_by_item_unit_and_month_of_payment(office: Office) -> None:
    rows = [make_benefit(office, STARTED) for _number in range(5)]
    made = listed(office, *rows)
    services.book_paid(made, office.payer, Payment.objects.values_list("pk", flat=True))
    count_all()
    found = report(2027, None, None)
    assert (found.total.received, found.total.paid) == (0, Decimal(90_000))
    [month] = [row for row in found.by_month if row.figure and row.paid]
    assert (month.name, month.paid) == (11, Decimal(90_000))
    assert [row.paid for row in found.by_item] == [Decimal(90_000)]
    assert report(2026, None, None).total.paid == Decimal(90_000), "the first year"


def test_the_amounts_of_a_few_people_are_hidden(office: Office) -> None:
    make_cases(9, office.version.item, company(), year=2027, month=11, state="rejected")
    rows = [make_benefit(office, STARTED) for _number in range(2)]
    made = listed(office, *rows)
    services.book_paid(made, office.payer, Payment.objects.values_list("pk", flat=True))
    count_all()
    found = report(2027, None, None)
    assert found.total.received == 9
    assert found.total.paid is None, "two people would be told from it"
