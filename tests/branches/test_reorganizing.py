"""A branch that ends takes nobody in, ends once, and not before what happened in it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from branches.members import register, transfers
from branches.models import Activity, Membership, PartyPost, PartyTerm
from branches.organization import reorganizing, services
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible
from tests.factories.branches_members import (
    make_group,
    make_member,
    make_members,
    make_post,
    make_term,
)
from tests.factories.organizations import make_branch
from tests.factories.people import make_person, make_user

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)
DOCUMENT = "沁岚党发〔2026〕20号"


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def branch() -> Unit:
    return make_branch("采煤队党支部", "DZ-CM")


@pytest.fixture
def staff() -> User:
    return make_user("party_staff")


def change(kind: str = "merged", day: datetime.date = TODAY, **values: Any) -> dict[str, Any]:
    return {"kind": kind, "day": day, "document": DOCUMENT, **values}


def test_a_branch_that_ends_tomorrow_takes_nobody_in_and_does_not_end_twice(
    branch: Unit, staff: User
) -> None:
    other, third = make_branch(), make_branch()
    make_members(branch, 2)
    guest = make_member(third)
    letter = {"letter_number": "〔2026〕第1号", "letter_date": TODAY, "valid_until": TODAY + DAY}
    reorganizing.carry_out(branch, change(day=TODAY + DAY, into=other), staff)
    branch.refresh_from_db()
    assert branch.valid_to == TODAY and branch.is_valid_on(TODAY)
    entry = {
        "branch": branch,
        "joined_on": datetime.date(2020, 7, 1),
        "confirmed_on": datetime.date(2021, 7, 1),
        "valid_from": TODAY,
    }
    with pytest.raises(ValidationError) as refused:
        register.enter(make_person(), entry, staff)
    assert "2026年11月23日" in refused.value.message_dict["branch"][0]
    with pytest.raises(ValidationError) as refused:
        transfers.begin(guest.member_id, {**letter, "to_branch": branch}, staff)
    assert list(refused.value.message_dict) == ["to_branch"]
    for values in (change(into=third), change("dissolved"), change(day=TODAY + DAY, into=other)):
        with pytest.raises(ChangedMeanwhile):
            reorganizing.carry_out(branch, values, staff)
    with pytest.raises(ValidationError) as refused:
        reorganizing.carry_out(third, change(into=branch), staff)
    assert list(refused.value.message_dict) == ["into"]
    # The other branch has members from tomorrow on: it cannot end today without them.
    for day in (TODAY, TODAY + DAY):
        with pytest.raises(NotPossible):
            reorganizing.carry_out(other, change("dissolved", day), staff)
    with pytest.raises(ValidationError) as refused:
        reorganizing.carry_out(other, change(into=third), staff)
    assert list(refused.value.message_dict) == ["day"]
    ended = Unit.objects.filter(valid_to__isnull=False)
    assert not Membership.objects.filter(valid_to=None, branch__in=ended).exists()


def test_a_branch_does_not_end_before_what_happened_in_it(branch: Unit, staff: User) -> None:
    since = TODAY - 30 * DAY
    dissolved = change("dissolved", since)

    def is_too_early(day: datetime.date) -> bool:
        try:
            reorganizing.plan(branch, {**dissolved, "day": day})
        except ValidationError as error:
            assert list(error.message_dict) == ["day"]
            return True
        return False

    assert not is_too_early(since)
    row = make_member(branch, valid_to=since, end="left")
    assert is_too_early(since) and not is_too_early(since + DAY)
    make_post(branch, row.member.person, valid_from=since + DAY)
    assert is_too_early(since + DAY) and not is_too_early(since + 2 * DAY)
    for state, offset, counts in (
        ("held", 3, True),
        ("", 5, True),
        ("cancelled", 7, False),
        ("planned", 40, False),
    ):
        held_on = since + offset * DAY
        Activity.objects.create(
            branch=branch, kind="party-class", topic="x", held_on=held_on, state=state
        )
        assert is_too_early(min(held_on, TODAY)) is counts, state
        assert not is_too_early(min(held_on, TODAY) + DAY)
    group = make_group(branch)
    Unit.objects.filter(pk=group.pk).update(valid_from=TODAY)
    assert is_too_early(TODAY) and not is_too_early(TODAY + DAY)


def test_an_approved_extension_stays_known_when_its_term_ends_early(
    branch: Unit, staff: User
) -> None:
    first, last = datetime.date(2023, 8, 21), datetime.date(2026, 12, 20)
    approved = {"extended_to": datetime.date(2027, 2, 20), "extension_document": DOCUMENT}
    make_term(branch, first, last, **approved)
    elected = datetime.date(2026, 11, 1)
    again = {"elected_on": elected, "first_day": elected, "last_day": datetime.date(2029, 10, 31)}
    services.write_term(branch, again, staff)
    other = make_branch()
    make_term(other, first, last, **approved)
    reorganizing.carry_out(other, change(into=branch), staff)
    ends = {elected - DAY, TODAY - DAY}
    rows = PartyTerm.objects.filter(first_day=first)
    assert {row.last_day for row in rows} == ends
    assert all({name: getattr(row, name) for name in approved} == approved for row in rows)


def test_who_has_no_right_to_be_elected_gets_no_post(branch: Unit, staff: User) -> None:
    row = make_member(branch)
    row.member.voting_bars.create(
        kind="probation-within", valid_from=TODAY - 10 * DAY, valid_to=TODAY - DAY
    )

    def give(since: datetime.date) -> PartyPost:
        values = {"person": row.member.person, "kind": "publicity", "valid_from": since}
        return services.give_post(branch, values, staff)

    for since in (TODAY - DAY, TODAY - 10 * DAY):
        with pytest.raises(ValidationError, match="第四十二条") as refused:
            give(since)
        assert list(refused.value.message_dict) == ["person"]
    post = give(TODAY)
    with pytest.raises(ValidationError) as refused:
        services.end_post(post.pk, TODAY + DAY, staff)
    assert list(refused.value.message_dict) == ["day"]
    services.end_post(post.pk, TODAY, staff)
