"""Terms, posts, branches that change as a whole, and reminders of elections."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from wagtail.models import ModelLogEntry

from branches.members.reading import committee_of, members_of
from branches.models import (
    Membership,
    MemberTransfer,
    PartyPost,
    PartyTerm,
    Reorganization,
    StatusChange,
)
from branches.organization import reminders, reorganizing, services
from branches.organization.reading import standing_of, standings
from portal.notifications.models import Message
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
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


def term(first: datetime.date, last: datetime.date, **values: Any) -> dict[str, Any]:
    return {"elected_on": first, "first_day": first, "last_day": last, **values}


def test_terms_follow_each_other_and_an_early_election_ends_the_one_before(
    branch: Unit, staff: User
) -> None:
    first = term(datetime.date(2023, 8, 21), datetime.date(2026, 8, 20))
    services.write_term(branch, first, staff)
    with pytest.raises(ValidationError) as refused:
        services.write_term(
            branch, term(datetime.date(2023, 8, 1), datetime.date(2023, 9, 1)), staff
        )
    assert list(refused.value.message_dict) == ["first_day"]
    early = term(datetime.date(2026, 6, 1), datetime.date(2029, 5, 31))
    services.write_term(branch, early, staff)
    assert [row.last_day for row in branch.terms.order_by("first_day")] == [
        datetime.date(2026, 5, 31),
        datetime.date(2029, 5, 31),
    ]
    for field, values in (
        ("last_day", term(datetime.date(2026, 7, 1), datetime.date(2026, 6, 1))),
        ("elected_on", term(TODAY + DAY, datetime.date(2029, 6, 1))),
    ):
        with pytest.raises(ValidationError) as refused:
            services.write_term(branch, values, staff)
        assert field in refused.value.message_dict


def test_an_extension_needs_its_approval_and_the_department(branch: Unit, staff: User) -> None:
    row = make_term(branch, datetime.date(2023, 8, 21), datetime.date(2026, 8, 20))
    secretary = make_user("branch_secretary", unit=branch)
    values = {"extended_to": datetime.date(2027, 2, 20), "extension_document": DOCUMENT}
    with pytest.raises(NotYours):
        services.extend_term(row.pk, values, secretary)
    for field, wrong in (
        ("extension_document", {"extension_document": " "}),
        ("extended_to", {"extended_to": datetime.date(2026, 8, 20)}),
    ):
        with pytest.raises(ValidationError) as refused:
            services.extend_term(row.pk, {**values, **wrong}, staff)
        assert field in refused.value.message_dict
    services.extend_term(row.pk, values, staff)
    assert PartyTerm.objects.get().ends_on == datetime.date(2027, 2, 20)


def test_posts_overlap_for_nobody_and_belong_where_they_are(branch: Unit, staff: User) -> None:
    first, second = (row.member.person for row in make_members(branch, 2))
    new = make_member(branch, "预备", confirmed_on=None).member.person
    group = make_group(branch)

    def give(unit: Unit, person: Any, kind: str, since: datetime.date = TODAY) -> PartyPost:
        return services.give_post(
            unit, {"person": person, "kind": kind, "valid_from": since}, staff
        )

    post = give(branch, first, "secretary", TODAY - 10 * DAY)
    with pytest.raises(NotPossible, match=first.name):
        give(branch, second, "secretary")
    with pytest.raises(NotPossible):
        give(branch, first, "secretary")
    with pytest.raises(ValidationError):
        give(branch, new, "publicity")
    with pytest.raises(ValidationError):
        give(branch, make_person(), "publicity")
    with pytest.raises(ValidationError):
        give(branch, second, "group-leader")
    with pytest.raises(ValidationError):
        give(group, second, "secretary")
    give(group, new, "group-leader")
    give(branch, first, "organization")
    give(branch, second, "member")
    services.end_post(post.pk, TODAY - DAY, staff)
    with pytest.raises(ChangedMeanwhile):
        services.end_post(post.pk, TODAY - DAY, staff)
    with pytest.raises(NotPossible):
        give(branch, second, "secretary", TODAY - 5 * DAY)
    holder = give(branch, second, "secretary")
    assert committee_of(branch, TODAY).count() == 3
    with pytest.raises(NotYours):
        services.end_post(holder.pk, TODAY, make_user("discipline_auditor"))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some.lists(some.tuples(some.integers(0, 20), some.integers(0, 20)), max_size=6))
def test_whatever_is_tried_a_post_has_one_holder_on_each_day(
    branch: Unit, staff: User, tries: list[tuple[int, int]]
) -> None:
    PartyPost.objects.all().delete()
    for begin, length in tries:
        row = make_member(branch)
        since = TODAY - (20 - begin) * DAY
        values = {"person": row.member.person, "kind": "secretary", "valid_from": since}
        try:
            post = services.give_post(branch, values, staff)
        except NotPossible:
            continue
        services.end_post(post.pk, min(since + length * DAY, TODAY), staff)
    for number in range(60):
        day = TODAY + (number - 20) * DAY
        assert committee_of(branch, day).filter(kind="secretary").count() <= 1


def test_merging_moves_members_ends_posts_and_keeps_what_was(branch: Unit, staff: User) -> None:
    other = make_branch("选煤厂党支部")
    group = make_group(branch)
    rows = make_members(branch, 3, group=group)
    make_post(branch, rows[0].member.person)
    make_post(group, rows[1].member.person, "group-leader")
    make_term(branch, datetime.date(2025, 1, 1), datetime.date(2027, 12, 31))
    values = {"kind": "merged", "into": other, "day": TODAY, "document": DOCUMENT}
    before = {row.member_id for row in members_of(branch, TODAY - DAY)}
    planned = reorganizing.plan(branch, values)
    assert (len(planned.moving), planned.posts, planned.groups) == (3, 2, [group])
    assert all(planned.sentences)
    assert Membership.objects.filter(branch=other).count() == 0
    with pytest.raises(NotYours):
        reorganizing.carry_out(branch, values, make_user("branch_secretary", unit=branch))
    reorganizing.carry_out(branch, values, staff)
    assert {row.member_id for row in members_of(branch, TODAY - DAY)} == before
    assert not members_of(branch, TODAY).exists()
    assert {row.member_id for row in members_of(other, TODAY)} == before
    assert set(PartyPost.objects.values_list("valid_to", flat=True)) == {TODAY - DAY}
    branch.refresh_from_db()
    group.refresh_from_db()
    assert (branch.merged_into, branch.valid_to, group.valid_to) == (
        other,
        TODAY - DAY,
        TODAY - DAY,
    )
    assert PartyTerm.objects.get().last_day == TODAY - DAY
    assert StatusChange.objects.filter(kind="moved").count() == 3
    with pytest.raises(ChangedMeanwhile):
        reorganizing.carry_out(branch, values, staff)


def test_splitting_makes_a_branch_beside_and_moves_who_was_chosen(
    branch: Unit, staff: User
) -> None:
    rows = make_members(branch, 4)
    make_post(branch, rows[0].member.person, "publicity")
    make_post(branch, rows[3].member.person, "secretary")
    keys = [rows[0].member_id, rows[1].member_id]
    values = {
        "kind": "split",
        "day": TODAY,
        "document": DOCUMENT,
        "name": "采煤二队党支部",
        "code": "DZ-CM2",
        "members": keys,
    }
    for wrong in ([], [row.member_id for row in rows]):
        with pytest.raises(ValidationError):
            reorganizing.plan(branch, {**values, "members": wrong})
    with pytest.raises(ValidationError) as refused:
        reorganizing.carry_out(branch, {**values, "code": branch.code}, staff)
    assert "code" in refused.value.message_dict
    made = reorganizing.carry_out(branch, values, staff)
    assert made.into is not None and made.into.name == "采煤二队党支部"
    assert {row.member_id for row in members_of(made.into, TODAY)} == set(keys)
    assert members_of(branch, TODAY).count() == 2
    assert [post.kind for post in committee_of(branch, TODAY)] == ["secretary"]
    branch.refresh_from_db()
    assert branch.valid_to is None


def test_a_branch_with_members_is_not_dissolved(branch: Unit, staff: User) -> None:
    values = {"kind": "dissolved", "day": TODAY, "document": DOCUMENT}
    row = make_member(branch)
    with pytest.raises(NotPossible, match="1"):
        reorganizing.carry_out(branch, values, staff)
    Membership.objects.filter(pk=row.pk).update(valid_to=TODAY - DAY, end="left")
    reorganizing.carry_out(branch, values, staff)
    branch.refresh_from_db()
    assert branch.valid_to == TODAY - DAY and branch.merged_into is None


def test_what_cannot_be_changed_is_refused_before_anything_happens(
    branch: Unit, staff: User
) -> None:
    other, ended = make_branch(), make_branch()
    Unit.objects.filter(pk=ended.pk).update(valid_to=TODAY - DAY)
    ended.refresh_from_db()
    row = make_member(branch)
    values = {"kind": "merged", "into": other, "day": TODAY, "document": DOCUMENT}
    for field, wrong in (
        ("into", {"into": branch}),
        ("into", {"into": ended}),
        ("into", {"into": None}),
        ("day", {"day": TODAY + 2 * DAY}),
        ("day", {"day": row.valid_from}),
    ):
        with pytest.raises(ValidationError) as refused:
            reorganizing.carry_out(branch, {**values, **wrong}, staff)
        assert list(refused.value.message_dict) == [field], wrong
    MemberTransfer.objects.create(
        member=row.member,
        from_branch=branch,
        to_branch=other,
        letter_number="〔2026〕第1号",
        letter_date=TODAY,
        valid_until=TODAY,
    )
    with pytest.raises(NotPossible):
        reorganizing.carry_out(branch, values, staff)
    assert not Reorganization.objects.exists()


def test_elections_are_reminded_of_once_at_each_level(branch: Unit, staff: User) -> None:
    secretary = make_user("branch_secretary", unit=branch)
    make_post(branch, make_member(branch).member.person)
    row = make_term(branch, datetime.date(2024, 5, 25), datetime.date(2027, 5, 24))

    def told(day: datetime.date) -> list[tuple[int, str]]:
        before = Message.objects.count()
        reminders.remind_all(day)
        found = Message.objects.order_by("pk").values_list("user", "code")[before:]
        return sorted(found)

    assert told(datetime.date(2026, 11, 23)) == []
    assert told(datetime.date(2026, 11, 24)) == [(secretary.pk, reminders.AHEAD)]
    assert told(datetime.date(2027, 1, 1)) == []
    overdue = sorted([(secretary.pk, reminders.OVERDUE), (staff.pk, reminders.OVERDUE)])
    assert told(datetime.date(2027, 5, 25)) == overdue
    assert told(datetime.date(2027, 6, 16)) == []
    row.extended_to, row.extension_document = datetime.date(2027, 12, 31), DOCUMENT
    row.save()
    assert told(datetime.date(2027, 7, 1)) == [(secretary.pk, reminders.AHEAD)]


def test_two_hundred_branches_are_read_by_the_same_few_queries(
    branch: Unit, django_assert_num_queries: Any
) -> None:
    make_members(branch, 3, group=make_group(branch))
    with django_assert_num_queries(6):
        standings(Unit.objects.filter(pk=branch.pk))
    for _number in range(5):
        make_group(make_branch())
    with django_assert_num_queries(6):
        found = standings(Unit.objects.filter(kind="party-branch").order_by("path"))
    assert len(found) == 6
    assert standing_of(branch).facts.groups[0][1] == 3


def test_a_second_extension_takes_the_place_of_the_first_which_stays_in_the_log(
    branch: Unit, staff: User
) -> None:
    row = make_term(branch, datetime.date(2023, 8, 21), datetime.date(2026, 8, 20))
    first = {"extended_to": datetime.date(2026, 12, 31), "extension_document": DOCUMENT}
    services.extend_term(row.pk, first, staff)
    second = {**first, "extended_to": datetime.date(2027, 2, 28)}
    services.extend_term(row.pk, second, staff)
    row.refresh_from_db()
    assert row.extended_to == datetime.date(2027, 2, 28)
    entries = ModelLogEntry.objects.filter(action="branches.term_extended").order_by("pk")
    assert [entry.data["before"] for entry in entries] == [["", ""], ["2026-12-31", DOCUMENT]]
