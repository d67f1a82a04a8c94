"""What a branch sees and changes of somebody who belonged to it: up to the last day there."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from branches.members import training, transfers, voting_bars
from branches.models import Activity, ActivityState, PartyMember, TrainingHours
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import NotPossible, NotYours
from tests.factories.branches_members import make_member, make_post
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
MOVED = datetime.date(2026, 6, 1)
DAY = datetime.timedelta(days=1)
DECISION = "沁岚纪〔2026〕3号"


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def branch() -> Unit:
    return make_branch("采煤队党支部", "DZ-CM")


@pytest.fixture
def other() -> Unit:
    return make_branch("选煤厂党支部", "DZ-XM")


def hours_on(
    member: PartyMember, day: datetime.date, activity: Activity | None = None
) -> TrainingHours:
    return TrainingHours.objects.create(
        member=member,
        day=day,
        hours=Decimal("4"),
        kind="study",
        topic=f"{day}",
        activity=activity,
    )


def moved(branch: Unit, other: Unit, name: str = "何静") -> PartyMember:
    """Return a member who moved, with something before and something after."""
    staff = make_user("party_staff")
    member = make_member(branch, name).member
    hours_on(member, MOVED - DAY)
    voting_bars.bar(member.pk, {**bar(), "valid_to": datetime.date(2025, 3, 1)}, staff)
    letter = {"letter_number": "〔2026〕第1号", "letter_date": MOVED - DAY, "valid_until": MOVED}
    row = transfers.begin(member.pk, {**letter, "to_branch": other}, staff)
    transfers.receive(row.pk, MOVED, None, staff)
    hours_on(member, MOVED)
    make_post(other, member.person, "publicity", valid_from=MOVED)
    later = {"kind": "suspended", "valid_from": datetime.date(2026, 7, 1), "valid_to": None}
    voting_bars.bar(member.pk, {**bar(), **later}, staff)
    away = {"letter_number": "〔2026〕第2号", "letter_date": TODAY, "valid_until": TODAY}
    transfers.begin(member.pk, {**away, "to_branch": make_branch()}, staff)
    return member


def bar() -> dict[str, Any]:
    return {
        "kind": "probation-within",
        "document": DECISION,
        "valid_from": datetime.date(2025, 1, 1),
        "valid_to": None,
    }


def shown(user: User, member: PartyMember) -> dict[str, Any]:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("branch_member", args=[member.pk]))
    assert response.status_code == 200
    context = response.context
    return {
        "bars": [row.kind for row, _ends in context["bars"]],
        "changes": sorted(row.kind for row in context["changes"]),
        "hours": [row.day for row, _removable in context["hours"]],
        "transfers": [row.letter_number for row, _receives in context["transfers"]],
        "branches": [row.branch.code for row in context["memberships"]],
        "posts": [row.kind for row in context["posts"]],
        "progress": context["progress"] is not None,
        "barred": context["is_barred"],
        "document": DECISION in response.content.decode(),
        "removable": [row.day for row, removable in context["hours"] if removable],
    }


def test_a_former_branch_sees_up_to_its_last_day_and_not_more(branch: Unit, other: Unit) -> None:
    member = moved(branch, other)
    everything = {
        "bars": ["suspended", "probation-within"],
        "changes": ["barred", "barred", "moved", "transfer-begun", "transfer-begun"],
        "hours": [MOVED, MOVED - DAY],
        "transfers": ["〔2026〕第2号", "〔2026〕第1号"],
        "branches": ["DZ-XM", "DZ-CM"],
        "posts": ["publicity"],
        "progress": True,
        "barred": True,
    }
    before = {
        "bars": ["probation-within"],
        "changes": ["barred", "transfer-begun"],
        "hours": [MOVED - DAY],
        "transfers": ["〔2026〕第1号"],
        "branches": ["DZ-CM"],
        "posts": [],
        "progress": False,
        "barred": False,
    }
    own = make_user("party_member", unit=other)
    own.person = member.person
    own.save(update_fields=["person"])
    for user, seen in (
        (
            make_user("branch_secretary", unit=branch),
            {**before, "document": False, "removable": [MOVED - DAY]},
        ),
        (
            make_user("branch_secretary", unit=other),
            {**everything, "document": True, "removable": [MOVED]},
        ),
        (
            make_user("party_staff"),
            {**everything, "document": True, "removable": [MOVED, MOVED - DAY]},
        ),
        (
            make_user("discipline_auditor"),
            {**everything, "document": False, "removable": []},
        ),
        (own, {**everything, "document": True, "removable": []}),
    ):
        assert shown(user, member) == seen, user


def test_a_bar_lifted_elsewhere_has_no_end_for_the_former_branch(branch: Unit, other: Unit) -> None:
    member = make_member(branch, "何静", valid_to=MOVED - DAY, end="transferred-out").member
    make_member(other, person=member.person, valid_from=MOVED)
    staff = make_user("party_staff")
    running = voting_bars.bar(member.pk, bar(), staff)
    voting_bars.lift(running.pk, TODAY, staff)
    client = Client()
    client.force_login(make_user("branch_secretary", unit=branch))
    page = client.get(reverse("branch_member", args=[member.pk]))
    assert [ends for _row, ends in page.context["bars"]] == [None]
    assert "截至2026年5月31日" in page.content.decode()
    assert "2026年11月23日" not in page.content.decode().split('id="bars"')[1].split("</ul>")[0]


def test_lists_of_those_who_left_tell_nothing_of_today(branch: Unit, other: Unit) -> None:
    moved(branch, other)
    client = Client()
    client.force_login(make_user("branch_secretary", unit=branch))
    address = reverse("branch_members")
    for response in (client.get(f"{address}?state=left"), client.post(address, {"words": "何静"})):
        (row,) = response.context["rows"]
        assert (row["posts"], row["progress"], row["is_barred"]) == ([], None, False)
    sheet = client.get(reverse("branch_members_sheet") + "?state=left")
    cells = list(load_workbook(io.BytesIO(b"".join(sheet)), read_only=True).worksheets[0].rows)[1]
    assert [cells[place].value or "" for place in (4, 9)] == ["", ""]


def test_hours_are_taken_out_by_the_branch_of_that_day_only(branch: Unit, other: Unit) -> None:
    member = moved(branch, other)
    before, after = (member.training.get(day=day) for day in (MOVED - DAY, MOVED))
    former, present = (make_user("branch_secretary", unit=one) for one in (branch, other))
    for row, user in ((after, former), (before, present)):
        with pytest.raises(NotYours):
            training.remove_hours(row.pk, user)
    client = Client()
    client.force_login(former)
    assert client.post(reverse("branch_hours_remove", args=[after.pk])).status_code == 404
    assert member.training.count() == 2
    client.post(reverse("branch_hours_remove", args=[before.pk]))
    assert list(member.training.all()) == [after]
    line = ModelLogEntry.objects.get(action="branches.hours_removed")
    assert (line.user, line.object_id, line.label) == (former, str(member.pk), str(member.pk))
    assert line.data == {"day": str(before.day), "hours": "4.0", "kind": "study"}


def test_hours_of_a_locked_record_stay(branch: Unit) -> None:
    member = make_member(branch).member
    secretary = make_user("branch_secretary", unit=branch)
    client = Client()
    client.force_login(secretary)
    stays = {"reviewed": True, "archived": True, "cancelled": False, "held": False, "": False}
    for state, is_kept in stays.items():
        activity = Activity.objects.create(
            branch=branch, kind="party-class", topic="x", held_on=TODAY, state=ActivityState(state)
        )
        row = hours_on(member, TODAY, activity)
        page = client.get(reverse("branch_member", args=[member.pk]))
        assert page.context["hours"] == [(row, not is_kept)], state
        if is_kept:
            with pytest.raises(NotPossible):
                training.remove_hours(row.pk, secretary)
            row.delete()
        else:
            training.remove_hours(row.pk, secretary)
