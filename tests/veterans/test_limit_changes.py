"""Limits are changed in the browser by two people; what counted on a day stays known."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.people.models import User
from portal.roles.table import ROLES
from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from tests.infrastructure.at_once import failures, together
from veterans.limits import COMPLAINT, changes, limit
from veterans.models import HandlingLimit, LimitChange
from veterans.models.limits import LimitSubject
from veterans.payments.limits import tier_of
from veterans.payments.refusals import MoneyMoved, NotThisMoney

pytestmark = [pytest.mark.database, pytest.mark.django_db]
READERS = {
    *("finance_payer", "veterans_officer", "union_chair", "party_approver"),
    "discipline_auditor",
}
TODAY = datetime.date(2026, 11, 23)
NEXT_YEAR = datetime.date(2027, 1, 1)
CLAUSE = "沁岚党发〔2026〕9号第三条"
TYPED = {
    "effective_from": "2027-01-01",
    "up_to_union_chair": "20000",
    "clause_union_chair": CLAUSE,
    "decision_party_approver": "on",
    "clause_party_approver": CLAUSE,
}
COMPLAINT_ROW = {"days": 10, "kind": "working", "clause": CLAUSE}


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    # The clock runs on: threads that wait for each other need one.
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def officer() -> User:
    return make_user("veterans_officer")


@pytest.fixture
def chair() -> User:
    return make_user("union_chair")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def proposed(officer: User, day: datetime.date = NEXT_YEAR) -> LimitChange:
    return changes.propose(LimitSubject.HANDLING, COMPLAINT, COMPLAINT_ROW, day, officer)


@pytest.mark.parametrize("code", sorted(ROLES))
def test_who_reads_limits_and_who_proposes_them_and_not_more(code: str) -> None:
    client = signed_in(make_user(code))
    assert client.get(reverse("support_limits")).status_code == (200 if code in READERS else 403)
    status = client.get(reverse("support_limit_new", args=["approval"])).status_code
    assert status == (200 if code == "veterans_officer" else 403)


def test_a_table_proposed_and_put_in_force_in_the_browser_counts_from_its_day(
    officer: User, chair: User
) -> None:
    client = signed_in(officer)
    sent = client.post(reverse("support_limit_new", args=["approval"]), TYPED)
    change = LimitChange.objects.get()
    assert sent.status_code == 302 and sent["Location"] == f"/support/limits/{change.pk}/"
    tier = tier_of(Decimal(15_000), NEXT_YEAR)
    assert tier is not None and tier.role_code == "party_approver", "nobody agreed yet"

    leader = signed_in(chair)
    assert "审批权限" in leader.get("/workspace/").content.decode()
    page = leader.get(sent["Location"]).content.decode()
    assert "20,000" in page and "10,000" in page and CLAUSE in page
    assert leader.post(sent["Location"], {"accepted": "yes"}).status_code == 302
    before, after = (
        tier_of(Decimal(15_000), day) for day in (NEXT_YEAR - datetime.timedelta(1), NEXT_YEAR)
    )
    assert before is not None and before.role_code == "party_approver"
    assert after is not None and after.role_code == "union_chair" and after.clause == CLAUSE
    most = tier_of(Decimal(999_999), NEXT_YEAR)
    assert most is not None and most.role_code == "party_approver" and most.needs_decision
    history = signed_in(make_user("discipline_auditor")).get("/support/limits/").content.decode()
    assert str(officer) in history and str(chair) in history


def test_a_time_limit_is_changed_in_the_same_way(officer: User, chair: User) -> None:
    address = reverse("support_limit_new_of", args=["handling", COMPLAINT])
    typed = {**COMPLAINT_ROW, "effective_from": "2027-01-01"}
    assert signed_in(officer).post(address, typed).status_code == 302
    changes.decide(LimitChange.objects.get().pk, chair, accepted=True)
    assert limit(COMPLAINT, TODAY).days == 15
    assert limit(COMPLAINT, NEXT_YEAR).days == 10


@pytest.mark.parametrize(
    "typed",
    [
        {"effective_from": "2026-11-22"},
        {"effective_from": ""},
        {"up_to_union_chair": ""},
        {"up_to_party_approver": "90000"},
        {"up_to_union_chair": "-1"},
        {"clause_union_chair": ""},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    officer: User, typed: dict[str, str]
) -> None:
    address = reverse("support_limit_new", args=["approval"])
    answer = signed_in(officer).post(address, {**TYPED, **typed})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert CLAUSE in answer.content.decode()
    assert not LimitChange.objects.exists()


def test_sent_twice_it_waits_once(officer: User) -> None:
    client, address = signed_in(officer), reverse("support_limit_new", args=["approval"])
    assert client.post(address, TYPED).status_code == 302
    assert client.post(address, TYPED).status_code == 422
    assert LimitChange.objects.count() == 1


def test_who_proposed_it_does_not_decide(officer: User) -> None:
    make_assignment(officer, "union_chair")
    officer = User.objects.get(pk=officer.pk)
    change = proposed(officer)
    with pytest.raises(NotThisMoney):
        changes.decide(change.pk, officer, accepted=True)
    address = reverse("support_limit", args=[change.pk])
    assert "<form" not in signed_in(officer).get(address).content.decode().partition("<main")[2]
    assert signed_in(officer).post(address, {"accepted": "yes"}).status_code == 422
    change.decided_by, change.decided_at = officer, timezone.now()
    change.state = "accepted"
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


def test_a_refusal_has_a_reason_and_changes_nothing(officer: User, chair: User) -> None:
    change = proposed(officer)
    address = reverse("support_limit", args=[change.pk])
    leader = signed_in(chair)
    assert leader.post(address, {"accepted": "no"}).status_code == 422
    assert leader.post(address, {"accepted": "no", "reason": "依据不足"}).status_code == 302
    assert leader.post(address, {"accepted": "yes"}).status_code == 409
    assert limit(COMPLAINT, NEXT_YEAR).days == 15
    assert "依据不足" in signed_in(officer).get(address).content.decode()
    assert proposed(officer).pk != change.pk, "it can be proposed again"


def test_limits_never_count_before_somebody_decided(
    officer: User, chair: User, time_machine: Any
) -> None:
    change = proposed(officer, TODAY)
    time_machine.move_to("2026-11-24 09:00+08:00")
    with pytest.raises(NotThisMoney):
        changes.decide(change.pk, chair, accepted=True)
    assert limit(COMPLAINT, TODAY).days == 15


def test_a_day_that_has_limits_already_gets_no_second_ones(officer: User, chair: User) -> None:
    change = proposed(officer)
    HandlingLimit.objects.create(code=COMPLAINT, effective_from=NEXT_YEAR, **COMPLAINT_ROW)
    with pytest.raises(MoneyMoved):
        changes.decide(change.pk, chair, accepted=True)
    with pytest.raises(MoneyMoved):
        proposed(officer, NEXT_YEAR)


@pytest.mark.django_db(transaction=True)
def test_of_two_leaders_one_decides(officer: User, chair: User) -> None:
    change = proposed(officer)
    secretary = make_user("party_approver")
    results = together(
        partial(changes.decide, change.pk, chair, accepted=True),
        partial(changes.decide, change.pk, secretary, accepted=False, reason="再议"),
    )
    assert [type(error) for error in failures(results)] == [MoneyMoved]
    change.refresh_from_db()
    rows = HandlingLimit.objects.filter(code=COMPLAINT, effective_from=NEXT_YEAR)
    assert rows.exists() == (change.state == "accepted")


def test_the_history_asks_as_often_for_many(
    officer: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(officer)
    proposed(officer)
    client.get("/support/limits/")
    with django_assert_max_num_queries(60) as few:
        client.get("/support/limits/")
    for number in range(12):
        proposed(officer, NEXT_YEAR + datetime.timedelta(1 + number))
    with django_assert_max_num_queries(len(few)):
        client.get("/support/limits/")
