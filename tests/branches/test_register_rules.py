"""Rules of the register that keep its history true: coming back, probation, votes, hours."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from branches.members import forms, register, training, transfers, voting_bars
from branches.models import Activity, ActivityState, Membership, MemberTransfer
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import NotPossible
from tests.factories.branches_members import make_member, make_post
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def branch() -> Unit:
    return make_branch("采煤队党支部", "DZ-CM")


@pytest.fixture
def staff() -> User:
    return make_user("party_staff")


def entry(branch: Unit, row: Membership, **values: Any) -> dict[str, Any]:
    member = row.member
    days = {"joined_on": member.joined_on, "confirmed_on": member.confirmed_on}
    return {"branch": branch, "valid_from": TODAY, **days, **values}


OUTSIDE = {
    "to_outside": "外地党委",
    "letter_number": "〔2026〕第12号",
    "letter_date": TODAY - 10 * DAY,
    "valid_until": TODAY,
}


def test_nobody_is_entered_again_while_a_letter_is_on_its_way(branch: Unit, staff: User) -> None:
    row = make_member(branch)
    make_post(branch, row.member.person, "publicity")
    transfer = transfers.begin(row.member_id, OUTSIDE, staff)
    with pytest.raises(NotPossible):
        register.enter(row.member.person, entry(make_branch(), row), staff)
    client = Client()
    client.force_login(make_user("branch_secretary", unit=branch))
    page = client.get(reverse("branch_transfer_cancel", args=[transfer.pk])).content.decode()
    assert "重新" in page and "职务" in page
    assert client.post(reverse("branch_transfer_cancel", args=[transfer.pk])).status_code == 302
    assert row.member.memberships.get().valid_to is None


def test_a_letter_is_not_called_off_for_who_belongs_elsewhere_by_now(
    branch: Unit, staff: User
) -> None:
    row, again = make_member(branch), make_member(branch)
    for one, last in ((row, None), (again, TODAY - DAY)):
        transfer = transfers.begin(one.member_id, OUTSIDE, staff)
        # Entered before this was refused.
        make_member(
            make_branch(), person=one.member.person, valid_from=TODAY - 5 * DAY, valid_to=last
        )
        with pytest.raises(NotPossible):
            transfers.cancel(transfer.pk, staff)
    assert MemberTransfer.objects.filter(cancelled_on=None).count() == 2
    client = Client()
    client.force_login(staff)
    response = client.post(reverse("branch_transfer_cancel", args=[transfer.pk]))
    assert response.status_code == NotPossible.status


def test_a_letter_is_not_called_off_for_a_branch_that_is_over(branch: Unit, staff: User) -> None:
    row = make_member(branch)
    transfer = transfers.begin(row.member_id, OUTSIDE, staff)
    Unit.objects.filter(pk=branch.pk).update(valid_to=TODAY - DAY)
    with pytest.raises(NotPossible, match="采煤队"):
        transfers.cancel(transfer.pk, staff)


def test_days_that_change_when_somebody_comes_back_stand_in_the_history(
    branch: Unit, staff: User
) -> None:
    same = make_member(branch, valid_to=TODAY - 30 * DAY)
    register.enter(same.member.person, entry(branch, same), staff)
    assert [line.kind for line in same.member.changes.all()] == ["registered"]
    row = make_member(branch, valid_to=TODAY - 30 * DAY)
    row.member.probation_until = datetime.date(2017, 1, 1)
    row.member.save(update_fields=["probation_until"])
    days = {"joined_on": datetime.date(2026, 1, 5), "confirmed_on": None}
    register.enter(row.member.person, entry(branch, row, **days), staff)
    lines = {line.kind: line.words for line in row.member.changes.all()}
    assert set(lines) == {"corrected", "registered"}
    for words in ("2015-07-01改为2026-01-05", "2016-07-01改为空", "2017-01-01改为空"):
        assert words in lines["corrected"]


def test_an_extended_probation_lasts_a_year_at_least(branch: Unit, staff: User) -> None:
    joined = datetime.date(2025, 12, 1)
    row = make_member(branch, joined_on=joined, confirmed_on=None)
    values = {"joined_on": joined, "confirmed_on": None, "reason": "x"}
    with pytest.raises(ValidationError) as refused:
        early = {**values, "probation_until": datetime.date(2026, 11, 30)}
        register.correct(row.member_id, early, staff)
    assert list(refused.value.message_dict) == ["probation_until"]
    longer = {**values, "probation_until": datetime.date(2026, 12, 1)}
    register.correct(row.member_id, longer, staff)


def test_giving_the_vote_back_never_makes_the_time_longer(branch: Unit, staff: User) -> None:
    row = make_member(branch)
    values = {"kind": "suspended", "valid_from": TODAY - 9 * DAY, "valid_to": TODAY}
    made = voting_bars.bar(row.member_id, values, staff)
    with pytest.raises(ValidationError) as refused:
        voting_bars.lift(made.pk, TODAY + DAY, staff)
    assert list(refused.value.message_dict) == ["day"]
    voting_bars.lift(made.pk, TODAY - DAY, staff)
    made.refresh_from_db()
    assert made.valid_to == TODAY - DAY


def test_hours_belong_to_activities_that_were_held(branch: Unit, staff: User) -> None:
    row = make_member(branch)
    values = {"day": TODAY, "hours": Decimal("2"), "kind": "class", "topic": "x"}
    was_held = {"planned": False, "notified": False, "cancelled": False, "held": True, "": True}
    for state, fits in was_held.items():
        activity = Activity.objects.create(
            branch=branch, kind="party-class", topic="x", held_on=TODAY, state=ActivityState(state)
        )
        field: Any = forms.HoursForm(branch=branch).fields["activity"]
        assert field.queryset.filter(pk=activity.pk).exists() is fits, state
        if fits:
            keys = [row.member_id]
            assert training.add_hours(branch, keys, {**values, "activity": activity}, staff) == 1
            continue
        with pytest.raises(ValidationError) as refused:
            training.add_hours(branch, [row.member_id], {**values, "activity": activity}, staff)
        assert list(refused.value.message_dict) == ["activity"]
