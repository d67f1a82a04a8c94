"""Delegates, guardians and clerks: what they may do, what they see, and that it ends at once."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.cases import services as cases
from portal.cases.models import Case
from portal.cases.permissions import must_stand_aside
from portal.cases.refusals import ConditionNotMet, MustBeAnother, NotYourTurn
from portal.notifications.models import Message
from portal.people.models import User
from portal.roles.table import ROLES
from tests.factories.beneficiaries import (
    CHILD,
    SECOND_CARD,
    another_photo,
    entrust,
    fill,
    make_account,
    make_agent,
    make_beneficiary,
    make_keeper,
)
from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from tests.factories.standards import housing, published
from tests.factories.support import CARD, Office, make_journey
from veterans.applications import services
from veterans.beneficiaries import accounts, entry, representatives
from veterans.beneficiaries.refusals import NotTheKeeper, RepresentationRefused, RightEnded
from veterans.models import Application, Beneficiary, ItemVersion, Representation

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def keeper() -> User:
    published()
    return make_keeper()


@pytest.fixture
def mother(keeper: User) -> Beneficiary:
    return make_beneficiary(keeper, bank_name="岚川储蓄银行", bank_card=CARD)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def office_there() -> Office:
    """Return those who decide, with the standard that is in force already."""
    return Office(
        station=make_keeper(),
        reviewer=make_user("union_staff"),
        approver=make_user("union_chair"),
        payer=make_user("finance_payer"),
        version=ItemVersion.objects.get(status="published"),
    )


def delegated(keeper: User, mother: Beneficiary, **values: Any) -> tuple[User, Representation]:
    agent = make_agent()
    assert agent.person is not None
    return agent, entrust(keeper, mother, agent.person, **values)


# ---- Delegates


def test_a_delegate_applies_for_the_beneficiary_who_is_told(
    keeper: User, mother: Beneficiary
) -> None:
    account = make_account(mother)
    agent, right = delegated(keeper, mother)
    draft = fill(entry.start_as(right.pk, housing(), agent), agent)
    assert draft.case.applicant == draft.case.beneficiary == mother.person
    services.hand_in(draft, agent)
    case = Case.objects.get(pk=draft.pk)
    assert case.state == "submitted"
    assert set(Case.objects.visible_to(agent)) == {case}
    assert set(Case.objects.visible_to(account)) == {case}
    told = Message.objects.filter(code="support-submitted")
    assert {row.user for row in told} == {account, agent}
    assert signed_in(agent).get(reverse("case", args=[case.pk])).status_code == 200


def test_a_delegate_sees_only_what_was_entrusted(keeper: User, mother: Beneficiary) -> None:
    account = make_account(mother)
    office = office_there()
    own = make_journey(office, account)
    own.to("submitted")
    agent, right = delegated(keeper, mother)
    assert not Case.objects.visible_to(agent).exists()
    page = reverse("case", args=[own.case.pk])
    assert signed_in(agent).get(page).status_code == 404
    address = reverse("support_entrust_case", args=[right.pk, own.case.pk])
    assert signed_in(agent).post(address).status_code == 403, "not by the delegate"
    assert signed_in(account).post(address).status_code == 302
    assert signed_in(agent).get(page).status_code == 200
    # Neither the register nor the number of the account.
    assert signed_in(agent).get(reverse("support_beneficiary", args=[mother.pk])).status_code == 403


def test_a_revoked_delegate_is_out_at_once(keeper: User, mother: Beneficiary) -> None:
    account = make_account(mother)
    agent, right = delegated(keeper, mother)
    draft = fill(entry.start_as(right.pk, housing(), agent), agent)
    response = signed_in(account).post(reverse("support_representation_revoke", args=[right.pk]))
    assert response.status_code == 302
    client = signed_in(agent)
    for name in ("support_application", "support_check", "case"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 404, name
    with pytest.raises(NotYourTurn):
        services.save_answer(draft.pk, agent, "category", "V3")
    with pytest.raises(NotYourTurn):
        services.hand_in(draft, agent)
    with pytest.raises(RightEnded):
        entry.start_as(right.pk, housing(), agent)
    assert not Case.objects.visible_to(agent).exists()
    # What was written is not lost: the beneficiary goes on with it.
    services.hand_in(draft, account)
    assert Case.objects.get(pk=draft.pk).state == "submitted"
    told = Message.objects.filter(code="support-entrust-revoked")
    assert {row.user for row in told} == {account, agent}


@pytest.mark.parametrize("state", ["waiting", "over", "later", "other-item"])
def test_a_right_that_does_not_count_opens_nothing(
    keeper: User, mother: Beneficiary, state: str, time_machine: Any
) -> None:
    values: dict[str, Any] = {"verified": state != "waiting"}
    if state == "later":
        values["valid_from"] = datetime.date(2026, 12, 1)
    agent, right = delegated(keeper, mother, **values)
    if state == "over":
        time_machine.move_to("2027-11-23 09:00+08:00")
    if state == "other-item":
        right.items.clear()
    with pytest.raises(RightEnded):
        entry.start_as(right.pk, housing(), agent)


def test_a_right_that_runs_out_closes_the_case(
    keeper: User, mother: Beneficiary, time_machine: Any
) -> None:
    agent, right = delegated(keeper, mother)
    draft = fill(entry.start_as(right.pk, housing(), agent), agent)
    services.hand_in(draft, agent)
    assert right.valid_to is not None
    time_machine.move_to(f"{right.valid_to + datetime.timedelta(days=1)} 09:00+08:00")
    assert not Case.objects.visible_to(agent).exists()


def test_a_delegate_cannot_turn_the_application_to_somebody_else(
    keeper: User, mother: Beneficiary
) -> None:
    agent, right = delegated(keeper, mother)
    draft = entry.start_as(right.pk, housing(), agent)
    address = reverse("support_part", args=[draft.pk, "about"])
    typed = {
        "for_whom": "self",
        "name": "许文竹",
        "identity_number": agent.person.identity_number,  # type: ignore[union-attr]
        "phone": "13900000033",
    }
    assert signed_in(agent).post(address, typed).status_code == 302
    draft = Application.objects.select_related("case").get(pk=draft.pk)
    assert (draft.name, draft.phone) == (mother.person.name, "13900000033")
    assert draft.identity_number == mother.person.identity_number
    assert draft.case.beneficiary == mother.person
    page = signed_in(agent).get(reverse("support_check", args=[draft.pk])).content.decode()
    assert mother.person.identity_number not in page
    # A number that is known is masked, and stays when nothing is typed.
    page = signed_in(agent).get(address).content.decode()
    assert "13900000033" not in page
    assert "139****0033" in page
    assert signed_in(agent).post(address, {"phone": ""}).status_code == 302
    draft.refresh_from_db()
    assert draft.phone == "13900000033"


def test_another_account_waits_for_the_beneficiary(keeper: User, mother: Beneficiary) -> None:
    account = make_account(mother)
    agent, right = delegated(keeper, mother)
    draft = fill(entry.start_as(right.pk, housing(), agent), agent, card=SECOND_CARD)
    assert draft.bank_card == ""
    with pytest.raises(ConditionNotMet):
        services.hand_in(draft, agent)
    address = reverse("support_account", args=[draft.pk])
    assert signed_in(agent).get(address).status_code == 404, "not the delegate"
    assert Message.objects.filter(user=account, code="support-account").exists()
    page = signed_in(account).get(address)
    assert page.status_code == 200
    assert SECOND_CARD not in page.content.decode()
    waits = reverse("support_application", args=[draft.pk])
    assert "**** **** **** 0026" in signed_in(agent).get(waits).content.decode()
    assert address in signed_in(account).get(waits).content.decode()
    assert signed_in(account).post(address).status_code == 302
    draft.refresh_from_db()
    mother.refresh_from_db()
    assert draft.bank_card == mother.bank_card == SECOND_CARD
    services.hand_in(draft, agent)
    assert Case.objects.get(pk=draft.pk).state == "submitted"


def test_a_refused_account_changes_nothing_and_the_known_one_needs_no_question(
    keeper: User, mother: Beneficiary
) -> None:
    account = make_account(mother)
    agent, right = delegated(keeper, mother)
    draft = fill(entry.start_as(right.pk, housing(), agent), agent, card=SECOND_CARD)
    address = reverse("support_account", args=[draft.pk])
    signed_in(account).post(address, {"refuse": "yes"})
    draft.refresh_from_db()
    assert draft.bank_card == ""
    services.save_bank(draft.pk, agent, {"bank_name": "岚川储蓄银行", "bank_card": CARD})
    draft.refresh_from_db()
    assert draft.bank_card == CARD


def test_the_officer_confirms_an_account_with_the_way_it_was_heard(
    keeper: User, mother: Beneficiary
) -> None:
    agent, right = delegated(keeper, mother)
    draft = fill(entry.start_as(right.pk, housing(), agent), agent, card=SECOND_CARD)
    address = reverse("support_account", args=[draft.pk])
    assert signed_in(keeper).post(address, {}).status_code == 422
    assert signed_in(keeper).post(address, {"channel": "home"}).status_code == 302
    row = draft.account_proposals.get()
    assert (row.confirmed_by, row.channel) == (keeper, "home")
    assert signed_in(make_user("union_staff")).get(address).status_code == 404


def test_a_representation_is_checked(keeper: User, mother: Beneficiary) -> None:
    agent = make_agent().person
    assert agent is not None
    child = make_beneficiary(keeper, "田小禾", born=CHILD, category="V3")
    for principal, values, fieldname in (
        (mother, {"items": []}, "items"),
        (mother, {"valid_to": None}, "valid_to"),
        (mother, {"valid_to": datetime.date(2026, 1, 1)}, "valid_to"),
        (mother, {"valid_to": datetime.date(2036, 1, 1)}, "valid_to"),
        (mother, {"kind": "guardian"}, "kind"),
        (mother, {"name": "别的名字"}, "name"),
        (mother, {"identity_number": mother.person.identity_number}, "identity_number"),
        (mother, {"identity_number": child.person.identity_number}, "identity_number"),
    ):
        with pytest.raises(ValidationError) as caught:
            entrust(keeper, principal, agent, verified=False, **values)
        assert set(caught.value.message_dict) == {fieldname}
    assert not Representation.objects.exists()
    with pytest.raises(NotTheKeeper):
        entrust(make_user("union_staff"), mother, agent)
    right = entrust(keeper, mother, agent, verified=False)
    make_assignment(agent, "veterans_officer")
    own = User.objects.get(person=agent)
    with pytest.raises(RepresentationRefused):
        representatives.verify(right.pk, own)


def test_exactly_who_reads_a_letter_of_authority(keeper: User, mother: Beneficiary) -> None:
    account = make_account(mother)
    agent, right = delegated(keeper, mother)
    address = reverse("stored_file", args=[right.paper_id])
    officers = {role: make_user(role) for role in ROLES}

    def readers() -> set[str]:
        return {
            role
            for role, user in officers.items()
            if signed_in(user).get(address).status_code == 200
        }

    assert readers() == {"veterans_officer", "discipline_auditor"}
    assert signed_in(account).get(address).status_code == 200
    assert signed_in(agent).get(address).status_code == 200
    assert signed_in(make_agent()).get(address).status_code == 404
    draft = fill(entry.start_as(right.pk, housing(), agent), agent)
    services.hand_in(draft, agent)
    # In a case that rests on it, those who work on the case have to see it.
    table = Case.objects.get(pk=draft.pk).table
    assert readers() == table.roles()


def test_a_delegate_takes_the_steps_of_the_applicant_and_no_other(
    keeper: User, mother: Beneficiary
) -> None:
    account = make_account(mother)
    agent, right = delegated(keeper, mother)
    draft = fill(entry.start_as(right.pk, housing(), agent), agent)
    services.hand_in(draft, agent)
    office = office_there()

    def steps(user: User) -> set[str]:
        page = signed_in(user).get(reverse("case", args=[draft.pk])).content.decode()
        return set(re.findall(rf"/cases/{draft.pk}/steps/([a-z_]+)/", page))

    assert steps(agent) == steps(account) == {"withdraw"}
    cases.apply(draft.pk, "accept", office.station)
    cases.apply(draft.pk, "review", office.reviewer, {"opinion": "supported"})
    assert steps(agent) == steps(account) == {"withdraw"}
    cases.apply(draft.pk, "reject", office.approver, {"reason": "x", "reason_code": "condition"})
    assert steps(agent) == steps(account) == {"rate"}
    # Who works in the office stands aside in what he acts in.
    assert agent.person is not None
    make_assignment(agent.person, "union_chair")
    fresh = User.objects.get(pk=agent.pk)
    assert must_stand_aside(fresh, Case.objects.get(pk=draft.pk))


# ---- Guardians


def test_a_minor_without_guardian_cannot_hand_in(keeper: User) -> None:
    child = make_beneficiary(keeper, "田小禾", born=CHILD)
    account = make_account(child)
    draft = fill(services.start(housing(), account), account)
    services.save_about(
        draft.pk,
        account,
        {
            "for_whom": "self",
            "relation": "",
            "name": child.person.name,
            "identity_number": child.person.identity_number,
            "phone": child.person.phone,
        },
    )
    with pytest.raises(ConditionNotMet, match="18"):
        services.hand_in(draft, account)
    guardian = make_agent("田建国")
    assert guardian.person is not None
    entrust(keeper, child, guardian.person, kind="guardian", valid_to=None)
    with pytest.raises(ConditionNotMet):
        services.hand_in(draft, account)
    services.hand_in(draft, guardian)
    assert Case.objects.get(pk=draft.pk).state == "submitted"
    assert Case.objects.visible_to(guardian).filter(pk=draft.pk).exists()


def test_a_parent_who_is_no_verified_guardian_is_asked_for_the_paper(keeper: User) -> None:
    child = make_beneficiary(keeper, "田小禾", born=CHILD)
    parent = make_agent("田建国")
    draft = services.start(housing(), parent)
    services.save_about(
        draft.pk,
        parent,
        {
            "for_whom": "family",
            "relation": "parent",
            "name": child.person.name,
            "identity_number": child.person.identity_number,
            "phone": "13900000031",
        },
    )
    draft = fill(draft, parent)
    with pytest.raises(ConditionNotMet, match="18"):
        services.hand_in(draft, parent)


# ---- Clerks


def test_a_clerk_types_in_with_the_signed_form_and_never_decides(
    keeper: User, mother: Beneficiary
) -> None:
    office = office_there()
    draft = entry.start_for(mother.pk, housing(), "home", keeper)
    assert [one.code for one in entry.extra_materials(draft)] == ["signed-form"]
    draft = fill(draft, keeper)
    client = signed_in(keeper)
    response = client.post(reverse("support_hand_in", args=[draft.pk]), {"key": uuid.uuid4()})
    assert response.status_code == 200, "the slip for the beneficiary"
    again = client.post(reverse("support_hand_in", args=[draft.pk]), {"key": uuid.uuid4()})
    assert again.status_code == 302
    case = Case.objects.get(pk=draft.pk)
    assert case.documents.filter(material="signed-form").exists()
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "上门" in page
    cases.apply(case.pk, "accept", keeper)
    assert keeper.person is not None
    for role in ("union_staff", "union_chair"):
        make_assignment(keeper.person, role)
    clerk = User.objects.get(pk=keeper.pk)
    with pytest.raises(MustBeAnother):
        cases.apply(case.pk, "review", clerk, {"opinion": "supported"})
    cases.apply(case.pk, "review", office.reviewer, {"opinion": "supported"})
    for step in ("approve", "reject", "return"):
        with pytest.raises(MustBeAnother):
            cases.apply(case.pk, step, clerk, {"reason": "不符合", "reason_code": "condition"})


def test_a_clerk_without_the_signed_form_cannot_hand_in(keeper: User, mother: Beneficiary) -> None:
    draft = fill(entry.start_for(mother.pk, housing(), "counter", keeper), keeper)
    draft.case.documents.filter(material="signed-form").delete()
    with pytest.raises(ConditionNotMet):
        services.hand_in(draft, keeper)


def test_what_a_clerk_typed_the_station_corrects(keeper: User, mother: Beneficiary) -> None:
    draft = fill(entry.start_for(mother.pk, housing(), "counter", keeper), keeper)
    services.hand_in(draft, keeper)
    colleague = make_keeper()
    items = [{"code": "materials:identity-card", "label": "身份证", "reason": "看不清"}]
    cases.apply(draft.pk, "request_correction", colleague, {"items": items, "reason": "看不清"})
    services.add_files(draft, colleague, "identity-card", [another_photo()])
    services.correct(draft, colleague)
    assert Case.objects.get(pk=draft.pk).state == "submitted"
    # An application of somebody's own is not the station's to write in.
    own = make_journey(office_there())
    own.to("correcting")
    with pytest.raises(NotYourTurn):
        services.save_bank(own.case.pk, colleague, {"bank_name": "x", "bank_card": CARD})


def test_who_types_in_for_whom(keeper: User, mother: Beneficiary) -> None:
    with pytest.raises(NotTheKeeper):
        entry.start_for(mother.pk, housing(), "counter", make_user("union_staff"))
    first = entry.start_for(mother.pk, housing(), "counter", keeper)
    assert entry.start_for(mother.pk, housing(), "counter", keeper) == first
    other = make_keeper()
    assert signed_in(other).get(reverse("support_application", args=[first.pk])).status_code == 404
    assert not Case.objects.visible_to(other).filter(pk=first.pk).exists()
    assert accounts.open_proposal(first.pk) is None
