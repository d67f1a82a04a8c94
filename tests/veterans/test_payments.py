"""Payment lists, the ledger, the export for the bank and recoveries: who sees and moves what."""

from __future__ import annotations

import datetime
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.cases.models import Case
from portal.people.models import User
from portal.personal_data import exports
from portal.refusals import Refusal
from portal.roles.table import ROLES
from tests.factories.people import make_user
from tests.factories.support import CARD, DECISION, Journey, make_journey
from veterans.models import Payment, PaymentList, Recovery
from veterans.payments import recoveries, services
from veterans.payments.refusals import AboveYourLimit, MoneyMoved, NotThisMoney

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
LEDGER = {
    "finance_payer",
    "veterans_officer",
    "union_chair",
    "party_approver",
    "discipline_auditor",
}


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def journey() -> Journey:
    made = make_journey()
    made.to("approved")
    return made


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(journey: Journey) -> PaymentList:
    made, left = services.make_list(
        journey.application.item, journey.office.payer, [journey.application.pk]
    )
    assert left == []
    return made


def cells(response: Any) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


# ---- Who sees what


@pytest.mark.parametrize("code", sorted(ROLES))
def test_who_opens_the_pages_of_money_and_not_more(code: str) -> None:
    client = signed_in(make_user(code))
    ledger = 200 if code in LEDGER else 403
    finance = 200 if code == "finance_payer" else 403
    for name in ("support_payments", "support_payments_sheet", "support_budgets"):
        assert client.get(reverse(name)).status_code == ledger, name
    assert client.get(reverse("support_recoveries")).status_code == ledger
    assert client.get(reverse("support_payment_lists")).status_code == finance


def test_families_and_visitors_see_nothing_of_it(journey: Journey) -> None:
    listed(journey)
    for name in ("support_payments", "support_budgets", "support_recoveries"):
        assert Client().get(reverse(name)).status_code == 302
        assert signed_in(journey.applicant).get(reverse(name)).status_code == 403


# ---- Lists


def test_a_list_orders_is_downloaded_masked_and_booked(journey: Journey) -> None:
    client = signed_in(journey.office.payer)
    page = client.get(reverse("support_payment_lists")).content.decode()
    assert "1个" in re.sub(r"\s", "", page)
    new = reverse("support_payment_list_new", args=["housing"])
    assert journey.case.number in client.get(new).content.decode()
    refused = client.post(new, {})
    assert refused.status_code == 422
    assert client.post(new, {"case": [str(journey.case.pk), "x"]}).status_code == 302
    made = PaymentList.objects.get()
    assert journey.case.state == "paying"
    sheet = client.get(reverse("support_payment_list_sheet", args=[made.pk]))
    rows = cells(sheet)
    assert rows[1][1:6] == [
        journey.case.number,
        journey.application.name,
        "岚川储蓄银行",
        "**** **** **** 0018",
        18000,
    ]
    assert CARD not in str(rows)
    page = client.get(reverse("support_payment_list", args=[made.pk])).content.decode()
    assert "0018" in page and CARD not in page
    payment = Payment.objects.get()
    done = client.post(
        reverse("support_payment_list_paid", args=[made.pk]), {"payment": [payment.pk, "x"]}
    )
    assert done.status_code == 302
    assert journey.case.state == "paid"
    again = client.post(
        reverse("support_payment_list_paid", args=[made.pk]), {"payment": [payment.pk]}
    )
    assert again.status_code == 302
    assert Payment.objects.filter(state="paid").count() == 1


def test_a_failed_payment_waits_again_and_goes_into_a_new_list(journey: Journey) -> None:
    first = listed(journey)
    journey.step("fail_payment", journey.office.payer, reason="户名不符，退票")
    assert list(services.payable(journey.office.payer)) == [journey.case]
    second = listed(journey)
    assert second.pk != first.pk
    assert [row.payment.state for row in first.rows.all()] == ["failed"]
    page = signed_in(journey.office.payer).get(reverse("support_payment_list", args=[first.pk]))
    assert "户名不符" in page.content.decode()


def test_nothing_is_listed_or_paid_twice(journey: Journey) -> None:
    listed(journey)
    with pytest.raises(NotThisMoney):
        listed(journey)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            application=journey.application,
            amount=Decimal(1),
            ordered_by=journey.office.payer,
            ordered_at=timezone.now(),
        )
    assert PaymentList.objects.count() == 1


def test_who_reviewed_or_is_a_relative_finds_no_case_to_pay(journey: Journey) -> None:
    from portal.cases.models import Kinship
    from tests.factories.roles import make_assignment

    assert journey.office.reviewer.person is not None
    make_assignment(journey.office.reviewer.person, "finance_payer")
    reviewer = User.objects.get(pk=journey.office.reviewer.pk)
    assert not services.payable(reviewer).exists()
    relative = make_user("finance_payer")
    Kinship.objects.create(
        person_id=relative.person_id or 0,
        relative_id=journey.applicant.person_id or 0,
        kind="child",
    )
    assert not services.payable(relative).exists()
    for user in (reviewer, relative, journey.office.station):
        with pytest.raises(NotThisMoney):
            services.make_list(journey.application.item, user, [journey.case.pk])
    assert not PaymentList.objects.exists()


# ---- The ledger


def test_the_ledger_adds_up_masks_and_filters(journey: Journey) -> None:
    listed(journey)
    journey.step("confirm_payment", journey.office.payer)
    auditor = signed_in(make_user("discipline_auditor"))
    page = auditor.get(reverse("support_payments")).content.decode()
    assert journey.case.number in page
    assert journey.application.name not in page
    assert journey.application.masked_name in page
    assert "18,000" in page and CARD not in page
    for query, found in (
        ("state=paid", True),
        ("state=failed", False),
        ("year=2025", False),
        ("month=11", True),
        ("month=12", False),
        ("item=housing&unit=%00&month=x&page=x", True),
    ):
        text = auditor.get(f"{reverse('support_payments')}?{query}").content.decode()
        assert (journey.case.number in text) is found, query
    rows = cells(auditor.get(reverse("support_payments_sheet")))
    assert rows[1][0] == journey.case.number
    assert rows[1][4] == journey.application.masked_name
    assert CARD not in str(rows)


def test_the_ledger_asks_the_database_as_often_for_more_rows(journey: Journey) -> None:
    listed(journey)
    client = signed_in(journey.office.payer)
    client.get(reverse("support_payments"))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(reverse("support_payments"))
        return len(found)

    before = queries()
    other = make_journey(journey.office)
    other.to("approved")
    listed(other)
    assert queries() == before


# ---- The export for the bank


def test_whole_cards_leave_the_portal_only_with_a_second_person(journey: Journey) -> None:
    listed(journey)
    payer = journey.office.payer
    request = exports.request_export(
        "support-payments", payer, "交开户银行代发十一月住房补贴", whole_numbers=True
    )
    with pytest.raises(Refusal):
        exports.fetch(request.pk, payer)
    security = make_user("security_administrator")
    exports.decide(request.pk, security, approve=True)
    book = load_workbook(exports.fetch(request.pk, payer))
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert any(CARD in row for row in rows)
    with pytest.raises(Refusal):
        exports.fetch(request.pk, payer)
    masked = exports.request_export("support-payments", payer, "核对清单使用")
    exports.decide(masked.pk, security, approve=True)
    book = load_workbook(exports.fetch(masked.pk, payer))
    assert CARD not in str(list(book.worksheets[0].iter_rows(values_only=True)))


@pytest.mark.parametrize("code", sorted(set(ROLES) - {"finance_payer"}))
def test_only_finance_asks_for_it(code: str) -> None:
    codes = {export.code for export in exports.exports_for(make_user(code))}
    assert "support-payments" not in codes


# ---- Recovery


@pytest.fixture
def paid(journey: Journey) -> Journey:
    listed(journey)
    journey.step("confirm_payment", journey.office.payer)
    return journey


def test_money_comes_back_by_two_people_and_a_voucher(paid: Journey) -> None:
    office = paid.office
    made = recoveries.propose(paid.case.pk, office.station, Decimal(9_000), "隐瞒自有住房")
    with pytest.raises(NotThisMoney):
        recoveries.propose(paid.case.pk, office.station, Decimal(1), "再次")
    with pytest.raises(NotThisMoney):
        recoveries.decide(made.pk, office.station, DECISION)
    recoveries.decide(made.pk, make_user("union_chair"), DECISION)
    with pytest.raises(MoneyMoved):
        recoveries.decide(made.pk, office.approver, DECISION)
    day = datetime.date(2026, 11, 23)
    recoveries.receive(made.pk, office.payer, Decimal(4_000), day, "银回单0001")
    for amount, voucher in ((Decimal(1), "银回单0001"), (Decimal(5_001), "银回单0002")):
        with pytest.raises(NotThisMoney):
            recoveries.receive(made.pk, office.payer, amount, day, voucher)
    recoveries.receive(made.pk, office.payer, Decimal(5_000), day, "银回单0003")
    made.refresh_from_db()
    assert made.state == "recovered"
    assert recoveries.paid_to(paid.application) == Decimal(9_000)


def test_a_recovery_above_the_limit_is_not_the_chairs(paid: Journey) -> None:
    made = recoveries.propose(paid.case.pk, paid.office.payer, Decimal(18_000), "材料系伪造")
    with pytest.raises(AboveYourLimit):
        recoveries.decide(made.pk, make_user("union_chair"), DECISION)
    recoveries.decide(made.pk, make_user("party_approver"), DECISION)
    with pytest.raises(NotThisMoney):
        recoveries.propose(paid.case.pk, paid.office.station, Decimal(18_001), "超过已发")


def test_the_pages_of_a_recovery_keep_what_was_typed_and_show_what_is_next(paid: Journey) -> None:
    station = signed_in(paid.office.station)
    case_page = station.get(f"/cases/{paid.case.pk}/").content.decode()
    new = reverse("support_recovery_new", args=[paid.case.pk])
    assert new in case_page
    refused = station.post(new, {"amount": "18000.01", "reason": "隐瞒自有住房"})
    assert refused.status_code == 422
    assert "隐瞒自有住房" in refused.content.decode()
    assert station.post(new, {"amount": "9000", "reason": "隐瞒自有住房"}).status_code == 302
    made = Recovery.objects.get()
    address = reverse("support_recovery", args=[made.pk])
    page = station.get(address).content.decode()
    assert 'value="decide"' not in page and 'value="drop"' not in page
    chair = signed_in(make_user("union_chair"))
    assert 'value="decide"' in chair.get(address).content.decode()
    bad = chair.post(address, {"action": "decide", "decide-document_number": "三十一"})
    assert bad.status_code == 422 and "三十一" in bad.content.decode()
    good = {"action": "decide", "decide-document_number": DECISION}
    assert chair.post(address, good).status_code == 302
    told = paid.applicant
    assert "退回" in signed_in(told).get(f"/cases/{paid.case.pk}/").content.decode()
    payer = signed_in(paid.office.payer)
    booked = {
        "action": "receive",
        "receive-amount": "9000",
        "receive-received_on": "2026-11-23",
        "receive-voucher": "银回单0009",
    }
    late = payer.post(address, {**booked, "receive-received_on": "2026-11-24"})
    assert late.status_code == 422
    assert payer.post(address, booked).status_code == 302
    made.refresh_from_db()
    assert made.state == "recovered"


def test_nobody_reads_the_recovery_of_an_own_case_in_the_office(paid: Journey) -> None:
    from tests.factories.roles import make_assignment

    made = recoveries.propose(paid.case.pk, paid.office.station, Decimal(10), "多发")
    assert paid.applicant.person is not None
    make_assignment(paid.applicant.person, "finance_payer")
    client = signed_in(User.objects.get(pk=paid.applicant.pk))
    assert client.get(reverse("support_recovery", args=[made.pk])).status_code == 404
    assert paid.case.number not in client.get(reverse("support_recoveries")).content.decode()
    assert Case.objects.count() == 1
