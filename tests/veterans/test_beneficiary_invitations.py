"""Invitation codes: shown once, used once, for thirty days, and no help to who guesses."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.cases.tracking import Attempt
from portal.people.models import User
from portal.refusals import ChangedMeanwhile
from portal.roles.permissions import has_role, is_external
from tests.factories.beneficiaries import make_account, make_beneficiary, make_keeper, new_number
from tests.factories.people import make_person, make_user
from veterans.beneficiaries import invitations, register
from veterans.beneficiaries.refusals import InvitationRefused, NotTheKeeper
from veterans.models import Beneficiary, Invitation

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
PASSWORD = "青石梁-2026-灯火"
ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")
    cache.clear()


@pytest.fixture
def keeper() -> User:
    return make_keeper()


@pytest.fixture
def mother(keeper: User) -> Beneficiary:
    return make_beneficiary(keeper)


def typed(code: str, person: Any, **changed: str) -> dict[str, str]:
    tail = person.identity_number[-4:]
    return {"code": code, "tail": tail, "password": PASSWORD, "again": PASSWORD, **changed}


def send(form: dict[str, str]) -> Any:
    return Client().post(reverse("support_invitation"), form)


def test_the_invited_person_gets_an_outside_account(keeper: User, mother: Beneficiary) -> None:
    client = Client()
    client.force_login(keeper)
    slip = client.post(reverse("support_invite", args=[mother.pk]))
    code = slip.context["code"]
    assert "no-store" in slip["Cache-Control"]
    assert code.replace("-", "") not in Invitation.objects.get().digest
    visitor = Client()
    response = visitor.post(reverse("support_invitation"), typed(code, mother.person))
    assert response["Location"] == reverse("support_invitation_done")
    page = visitor.get(response["Location"]).content.decode()
    user = User.objects.get(person=mother.person)
    assert user.username in page
    assert user.username.startswith("J")
    assert has_role(user, "military_family")
    assert is_external(user)
    assert user.check_password(PASSWORD)
    assert not user.password_is_temporary
    assert visitor.get(reverse("my_cases")).status_code == 200
    assert visitor.get(reverse("support_beneficiaries")).status_code == 403
    # Once only.
    assert send(typed(code, mother.person)).status_code == 422
    assert User.objects.filter(person=mother.person).count() == 1


@pytest.mark.parametrize("why", ["code", "tail", "over", "revoked", "used", "newer"])
def test_every_failure_looks_the_same(
    keeper: User, mother: Beneficiary, why: str, time_machine: Any
) -> None:
    row, code = invitations.invite(mother.pk, keeper)
    form = typed(code, mother.person)
    if why == "code":
        form["code"] = "0" * 16
    elif why == "tail":
        form["tail"] = "9999"
    elif why == "over":
        time_machine.move_to("2026-12-24 09:00+08:00")
    elif why == "revoked":
        invitations.revoke(row.pk, keeper)
    elif why == "used":
        invitations.use(row, PASSWORD)
    else:
        invitations.invite(mother.pk, keeper)
    before = User.objects.count()
    response = send(form)
    assert response.status_code == 422
    assert response.context["failed"]
    assert not response.context["form"].errors
    assert PASSWORD not in response.content.decode()
    assert User.objects.count() == before


def test_a_weak_password_tells_nothing_of_the_code(keeper: User, mother: Beneficiary) -> None:
    _row, code = invitations.invite(mother.pk, keeper)
    for tried in (code, "0" * 16):
        response = send(typed(tried, mother.person, password="1234567890", again="1234567890"))
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"password"}
        assert not response.context["failed"]
    response = send(typed(code, mother.person, again="另一个密码2026"))
    assert set(response.context["form"].errors) == {"again"}


def test_failures_lock_the_code_and_the_machine(
    keeper: User, mother: Beneficiary, settings: Any
) -> None:
    settings.TRACKING_FAILURES_PER_CODE = 3
    _row, code = invitations.invite(mother.pk, keeper)
    for _time in range(3):
        assert invitations.find(Attempt.typed(code, "0000"), ADDRESS) is None
    right = Attempt.typed(code, mother.person.identity_number[-4:])
    assert invitations.find(right, ADDRESS) is None
    assert invitations.find(right, "203.0.113.8") is None, "the code is locked everywhere"
    cache.clear()
    settings.TRACKING_FAILURES_PER_ADDRESS = 2
    for number in range(2):
        invitations.find(Attempt.typed(str(number) * 16, "0000"), ADDRESS)
    assert invitations.find(right, ADDRESS) is None
    assert invitations.find(right, "203.0.113.9") is not None


def test_who_can_be_invited(keeper: User, mother: Beneficiary) -> None:
    with pytest.raises(NotTheKeeper):
        invitations.invite(mother.pk, make_user("union_staff"))
    with pytest.raises(InvitationRefused):
        invitations.invite(make_person("职工", "100777", identity_number=new_number()).pk, keeper)
    with pytest.raises(InvitationRefused):
        invitations.invite(make_person("没有号码", None).pk, keeper)
    row, _code = invitations.invite(mother.pk, keeper)
    invitations.use(row, PASSWORD)
    with pytest.raises(InvitationRefused):
        invitations.invite(mother.pk, keeper)
    with pytest.raises(ChangedMeanwhile):
        invitations.revoke(row.pk, keeper)
    with pytest.raises(ChangedMeanwhile):
        invitations.use(row, PASSWORD)
    other = make_beneficiary(keeper, "葛长顺")
    register.leave(other.pk, row.created_at.date(), "迁出", keeper)
    with pytest.raises(InvitationRefused):
        invitations.invite(other.pk, keeper)


def test_numbers_of_accounts_follow_each_other(keeper: User) -> None:
    names = []
    for name in ("甲月", "乙月", "丙月"):
        row, _code = invitations.invite(make_beneficiary(keeper, name).pk, keeper)
        names.append(invitations.use(row, PASSWORD).username)
    assert names == ["J30001", "J30002", "J30003"]


def test_a_closed_account_signs_in_nowhere(keeper: User, mother: Beneficiary) -> None:
    account = make_account(mother)
    client = Client()
    client.force_login(account)
    officer = Client()
    officer.force_login(keeper)
    assert officer.post(reverse("support_account_close", args=[mother.pk])).status_code == 302
    account.refresh_from_db()
    assert not account.is_active
    assert client.get(reverse("my_cases")).status_code == 302
    works_here = make_user("union_staff")
    with pytest.raises(InvitationRefused):
        invitations.close_account(works_here.person_id or 0, keeper)
