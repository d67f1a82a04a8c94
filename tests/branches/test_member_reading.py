"""Who belongs to a branch on a day, who has a vote, who leads it."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction

from branches.members.reading import (
    committee_of,
    committee_people,
    groups_of,
    members_of,
    members_of_group,
    voters_of,
)
from branches.models import Membership, PartyMember, StatusChange
from tests.factories.branches_members import (
    BELONGS_SINCE,
    make_bar,
    make_group,
    make_member,
    make_post,
)
from tests.factories.organizations import make_branch
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)
ONE = datetime.timedelta(days=1)


def test_the_roster_of_a_day_holds_who_belongs_then_first_and_last_day_included() -> None:
    branch, other = make_branch(), make_branch()
    group = make_group(branch)
    stays = make_member(branch, "何静", group=group)
    alone = make_member(branch, "周立本")
    gone = make_member(branch, "许文竹", valid_to=DAY)
    make_member(other, "田小禾")
    assert list(members_of(branch, DAY)) == [alone, gone, stays]
    assert list(members_of(branch, DAY + ONE)) == [alone, stays]
    assert list(members_of(branch, BELONGS_SINCE - ONE)) == []
    assert list(members_of_group(group, DAY)) == [stays]


def test_probationary_members_and_members_barred_for_a_time_have_no_vote() -> None:
    branch = make_branch()
    full = make_member(branch, "甲一")
    make_member(branch, "乙一", confirmed_on=None)
    later = make_member(branch, "丙一", confirmed_on=DAY + ONE)
    barred = make_member(branch, "丁一")
    make_bar(barred.member, DAY - ONE, DAY)
    assert set(voters_of(branch, DAY)) == {full}
    assert set(voters_of(branch, DAY + ONE)) == {full, later, barred}
    assert set(voters_of(branch, DAY - 2 * ONE)) == {full, barred}


def test_the_committee_stands_in_its_order_and_nobody_in_it_twice() -> None:
    branch = make_branch()
    first, second, past = make_person("甲一"), make_person("乙一"), make_person("丙一")
    make_post(branch, second, "publicity")
    make_post(branch, first, "organization")
    make_post(branch, first, "secretary")
    make_post(branch, past, "discipline", valid_to=DAY - ONE)
    make_post(make_group(branch), past, "group-leader")
    kinds = [post.kind for post in committee_of(branch, DAY)]
    assert kinds == ["secretary", "organization", "publicity"]
    assert committee_people(branch, DAY) == [first, second]


def test_groups_of_a_branch_are_its_own() -> None:
    branch, other = make_branch(), make_branch()
    mine = [make_group(branch), make_group(branch)]
    make_group(other)
    assert list(groups_of(branch, DAY)) == mine


@pytest.mark.database
def test_nobody_belongs_to_two_branches_and_an_end_has_a_reason() -> None:
    row = make_member(make_branch())
    with pytest.raises(IntegrityError), transaction.atomic():
        make_member(make_branch(), person=row.member.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=row.pk).update(valid_to=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyMember.objects.filter(pk=row.member_id).update(confirmed_on=datetime.date(2010, 1, 1))


@pytest.mark.database
def test_the_history_of_a_member_is_only_added_to() -> None:
    row = make_member(make_branch())
    line = StatusChange.objects.create(member=row.member, kind="registered", day=DAY)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        StatusChange.objects.filter(pk=line.pk).update(words="x")
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        StatusChange.objects.filter(pk=line.pk).delete()


@pytest.mark.database
def test_a_post_has_one_holder_at_a_time() -> None:
    branch = make_branch()
    make_post(branch, make_person(), "secretary")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(branch, make_person(), "secretary")
    make_post(branch, make_person(), "member")
    make_post(branch, make_person(), "member")
