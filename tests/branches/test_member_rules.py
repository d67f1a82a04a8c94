"""Numbers of the rules for members count as the Party affairs department has written them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from branches.members import import_rows, register, transfers
from branches.models import MemberRule, MemberRuleCode, Membership, PartyMember
from portal.organizations.models import Unit
from portal.people.models import User
from portal.spreadsheets.faults import SheetRefused
from tests.factories.branches_members import make_member
from tests.factories.organizations import make_branch
from tests.factories.people import identity_number, make_person, make_user
from tests.factories.rosters import roster_bytes, roster_row

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)
CLAUSE = "企业党委规定第三条"


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def branch() -> Unit:
    return make_branch("采煤队党支部")


@pytest.fixture
def officer() -> User:
    return make_user("party_staff")


@pytest.fixture
def client(officer: User) -> Client:
    signed_in = Client()
    signed_in.force_login(officer)
    return signed_in


def write(client: Client, code: str, number: int) -> None:
    """Change a rule through its page."""
    rule = MemberRule.objects.get(code=code)
    typed = {"number": str(number), "clause": CLAUSE}
    assert client.post(reverse("branch_rule", args=["members", rule.pk]), typed).status_code == 302


def newcomer(branch: Unit, joined: datetime.date) -> Membership:
    return make_member(branch, joined_on=joined, confirmed_on=None)


def test_the_rules_begin_as_the_party_writes_them() -> None:
    assert dict(MemberRule.objects.values_list("code", "number")) == {
        MemberRuleCode.AGE: 18,
        MemberRuleCode.PROBATION: 12,
        MemberRuleCode.LETTER: 90,
    }
    unsure = MemberRule.objects.filter(is_unverified=True)
    assert list(unsure.values_list("code", flat=True)) == [MemberRuleCode.LETTER]


def test_another_probation_counts_for_confirming_lists_tasks_and_pages(
    branch: Unit, officer: User, client: Client
) -> None:
    row = newcomer(branch, datetime.date(2025, 11, 23))
    write(client, "probation", 18)
    with pytest.raises(ValidationError, match=f"2027年5月23日届满（{CLAUSE}）"):
        register.confirm(row.member_id, TODAY, officer)
    assert row.member.person.name not in due(client)
    page = client.get(reverse("branch_member_confirm", args=[row.member_id]))
    assert page.context["form"].initial["day"] == datetime.date(2027, 5, 23)
    assert CLAUSE in page.content.decode()
    write(client, "probation", 6)
    assert row.member.person.name in due(client)
    register.confirm(row.member_id, TODAY, officer)
    assert PartyMember.objects.get(pk=row.member_id).confirmed_on == TODAY


def due(client: Client) -> str:
    return client.get(reverse("branch_members"), {"state": "due"}).content.decode()


def test_another_validity_of_letters_counts_to_the_day(
    branch: Unit, officer: User, client: Client
) -> None:
    write(client, "letter", 30)
    letter = {
        "to_outside": "外地党委",
        "letter_number": "〔2026〕第12号",
        "letter_date": TODAY,
        "valid_until": TODAY + 31 * DAY,
    }
    row = make_member(branch)
    with pytest.raises(ValidationError, match="30"):
        transfers.begin(row.member_id, letter, officer)
    transfers.begin(row.member_id, {**letter, "valid_until": TODAY + 30 * DAY}, officer)


def test_another_age_counts_for_rosters_and_again_when_they_are_taken_over(
    branch: Unit, officer: User, client: Client
) -> None:
    make_person("何静", "T900001")
    # Born in the year 2000; the roster says that she joined in 2015.
    young = roster_row(党支部=branch.name, 身份证号=identity_number("20000312", 1))
    with pytest.raises(SheetRefused) as refused:
        import_rows.keep(roster_bytes(young), officer)
    assert [(fault.row, "18" in fault.problem) for fault in refused.value.faults] == [(2, True)]
    write(client, "age", 15)
    kept, _preview = import_rows.keep(roster_bytes(young), officer)
    write(client, "age", 16)
    with pytest.raises(SheetRefused):
        import_rows.take_over(kept.pk, officer)


@pytest.mark.parametrize("number", ["0", "401", "-1", ""])
def test_a_number_that_cannot_be_is_refused(client: Client, number: str) -> None:
    rule = MemberRule.objects.get(code="letter")
    answer = client.post(
        reverse("branch_rule", args=["members", rule.pk]), {"number": number, "clause": CLAUSE}
    )
    assert answer.status_code == 422
    rule.refresh_from_db()
    assert rule.number == 90
