"""Further years of running benefits: who pays them, when, how much, and never twice."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from portal.cases.models import Case, Kinship
from portal.notifications.models import Message
from portal.people.models import User
from portal.refusals import Refusal
from portal.roles.table import ROLES
from tests.factories.beneficiaries import make_account, make_beneficiary
from tests.factories.benefits import budget, confirm_by, due, listed, make_benefit, only
from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from tests.factories.support import (
    CARD,
    Office,
    make_journey,
    make_office,
)
from tests.infrastructure.at_once import together
from veterans.beneficiaries import benefits, register
from veterans.models import (
    Application,
    Payment,
    PaymentList,
    Reservation,
    RunningBenefit,
)
from veterans.payments import budgets, further_years, ledger, recoveries, services
from veterans.payments.next_years import next_years
from veterans.payments.refusals import NotThisMoney
from veterans.payments.registration import further_year_tasks

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

STARTED = datetime.date(2026, 11, 20)
BEGINS = datetime.date(2027, 11, 20)


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


def cells(response: Any) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


# ---- From the first payment to the second, through the pages


def test_from_the_confirmation_to_the_second_year(office: Office, time_machine: Any) -> None:
    time_machine.move_to("2026-11-20 09:00+08:00")
    account = make_account(make_beneficiary(office.station))
    journey = make_journey(office, account)
    journey.to("closed")
    time_machine.move_to("2027-11-19 09:00+08:00")
    confirming = reverse("support_benefit_confirm", args=[journey.case.pk])
    assert signed_in(account).post(confirming).status_code == 302
    assert not due(office), "the year has not begun"
    time_machine.move_to("2027-11-20 09:00+08:00")
    payer, person = signed_in(office.payer), signed_in(account)
    page = payer.get(reverse("support_payment_lists")).content.decode()
    assert "1笔续发" in "".join(page.split())
    new = reverse("support_payment_list_new", args=["housing"])
    page = payer.get(new).content.decode()
    assert "2027年11月20日" in page and "18,000" in page and CARD not in page
    assert payer.post(new, {"benefit": [str(journey.case.pk), "x"]}).status_code == 302
    made = PaymentList.objects.get(rows__payment__period=2)
    sheet = cells(payer.get(reverse("support_payment_list_sheet", args=[made.pk])))
    assert sheet[1][4] == "**** **** **** 0018" and "第2年" in sheet[1][7]
    assert CARD not in str(sheet)
    booked = {"payment": [str(only(made).pk)]}
    assert (
        payer.post(reverse("support_payment_list_paid", args=[made.pk]), booked).status_code == 302
    )
    payment = only(made)
    assert (payment.state, payment.period, payment.amount) == ("paid", 2, Decimal(18_000))
    assert (payment.first_day, payment.last_day) == (BEGINS, datetime.date(2028, 11, 19))
    assert journey.case.state == "closed", "the case stays closed"
    ledger_page = payer.get(reverse("support_payments")).content.decode()
    assert "第2年" in ledger_page and CARD not in ledger_page
    own = person.get(reverse("support_benefits")).content.decode()
    assert "2027年11月20日发放18,000元" in "".join(own.split())
    told = Message.objects.get(user=account, code="support-year-paid")
    assert set(told.variables) == {"item"}
    assert not due(office), "it is paid once"


# ---- What is never payable


def _stopped(office: Office, row: RunningBenefit) -> None:
    benefits.stop(row.pk, "已再就业", office.station)


def _left(office: Office, row: RunningBenefit) -> None:
    register.leave(row.person_id, datetime.date(2027, 11, 22), "去世", office.station)


def _left_and_restored(office: Office, row: RunningBenefit) -> None:
    _left(office, row)
    benefits.confirm(row.pk, office.station, channel="phone")


def _claimed(office: Office, row: RunningBenefit) -> None:
    recoveries.propose(row.pk, office.station, Decimal(9_000), "隐瞒自有住房")


def _ended(office: Office, row: RunningBenefit) -> None:
    RunningBenefit.objects.filter(pk=row.pk).update(state="ended")


def _decided_again(office: Office, row: RunningBenefit) -> None:
    Case.objects.filter(pk=row.pk).update(state="in_review", closed_at=None)


def _decided_otherwise(office: Office, row: RunningBenefit) -> None:
    Application.objects.filter(pk=row.pk).update(active=False)


BARS = [
    *(_stopped, _left, _left_and_restored, _claimed, _ended),
    *(_decided_again, _decided_otherwise),
]


@pytest.mark.parametrize("bar", BARS)
def test_what_is_barred_is_not_listed_and_not_ordered(
    office: Office, benefit: RunningBenefit, bar: Any
) -> None:
    assert due(office) == [benefit]
    bar(office, benefit)
    assert due(office) == []
    page = signed_in(office.payer).get(reverse("support_payment_list_new", args=["housing"]))
    assert benefit.application.case.number not in page.content.decode()
    with pytest.raises(NotThisMoney):
        listed(office, benefit)
    assert not PaymentList.objects.exists()
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("bar", BARS)
def test_what_was_ordered_before_is_shown_not_booked_and_taken_back(
    office: Office, benefit: RunningBenefit, bar: Any
) -> None:
    budget(office, 20_000)
    made = listed(office, benefit)
    payment = only(made)
    bar(office, benefit)
    client = signed_in(office.payer)
    address = reverse("support_payment_list", args=[made.pk])
    page = client.get(address).content.decode()
    assert "不得发放" in page and f'value="{payment.pk}"' not in page
    assert list(ledger._export_rows(office.payer, False)) == [], "the bank is not told"
    [left] = services.book_paid(made, office.payer, [payment.pk])
    assert left.reason
    back = reverse("support_year_taken_back", args=[payment.pk])
    assert client.get(back).status_code == 200
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "已停发"}).status_code == 302
    payment.refresh_from_db()
    assert (payment.state, payment.reason) == ("taken-back", "已停发")
    assert budgets.standing_of(office.version.item, 2027).left == Decimal(20_000)
    assert "已收回" in client.get(address).content.decode()
    assert client.post(back, {"reason": "再次"}).status_code == 422


def test_nothing_is_paid_before_it_is_confirmed(office: Office, time_machine: Any) -> None:
    row = make_benefit(office, STARTED, confirmed=False)
    time_machine.move_to("2027-11-20 09:00+08:00")
    assert due(office) == []
    with pytest.raises(NotThisMoney):
        listed(office, row)
    benefits.confirm(row.pk, office.station, channel="phone")
    assert due(office) == [row]


def test_for_the_time_of_a_stop_nothing_is_paid(office: Office, time_machine: Any) -> None:
    row = make_benefit(office, STARTED, confirmed=False)
    benefits.remind_and_stop(datetime.date(2027, 11, 22))
    time_machine.move_to("2028-02-07 09:00+08:00")
    benefits.confirm(row.pk, office.station, channel="visit")
    payment = only(listed(office, row))
    assert payment.first_day == datetime.date(2028, 2, 7)
    assert payment.last_day == datetime.date(2029, 2, 6)


def test_a_stop_within_a_paid_year_does_not_pay_its_days_twice(
    office: Office, time_machine: Any
) -> None:
    row = make_benefit(office, STARTED, confirmed=False)
    time_machine.move_to("2027-04-05 09:00+08:00")
    benefits.stop(row.pk, "暂停核实", office.station)
    time_machine.move_to("2027-06-07 09:00+08:00")
    benefits.confirm(row.pk, office.station, channel="visit")
    assert due(office) == [], "until November the year is paid"
    time_machine.move_to("2027-11-20 09:00+08:00")
    assert [year.first_day for year in next_years(RunningBenefit.objects.with_years())] == [BEGINS]


def test_an_order_from_before_a_stop_is_not_booked_for_other_days(
    office: Office, benefit: RunningBenefit, time_machine: Any
) -> None:
    made = listed(office, benefit)
    benefits.stop(benefit.pk, "暂停核实", office.station)
    time_machine.move_to("2028-01-10 09:00+08:00")
    benefits.confirm(benefit.pk, office.station, channel="visit")
    with pytest.raises(NotThisMoney) as refused:
        listed(office, benefit)
    assert made.number in str(refused.value.message)
    [left] = services.book_paid(made, office.payer, [only(made).pk])
    assert "收回" in str(left.reason)
    further_years.take_back(only(made).pk, office.payer, "恢复后重新发放")
    again = only(listed(office, benefit))
    assert again.first_day == datetime.date(2028, 1, 10)


def test_a_newer_application_takes_the_place_of_a_benefit(
    office: Office, benefit: RunningBenefit
) -> None:
    account = make_account(benefit.person.beneficiary)
    newer = make_journey(office, account)
    newer.to("submitted")
    assert due(office) == []
    with pytest.raises(NotThisMoney):
        listed(office, benefit)
    newer.step("withdraw", account)
    assert due(office) == [benefit]
    listed(office, benefit)
    late = make_journey(office, account)
    with pytest.raises(Refusal):
        late.submit()


def test_the_benefit_of_a_newer_application_ends_the_older_one(
    office: Office, benefit: RunningBenefit
) -> None:
    newer = make_journey(office, make_account(benefit.person.beneficiary))
    newer.to("paid")
    benefit.refresh_from_db()
    assert benefit.state == "ended"
    assert RunningBenefit.objects.get(pk=newer.application.pk).state == "running"


def test_three_months_of_training_are_no_running_benefit() -> None:
    journey = make_journey(item="spouse-employment")
    journey.to("paid")
    assert not RunningBenefit.objects.exists()


# ---- Once, and by others


def test_the_database_refuses_a_year_twice(office: Office, benefit: RunningBenefit) -> None:
    made = listed(office, benefit)
    again = only(made)
    again.pk = None
    again._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    again.period, again.first_day = 3, None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_of_two_payers_one_wins_and_the_other_is_told(
    office: Office, benefit: RunningBenefit
) -> None:
    other = make_user("finance_payer")
    results = together(lambda: listed(office, benefit), lambda: listed(office, benefit, by=other))
    assert sorted(type(result).__name__ for result in results) == ["NotThisMoney", "PaymentList"]
    assert Payment.objects.of_further_years().count() == 1
    assert Reservation.objects.count() == 1
    assert PaymentList.objects.count() == 1
    payment = Payment.objects.of_further_years().get()
    results = together(
        lambda: further_years.book(payment.pk, office.payer),
        lambda: further_years.book(payment.pk, other),
    )
    assert sorted(type(result).__name__ for result in results) == ["MoneyMoved", "Payment"]


def test_two_lists_of_the_same_years_do_not_wait_for_each_other(
    office: Office, benefit: RunningBenefit
) -> None:
    second = make_benefit(office, STARTED, name="葛长顺")
    budget(office, 100_000)
    other = make_user("finance_payer")
    results = together(
        lambda: listed(office, benefit, second), lambda: listed(office, second, benefit, by=other)
    )
    assert sorted(type(result).__name__ for result in results) == ["NotThisMoney", "PaymentList"]
    assert Payment.objects.of_further_years().count() == 2


def test_a_stop_comes_before_the_booking_or_after_it(
    office: Office, benefit: RunningBenefit
) -> None:
    payment = only(listed(office, benefit))
    booked, stopped = together(
        lambda: further_years.book(payment.pk, office.payer),
        lambda: benefits.stop(benefit.pk, "已再就业", office.station),
    )
    payment.refresh_from_db()
    benefit.refresh_from_db()
    assert benefit.state == "stopped", stopped
    assert (payment.state == "paid") == isinstance(booked, Payment), booked
    assert payment.state == "paid" or isinstance(booked, NotThisMoney)


def test_two_years_never_overdraw_the_budget(office: Office, benefit: RunningBenefit) -> None:
    second = make_benefit(office, STARTED, name="葛长顺")
    budget(office, 20_000)
    other = make_user("finance_payer")
    results = together(lambda: listed(office, benefit), lambda: listed(office, second, by=other))
    assert sorted(type(result).__name__ for result in results) == ["NotThisMoney", "PaymentList"]
    assert budgets.standing_of(office.version.item, 2027).reserved == Decimal(18_000)


def _with_payer_role(user: User) -> User:
    assert user.person is not None
    make_assignment(user.person, "finance_payer")
    return User.objects.get(pk=user.pk)


def test_who_confirmed_decided_or_is_concerned_does_not_pay(office: Office) -> None:
    journey = make_journey(office, make_account(make_beneficiary(office.station)))
    journey.to("paid")
    row = RunningBenefit.objects.get()
    RunningBenefit.objects.update(next_from=BEGINS, confirm_by=BEGINS)
    Application.objects.update(period="2026")
    row.refresh_from_db()
    confirm_by(row, office.station)
    relative = make_user("finance_payer")
    Kinship.objects.create(
        person_id=relative.person_id or 0, relative_id=row.person_id, kind="child"
    )
    shut_out = [
        relative,
        *map(_with_payer_role, (office.reviewer, office.approver, office.station)),
        _with_payer_role(journey.applicant),
    ]
    assert due(office) == [row]
    made = listed(office, row)
    payment = only(made)
    further_years.take_back(payment.pk, office.payer, "测试")
    for user in shut_out:
        assert due(office, user) == [], user
        with pytest.raises(NotThisMoney):
            listed(office, row, by=user)
    payment = only(listed(office, row))
    for user in shut_out:
        with pytest.raises(NotThisMoney):
            further_years.book(payment.pk, user)
        with pytest.raises(NotThisMoney):
            further_years.take_back(payment.pk, user, "测试")


@pytest.mark.parametrize("code", sorted(ROLES))
def test_who_opens_the_pages_of_a_year_and_not_more(office: Office, code: str) -> None:
    payment = only(listed(office, make_benefit(office, STARTED)))
    client = signed_in(make_user(code))
    expected = 200 if code == "finance_payer" else 403
    for name in ("support_year_failed", "support_year_taken_back"):
        assert client.get(reverse(name, args=[payment.pk])).status_code == expected, name
    new = reverse("support_payment_list_new", args=["housing"])
    assert client.get(new).status_code == expected


def test_the_person_reads_only_its_own_years(office: Office, benefit: RunningBenefit) -> None:
    own = make_account(benefit.person.beneficiary)
    other = make_account(make_benefit(office, STARTED, name="葛长顺").person.beneficiary)
    assert "18,000" in signed_in(own).get(reverse("support_benefits")).content.decode()
    rows = signed_in(other).get(reverse("support_benefits")).context["rows"]
    assert [row["benefit"].person for row in rows] == [other.person]
    payment = only(listed(office, benefit))
    for name in ("support_year_failed", "support_year_taken_back"):
        assert signed_in(own).get(reverse(name, args=[payment.pk])).status_code == 403


# ---- Reading many


def test_the_pages_ask_the_database_as_often_for_more_rows(office: Office) -> None:
    client = signed_in(office.payer)
    first = make_benefit(office, STARTED)
    made = listed(office, first)
    make_benefit(office, STARTED, name="葛长顺")
    pages = (
        reverse("support_payment_lists"),
        reverse("support_payment_list_new", args=["housing"]),
        reverse("support_payment_list", args=[made.pk]),
        reverse("support_payments"),
    )

    def queries() -> list[int]:
        counts = []
        for address in pages:
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
            counts.append(len(found))
        return counts

    queries()
    before = queries()
    more = [
        make_benefit(office, STARTED + datetime.timedelta(days=place % 2)) for place in range(6)
    ]
    for row in more[:3]:
        payment = further_years.order(made, row.pk, office.payer)
        assert payment.pk
    assert queries() == before


def test_what_waits_stands_on_the_desk_of_finance_and_of_nobody_else(
    office: Office, benefit: RunningBenefit
) -> None:
    found = further_year_tasks(office.payer)
    assert found is not None and found.count == 1
    assert [task.title for task in found.tasks] == ["住房补贴"]
    for user in (office.station, office.reviewer, office.approver):
        assert further_year_tasks(user) is None
    listed(office, benefit)
    found = further_year_tasks(office.payer)
    assert found is not None and found.count == 0
