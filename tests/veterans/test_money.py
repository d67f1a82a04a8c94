"""Who approves how much, changed amounts, the cap of a year and the budget."""

from __future__ import annotations

import datetime
import subprocess
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal.cases import services as cases
from portal.cases.refusals import ConditionNotMet, MustBeAnother
from portal.people.models import User
from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from tests.factories.standards import HOUSING_2026, published, with_fields
from tests.factories.support import DECISION, Journey, make_draft, make_journey, make_office
from tests.infrastructure.at_once import together
from veterans.applications.case_file import case_file, case_parts
from veterans.applications.letters import letter_pdf
from veterans.models import ApprovalLimit, Budget, GrantYear, ItemVersion, Reservation
from veterans.payments import budgets
from veterans.payments.amounts import change_of
from veterans.payments.limits import tier_of
from veterans.payments.refusals import AboveYourLimit, BudgetUsedUp, MoneyMoved, NotThisMoney

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def journey() -> Journey:
    return make_journey()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- Limits


@pytest.mark.parametrize(
    ("amount", "role"),
    [
        ("0", "union_chair"),
        ("10000", "union_chair"),
        ("10000.01", "party_approver"),
        ("999999", "party_approver"),
    ],
)
def test_the_lowest_row_that_covers_an_amount_counts(amount: str, role: str) -> None:
    tier = tier_of(Decimal(amount), MONDAY)
    assert tier is not None
    assert tier.role_code == role
    assert tier.needs_decision == (role == "party_approver")


def test_a_newer_table_replaces_the_older_one_from_its_day() -> None:
    ApprovalLimit.objects.create(
        role_code="union_chair",
        up_to=None,
        needs_decision=False,
        clause="测试",
        effective_from=MONDAY + datetime.timedelta(days=1),
    )
    before = tier_of(Decimal(20_000), MONDAY)
    after = tier_of(Decimal(20_000), MONDAY + datetime.timedelta(days=1))
    assert before is not None and before.role_code == "party_approver"
    assert after is not None and after.role_code == "union_chair"


def test_the_chair_approves_up_to_the_limit_and_not_more(journey: Journey) -> None:
    journey.to("reviewed")
    chair = make_user("union_chair")
    with pytest.raises(AboveYourLimit) as refused:
        journey.step("approve", chair, decision=DECISION)
    assert "18,000" in refused.value.message
    assert "一万元以上" in refused.value.message
    journey.step("return", journey.office.approver, reason="核减")
    other = make_user("union_staff")
    journey.step(
        "review", other, opinion="supported", changed_amount=Decimal(10_000), change_reason="核减"
    )
    journey.step("approve", chair, confirmed_change=True)
    assert journey.case.state == "notice"


def test_above_the_limit_the_decision_is_named_and_kept(journey: Journey) -> None:
    journey.to("reviewed")
    secretary = make_user("party_approver")
    with pytest.raises(ConditionNotMet):
        journey.step("approve", secretary)
    event = journey.step("approve", secretary, decision=DECISION)
    assert event.data["decision"] == DECISION


def test_the_form_asks_for_the_number_and_keeps_what_was_typed(journey: Journey) -> None:
    journey.to("reviewed")
    client = signed_in(make_user("party_approver"))
    address = f"/cases/{journey.case.pk}/steps/approve/"
    page = client.get(address).content.decode()
    assert 'name="decision"' in page
    sent = {"seen": journey.case.sequence, "key": "0" * 32, "decision": "31号", "note": "已议"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "31号" in refused.content.decode()
    assert journey.case.state == "reviewed"
    assert client.post(address, {**sent, "decision": DECISION}).status_code == 302
    assert journey.case.state == "notice"


def test_who_may_not_approve_reads_why_on_the_page(journey: Journey) -> None:
    journey.to("reviewed")
    page = signed_in(make_user("union_chair")).get(f"/cases/{journey.case.pk}/").content.decode()
    assert "/steps/approve/" not in page
    assert "一万元以上" in page


# ---- Never the same person


def test_finance_is_another_person_in_every_step_of_the_payment(journey: Journey) -> None:
    journey.to("paying")
    for earlier in (journey.office.reviewer, journey.office.approver):
        assert earlier.person is not None
        make_assignment(earlier.person, "finance_payer")
        again = User.objects.get(pk=earlier.pk)
        for step in ("confirm_payment", "fail_payment"):
            with pytest.raises(MustBeAnother):
                journey.step(step, again, reason="退票")


# ---- Changed amounts


def test_a_changed_amount_needs_a_reason_and_a_second_person(journey: Journey) -> None:
    journey.to("accepted")
    reviewer = journey.office.reviewer
    with pytest.raises(ConditionNotMet):
        journey.step("review", reviewer, opinion="supported", changed_amount=Decimal(9_000))
    journey.step(
        "review",
        reviewer,
        opinion="supported",
        changed_amount=Decimal(9_000),
        change_reason="租期只有六个月",
    )
    journey.application.refresh_from_db()
    change = change_of(journey.application)
    assert change is not None
    assert (change.computed, change.changed) == (Decimal(18_000), Decimal(9_000))
    assert journey.application.amount == Decimal(9_000)
    approver = journey.office.approver
    page = signed_in(approver).get(f"/cases/{journey.case.pk}/").content.decode()
    assert "租期只有六个月" in page and "18,000" in page and "9,000" in page
    with pytest.raises(ConditionNotMet):
        journey.step("approve", approver)
    journey.step("approve", approver, confirmed_change=True)
    change.refresh_from_db()
    assert change.confirmed_by == approver
    letter = letter_pdf(journey.case, journey.case.events.latest("sequence"))
    read = subprocess.run(["pdftotext", "-", "-"], input=letter, stdout=subprocess.PIPE, check=True)
    words = "".join(read.stdout.decode().split())
    assert "核定金额9000.00元" in words and "租期只有六个月" in words
    events = list(journey.case.events.order_by("sequence"))
    parts = {part.key: part.text for part in case_parts(case_file(journey.case, events))}
    assert "调整为9000.00元（租期只有六个月）" in parts["changes"]


def test_the_database_refuses_a_change_agreed_to_by_its_author(journey: Journey) -> None:
    journey.to("accepted")
    journey.step(
        "review",
        journey.office.reviewer,
        opinion="supported",
        changed_amount=Decimal(1),
        change_reason="测试",
    )
    change = change_of(journey.application)
    assert change is not None
    change.confirmed_by = change.proposed_by
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


def test_the_next_review_starts_from_the_computed_amount(journey: Journey) -> None:
    journey.to("accepted")
    values = {"changed_amount": Decimal(9_000), "change_reason": "租期只有六个月"}
    journey.step("review", journey.office.reviewer, opinion="supported", **values)
    journey.step("return", journey.office.approver, reason="按标准办")
    journey.step("review", journey.office.reviewer, opinion="supported")
    journey.application.refresh_from_db()
    assert change_of(journey.application) is None
    assert journey.application.amount == Decimal(18_000)


# ---- The cap of a year


@pytest.fixture
def twins() -> tuple[Journey, Journey]:
    """Two reviewed cases of one person under a cap of 20,000 yuan a year, 18,000 each."""
    text = replace(
        HOUSING_2026,
        amounts=tuple({**row, "cap_year": Decimal(20_000)} for row in HOUSING_2026.amounts),
    )
    office = make_office()
    ItemVersion.objects.filter(pk=office.version.pk).update(
        effective_to=datetime.date(2026, 11, 22)
    )
    published(with_fields(text, repeats="case", effective_from=MONDAY))
    first = make_journey(office)
    first.to("reviewed")
    second = Journey(first.office, first.applicant, make_draft(first.applicant))
    second.to("reviewed")
    assert {case.application.period[:4] for case in (first, second)} <= {"2026", ""}
    return first, second


def test_two_cases_of_one_person_share_the_cap_of_the_year(twins: tuple[Journey, Journey]) -> None:
    """Both were computed while nothing was granted; the second is counted again."""
    first, second = twins
    approver = first.office.approver
    first.step("approve", approver, decision=DECISION)
    with pytest.raises(ConditionNotMet) as refused:
        second.step("approve", approver, decision=DECISION)
    assert "2,000" in refused.value.message
    second.step("return", approver, reason="年度上限已变")
    second.step("review", second.office.reviewer, opinion="supported")
    second.application.refresh_from_db()
    assert second.application.amount == Decimal(2_000)
    second.step("approve", approver)
    assert second.case.state == "notice"


def test_an_approved_case_counts_while_its_account_is_put_right(
    twins: tuple[Journey, Journey],
) -> None:
    first, second = twins
    first.step("approve", first.office.approver, decision=DECISION)
    first.end_notice()
    first.step("request_account", first.office.payer, reason="户名不符，请更正收款账户")
    assert first.case.state == "correcting"
    with pytest.raises(ConditionNotMet) as refused:
        second.step("approve", second.office.approver, decision=DECISION)
    assert "2,000" in refused.value.message
    first.step("withdraw", first.applicant)
    assert Reservation.objects.get().state == "released"
    second.step("approve", second.office.approver, decision=DECISION)


def test_approved_at_once_the_cap_still_holds(twins: tuple[Journey, Journey]) -> None:
    first, second = twins
    approver = first.office.approver
    results = together(
        lambda: cases.apply(first.application.pk, "approve", approver, {"decision": DECISION}),
        lambda: cases.apply(second.application.pk, "approve", approver, {"decision": DECISION}),
    )
    assert sorted(type(result).__name__ for result in results) == ["CaseEvent", "ConditionNotMet"]


def test_the_review_counts_under_the_lock_of_the_year(twins: tuple[Journey, Journey]) -> None:
    assert GrantYear.objects.count() == 1


# ---- Budgets


def budget(journey: Journey, amount: int, approver: User | None = None) -> Budget:
    officer = make_user("veterans_officer")
    row = budgets.propose(journey.application.item, 2026, Decimal(amount), DECISION, officer)
    return budgets.approve(row.pk, approver or make_user("union_chair"))


def test_an_approval_reserves_and_the_payment_spends(journey: Journey) -> None:
    journey.to("reviewed")
    budget(journey, 20_000)
    journey.step("approve", journey.office.approver, decision=DECISION)
    now = budgets.standing_of(journey.application.item, 2026)
    assert (now.reserved, now.spent, now.left) == (Decimal(18_000), Decimal(0), Decimal(2_000))
    journey.end_notice()
    journey.step("pay", journey.office.payer, confirmed=True)
    journey.step("confirm_payment", journey.office.payer)
    now = budgets.standing_of(journey.application.item, 2026)
    assert (now.reserved, now.spent, now.left) == (Decimal(0), Decimal(18_000), Decimal(2_000))


def test_a_budget_that_is_used_up_stops_the_approval_and_nothing_is_written(
    journey: Journey,
) -> None:
    journey.to("reviewed")
    budget(journey, 17_999)
    with pytest.raises(BudgetUsedUp) as refused:
        journey.step("approve", journey.office.approver, decision=DECISION)
    assert "17,999" in refused.value.message
    assert journey.case.state == "reviewed"
    assert not Reservation.objects.exists()


def test_an_upheld_objection_gives_the_money_back(journey: Journey) -> None:
    from portal.cases.models import Case
    from portal.public_notices.models import ObjectionState, PublicNotice
    from portal.public_notices.services import answer_objection, raise_objection

    journey.to("notice")
    notice = PublicNotice.objects.get()
    objector = make_user("employee")
    objection = raise_objection(notice, objector, "本人名下另有一套住房，邻居都知道")
    answer_objection(
        objection.pk, journey.office.station, ObjectionState.UPHELD, "经核实，情况属实，重新审核"
    )
    assert Case.objects.get(pk=journey.case.pk).state == "in_review"
    assert Reservation.objects.get().state == "released"
    assert budgets.standing_of(journey.application.item, 2026).reserved == 0


def test_budgets_are_put_in_force_by_a_second_person(journey: Journey) -> None:
    officer = make_user("veterans_officer", "union_chair")
    row = budgets.propose(journey.application.item, 2026, Decimal(5), DECISION, officer)
    assert budgets.standing_of(journey.application.item, 2026).amount is None
    with pytest.raises(NotThisMoney):
        budgets.approve(row.pk, officer)
    for stranger in ("union_staff", "finance_payer", "discipline_auditor"):
        with pytest.raises(NotThisMoney):
            budgets.approve(row.pk, make_user(stranger))
    budgets.approve(row.pk, make_user("party_approver"))
    with pytest.raises(MoneyMoved):
        budgets.approve(row.pk, make_user("union_chair"))


def test_a_budget_is_never_less_than_what_is_held(journey: Journey) -> None:
    journey.to("notice")
    with pytest.raises(NotThisMoney) as refused:
        budget(journey, 17_000)
    assert "18,000" in refused.value.message


def test_two_approvals_at_once_never_overdraw_the_budget(journey: Journey) -> None:
    second = make_journey(journey.office)
    journey.to("reviewed")
    second.to("reviewed")
    budget(journey, 20_000)
    approver = journey.office.approver
    results = together(
        lambda: cases.apply(journey.application.pk, "approve", approver, {"decision": DECISION}),
        lambda: cases.apply(second.application.pk, "approve", approver, {"decision": DECISION}),
    )
    assert sorted(type(result).__name__ for result in results) == ["BudgetUsedUp", "CaseEvent"]
    now = budgets.standing_of(journey.application.item, 2026)
    assert now.reserved == Decimal(18_000)
