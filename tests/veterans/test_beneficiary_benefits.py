"""Running benefits: due, reminded, confirmed by one button, stopped, restored."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.notifications.models import Message
from portal.people.models import User
from portal.refusals import ChangedMeanwhile
from tests.factories.beneficiaries import (
    CHILD,
    entrust,
    make_account,
    make_agent,
    make_beneficiary,
)
from tests.factories.people import make_user
from tests.factories.support import Office, make_journey, make_office
from veterans.beneficiaries import benefits, register
from veterans.beneficiaries.refusals import NotTheKeeper
from veterans.models import RunningBenefit

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def running(office: Office, **values: Any) -> tuple[RunningBenefit, User]:
    made = make_beneficiary(office.station, **values)
    account = make_account(made)
    journey = make_journey(office, account)
    journey.to("submitted")
    benefit = RunningBenefit.objects.create(
        application=journey.application,
        person=made.person,
        item=journey.application.item,
        started_on=datetime.date(2026, 1, 5),
        confirm_by=datetime.date(2027, 1, 5),
        next_from=datetime.date(2027, 1, 5),
    )
    return benefit, account


def test_support_by_the_month_runs_once_it_was_paid(office: Office) -> None:
    made = make_beneficiary(office.station)
    journey = make_journey(office, make_account(made))
    journey.to("paying")
    assert not RunningBenefit.objects.exists()
    journey.step("confirm_payment", office.payer)
    benefit = RunningBenefit.objects.get()
    assert benefit.person == made.person
    assert benefit.confirm_by == datetime.date(2027, 11, 23)


def test_reminded_twice_then_stopped_then_restored(office: Office, time_machine: Any) -> None:
    benefit, account = running(office)
    told = Message.objects.filter(user=account)
    for day, reminders, state in (
        ("2026-12-05", 0, "running"),
        ("2026-12-06", 1, "running"),
        ("2026-12-20", 1, "running"),
        ("2026-12-29", 2, "running"),
        ("2027-01-05", 2, "running"),
        ("2027-01-06", 2, "stopped"),
    ):
        time_machine.move_to(f"{day} 01:00+08:00")
        benefits.remind_and_stop()
        benefits.remind_and_stop()
        benefit.refresh_from_db()
        assert told.filter(code="support-confirm").count() == reminders, day
        assert benefit.state == state, day
    assert told.filter(code="support-stopped").count() == 1
    client = Client()
    client.force_login(account)
    page = client.get(reverse("support_benefits")).content.decode()
    assert "确认并恢复发放" in page
    assert client.post(reverse("support_benefit_confirm", args=[benefit.pk])).status_code == 302
    benefit.refresh_from_db()
    assert (benefit.state, benefit.stopped_on) == ("running", None)
    assert benefit.confirm_by == datetime.date(2028, 1, 6)
    assert benefit.confirmations.get().restored


def test_one_button_confirms_for_a_year_and_only_when_it_is_due(
    office: Office, time_machine: Any
) -> None:
    benefit, account = running(office)
    client = Client()
    client.force_login(account)
    address = reverse("support_benefit_confirm", args=[benefit.pk])
    time_machine.move_to("2026-11-05 09:00+08:00")
    assert client.post(address).status_code == 409
    time_machine.move_to("2026-11-23 09:00+08:00")
    assert client.post(address).status_code == 302
    benefit.refresh_from_db()
    assert benefit.confirm_by == datetime.date(2028, 1, 5)
    assert client.post(address).status_code == 409, "a second tap changes nothing"
    benefit.refresh_from_db()
    assert benefit.confirm_by == datetime.date(2028, 1, 5)


def test_exactly_who_confirms(office: Office) -> None:
    benefit, account = running(office)
    child = make_beneficiary(office.station, "田小禾", born=CHILD)
    RunningBenefit.objects.update(person=child.person)
    benefit.refresh_from_db()
    account = make_account(child)
    guardian, agent = make_agent("田建国"), make_agent()
    assert guardian.person is not None
    entrust(office.station, child, guardian.person, kind="guardian", valid_to=None)
    allowed = {account, guardian, office.station}
    others = {
        agent,
        office.reviewer,
        office.approver,
        office.payer,
        make_user("discipline_auditor"),
    }
    for user in allowed | others:
        assert benefits.may_confirm(user, benefit) is (user in allowed), user
        client = Client()
        client.force_login(user)
        address = reverse("support_benefit_confirm", args=[benefit.pk])
        assert client.get(address).status_code == (
            404 if user in others else 200 if user == office.station else 302
        )
    with pytest.raises(NotTheKeeper):
        benefits.confirm(benefit.pk, agent)


def test_a_delegate_does_not_confirm(office: Office) -> None:
    benefit, _account = running(office)
    agent = make_agent()
    assert agent.person is not None
    entrust(office.station, benefit.person.beneficiary, agent.person)
    assert not benefits.may_confirm(agent, benefit)


def test_what_the_officer_stopped_only_the_officer_restores(office: Office) -> None:
    benefit, account = running(office)
    client = Client()
    client.force_login(office.station)
    stop = reverse("support_benefit_stop", args=[benefit.pk])
    assert client.post(stop, {"reason": ""}).status_code in (200, 422)
    assert client.post(stop, {"reason": "已再就业，不再符合条件"}).status_code == 302
    with pytest.raises(NotTheKeeper):
        benefits.confirm(benefit.pk, account)
    address = reverse("support_benefit_confirm", args=[benefit.pk])
    assert client.post(address, {"channel": "phone", "note": "电话核实"}).status_code == 302
    row = benefit.confirmations.get()
    assert (row.channel, row.note, row.restored) == ("phone", "电话核实", True)


def test_who_leaves_the_register_gets_nothing_more(office: Office) -> None:
    benefit, account = running(office)
    register.leave(benefit.person_id, datetime.date(2026, 11, 23), "去世", office.station)
    benefit.refresh_from_db()
    assert benefit.state == "stopped"
    with pytest.raises((NotTheKeeper, ChangedMeanwhile)):
        benefits.confirm(benefit.pk, account)


def test_the_list_of_the_office(office: Office) -> None:
    benefit, _account = running(office)
    client = Client()
    client.force_login(office.station)
    address = reverse("support_benefits_office")
    assert [row["benefit"] for row in client.get(address).context["rows"]] == [benefit]
    assert client.get(address, {"list": "stopped"}).context["rows"] == []
    assert len(client.get(address, {"list": "all"}).context["rows"]) == 1
    assert client.get(address, {"list": "x", "page": "x"}).status_code == 200
