"""The roster: entering, confirming, groups, ending, votes, transfers, hours. History is kept."""

from __future__ import annotations

import contextlib
import datetime
import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from branches.members import register, training, transfers, voting_bars
from branches.members.reading import members_of, voters_of
from branches.models import (
    Activity,
    Membership,
    MemberTransfer,
    PartyMember,
    PartyPost,
    StatusChange,
    TrainingHours,
)
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours, Refusal
from tests.factories.branches_members import make_group, make_member, make_members, make_post
from tests.factories.organizations import make_branch
from tests.factories.people import make_person, make_user

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def branch() -> Unit:
    return make_branch("采煤队党支部")


@pytest.fixture
def secretary(branch: Unit) -> User:
    return make_user("branch_secretary", unit=branch)


def entry(branch: Unit, **values: Any) -> dict[str, Any]:
    return {
        "branch": branch,
        "group": None,
        "joined_on": datetime.date(2020, 7, 1),
        "confirmed_on": datetime.date(2021, 7, 1),
        "valid_from": datetime.date(2026, 1, 1),
        **values,
    }


def letter(**values: Any) -> dict[str, Any]:
    return {
        "to_branch": None,
        "to_outside": "",
        "letter_number": "〔2026〕第12号",
        "letter_date": TODAY,
        "valid_until": TODAY + 30 * DAY,
        **values,
    }


def test_somebody_is_entered_once_with_a_line_of_history(branch: Unit, secretary: User) -> None:
    person = make_person("何静")
    member = register.enter(person, entry(branch), secretary)
    assert [row.member for row in members_of(branch, TODAY)] == [member]
    assert [row.kind for row in member.changes.all()] == ["registered"]
    with pytest.raises(NotPossible, match="采煤队党支部"):
        register.enter(person, entry(make_branch()), make_user("party_staff"))


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("joined_on", {"joined_on": TODAY + DAY}),
    ("confirmed_on", {"confirmed_on": datetime.date(2019, 1, 1)}),
    ("confirmed_on", {"confirmed_on": TODAY + DAY}),
    ("valid_from", {"valid_from": datetime.date(2020, 6, 30)}),
    ("valid_from", {"valid_from": TODAY + DAY}),
]


def test_days_that_cannot_be_are_named_by_field(branch: Unit, secretary: User) -> None:
    for field, values in WRONG:
        with pytest.raises(ValidationError) as refused:
            register.enter(make_person(), entry(branch, **values), secretary)
        assert list(refused.value.message_dict) == [field], values
    other = make_group(make_branch())
    with pytest.raises(ValidationError) as refused:
        register.enter(make_person(), entry(branch, group=other), secretary)
    assert list(refused.value.message_dict) == ["group"]
    assert not PartyMember.objects.exists()


def test_only_those_who_keep_the_branch_write_in_it(branch: Unit) -> None:
    stranger = make_user("branch_secretary", unit=make_branch())
    auditor = make_user("discipline_auditor")
    row = make_member(branch)
    for user in (stranger, auditor, make_user("party_member", unit=branch)):
        with pytest.raises(NotYours):
            register.enter(make_person(), entry(branch), user)
        with pytest.raises(NotYours):
            register.end(row.member_id, TODAY, "left", user)
        with pytest.raises(NotYours):
            transfers.begin(row.member_id, letter(to_outside="外地党委"), user)
    register.enter(make_person(), entry(branch), make_user("organization_member", unit=branch))


def test_probation_lasts_a_year_and_confirming_gives_the_vote(
    branch: Unit, secretary: User
) -> None:
    row = make_member(branch, joined_on=datetime.date(2025, 11, 20), confirmed_on=None)
    with pytest.raises(ValidationError, match="2026"):
        register.confirm(row.member_id, datetime.date(2026, 11, 19), secretary)
    assert not voters_of(branch, TODAY).exists()
    register.confirm(row.member_id, datetime.date(2026, 11, 20), secretary)
    assert voters_of(branch, TODAY).exists()
    with pytest.raises(ChangedMeanwhile):
        register.confirm(row.member_id, TODAY, secretary)


def test_another_group_keeps_the_old_one_in_the_history(branch: Unit, secretary: User) -> None:
    first, second = make_group(branch), make_group(branch)
    row = make_member(branch, group=first)
    make_post(first, row.member.person, "group-leader")
    with pytest.raises(NotPossible):
        register.regroup(row.member_id, first, TODAY, secretary)
    register.regroup(row.member_id, second, TODAY, secretary)
    rows = list(row.member.memberships.order_by("valid_from"))
    assert [(one.group, one.valid_to, one.end) for one in rows] == [
        (first, TODAY - DAY, "regrouped"),
        (second, None, ""),
    ]
    assert PartyPost.objects.get().valid_to == TODAY - DAY
    # On the same day once more: the day had no group of its own, so no row is added.
    register.regroup(row.member_id, None, TODAY, secretary)
    assert row.member.memberships.count() == 2


def test_an_end_has_a_reason_ends_posts_and_deletes_nothing(branch: Unit, secretary: User) -> None:
    row = make_member(branch)
    make_post(branch, row.member.person, "publicity")
    with pytest.raises(ValidationError):
        register.end(row.member_id, TODAY, "transferred-out", secretary)
    with pytest.raises(ValidationError):
        register.end(row.member_id, TODAY + DAY, "died", secretary)
    with pytest.raises(ValidationError):
        register.end(row.member_id, TODAY, "not-confirmed", secretary)
    register.end(row.member_id, TODAY, "died", secretary)
    assert members_of(branch, TODAY).exists()
    assert not members_of(branch, TODAY + DAY).exists()
    assert PartyPost.objects.get().valid_to == TODAY
    with pytest.raises(ChangedMeanwhile):
        register.end(row.member_id, TODAY, "died", secretary)


def test_a_time_without_a_vote_is_written_once_and_lifted(branch: Unit, secretary: User) -> None:
    row = make_member(branch)
    values = {
        "kind": "probation-within",
        "document": "沁岚纪〔2026〕3号",
        "valid_from": TODAY - 10 * DAY,
        "valid_to": None,
    }
    made = voting_bars.bar(row.member_id, values, secretary)
    with pytest.raises(NotPossible):
        voting_bars.bar(row.member_id, values, secretary)
    assert not voters_of(branch, TODAY).exists()
    voting_bars.lift(made.pk, TODAY - DAY, secretary)
    assert voters_of(branch, TODAY).exists()
    assert "沁岚纪" not in " ".join(StatusChange.objects.values_list("words", flat=True))


def test_inside_a_member_stays_until_the_letter_is_received(branch: Unit, secretary: User) -> None:
    other = make_branch("选煤厂党支部")
    theirs = make_user("branch_secretary", unit=other)
    group = make_group(other)
    row = make_member(branch)
    transfer = transfers.begin(row.member_id, letter(to_branch=other), secretary)
    assert members_of(branch).exists() and not members_of(other).exists()
    with pytest.raises(NotPossible):
        transfers.begin(row.member_id, letter(to_branch=other), secretary)
    with pytest.raises(NotPossible):
        register.end(row.member_id, TODAY, "left", secretary)
    with pytest.raises(NotYours):
        transfers.receive(transfer.pk, TODAY, None, secretary)
    transfers.receive(transfer.pk, TODAY, group, theirs)
    assert not members_of(branch, TODAY).exists()
    assert members_of(branch, TODAY - DAY).exists()
    assert members_of(other, TODAY).get().group == group
    with pytest.raises(ChangedMeanwhile):
        transfers.receive(transfer.pk, TODAY, group, theirs)
    with pytest.raises(ChangedMeanwhile):
        transfers.cancel(transfer.pk, secretary)
    kinds = set(StatusChange.objects.values_list("kind", flat=True))
    assert kinds == {"transfer-begun", "moved"}


def test_a_transfer_that_cannot_be_is_refused_with_words(branch: Unit, secretary: User) -> None:
    row = make_member(branch)
    ended = make_branch()
    Unit.objects.filter(pk=ended.pk).update(valid_to=TODAY - DAY)
    ended.refresh_from_db()
    for field, values in (
        ("to_branch", {"to_branch": branch}),
        ("to_branch", {"to_branch": ended}),
        ("to_branch", {}),
        ("to_branch", {"to_branch": make_branch(), "to_outside": "外地党委"}),
        ("letter_number", {"to_outside": "外地党委", "letter_number": " "}),
        ("letter_date", {"to_outside": "外地党委", "letter_date": TODAY + DAY}),
        ("valid_until", {"to_outside": "外地党委", "valid_until": TODAY + 91 * DAY}),
        ("valid_until", {"to_outside": "外地党委", "valid_until": TODAY - DAY}),
    ):
        with pytest.raises(ValidationError) as refused:
            transfers.begin(row.member_id, letter(**values), secretary)
        assert list(refused.value.message_dict) == [field], values
    assert not MemberTransfer.objects.exists()


def test_a_letter_out_of_date_is_not_received(
    branch: Unit, secretary: User, time_machine: Any
) -> None:
    other = make_branch()
    theirs = make_user("branch_secretary", unit=other)
    row = make_member(branch)
    transfer = transfers.begin(row.member_id, letter(to_branch=other), secretary)
    time_machine.move_to("2026-12-24 09:00+08:00")
    with pytest.raises(NotPossible, match="2026"):
        transfers.receive(transfer.pk, datetime.date(2026, 12, 24), None, theirs)
    transfers.cancel(transfer.pk, secretary)
    assert members_of(branch).get() == row


def test_outside_the_membership_ends_with_the_letter_and_comes_back_when_called_off(
    branch: Unit, secretary: User
) -> None:
    row = make_member(branch)
    transfer = transfers.begin(row.member_id, letter(to_outside="外地党委"), secretary)
    assert not members_of(branch, TODAY + DAY).exists()
    transfers.cancel(transfer.pk, secretary)
    assert members_of(branch, TODAY + DAY).get() == row
    again = transfers.begin(row.member_id, letter(to_outside="外地党委"), secretary)
    transfers.receive(again.pk, TODAY, None, secretary)
    assert Membership.objects.get().end == "transferred-out"


def test_somebody_comes_from_outside_with_a_letter(branch: Unit, secretary: User) -> None:
    values = {
        **entry(branch, valid_from=TODAY),
        **letter(letter_date=TODAY - 5 * DAY),
        "from_outside": "岚川市直机关党委",
    }
    with pytest.raises(ValidationError) as refused:
        late = {**values, "valid_until": TODAY - DAY}
        transfers.take_in(make_person(), late, secretary)
    assert list(refused.value.message_dict) == ["valid_from"]
    member = transfers.take_in(make_person(), values, secretary)
    assert member.memberships.get().start == "transferred-in"
    assert member.transfers.get().origin == "岚川市直机关党委"


def hours(**values: Any) -> dict[str, Any]:
    return {
        "day": TODAY,
        "hours": Decimal("4"),
        "kind": "study",
        "topic": "学习全会精神",
        "activity": None,
        **values,
    }


def test_hours_stand_against_the_goal_in_words(branch: Unit, secretary: User) -> None:
    leader, plain = make_members(branch, 2)
    make_post(branch, leader.member.person, "secretary")
    keys = [leader.member_id, plain.member_id]
    for day in range(8):
        training.add_hours(branch, keys, hours(day=TODAY - day * DAY), secretary)
    found = training.progress_of(keys, 2026)
    assert found[plain.member_id].is_reached
    assert found[plain.member_id].words == "已完成32/32学时，达到年度要求。"
    assert not found[leader.member_id].is_reached
    assert "24" in found[leader.member_id].words and "集中培训" in found[leader.member_id].words


def test_hours_that_cannot_be_are_refused(branch: Unit, secretary: User) -> None:
    row, stranger = make_member(branch), make_member(make_branch())
    for field, values in (
        ("day", {"day": TODAY + DAY}),
        ("hours", {"hours": Decimal("0")}),
        ("hours", {"hours": Decimal("9")}),
        ("hours", {"hours": Decimal("0.3")}),
    ):
        with pytest.raises(ValidationError) as refused:
            training.add_hours(branch, [row.member_id], hours(**values), secretary)
        assert list(refused.value.message_dict) == [field]
    with pytest.raises(NotPossible):
        training.add_hours(branch, [], hours(), secretary)
    with pytest.raises(NotPossible):
        training.add_hours(branch, [row.member_id, stranger.member_id], hours(), secretary)
    training.add_hours(branch, [row.member_id], hours(hours=Decimal("6")), secretary)
    with pytest.raises(NotPossible, match=row.member.person.name):
        training.add_hours(branch, [row.member_id], hours(), secretary)
    assert TrainingHours.objects.count() == 1


def test_an_activity_counts_once_for_each(branch: Unit, secretary: User) -> None:
    rows = make_members(branch, 2)
    activity = Activity.objects.create(
        branch=branch, kind="party-class", topic="七一专题党课", held_on=TODAY
    )
    keys = [row.member_id for row in rows]
    values = hours(activity=activity, hours=Decimal("2"))
    assert training.add_hours(branch, keys[:1], dict(values), secretary) == 1
    assert training.add_hours(branch, keys, dict(values), secretary) == 1
    elsewhere = Activity.objects.create(
        branch=make_branch(), kind="party-class", topic="x", held_on=TODAY
    )
    with pytest.raises(ValidationError):
        training.add_hours(branch, keys, hours(activity=elsewhere), secretary)


STEPS = ("group", "no group", "send", "receive", "cancel", "end", "outside")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some.lists(some.tuples(some.sampled_from(STEPS), some.integers(0, 9)), max_size=9))
def test_whatever_happens_a_member_belongs_to_one_branch_at_most_on_each_day(
    branch: Unit, secretary: User, steps: list[tuple[str, int]]
) -> None:
    staff = make_user("party_staff")
    branches = [branch, make_branch()]
    groups = [make_group(one) for one in branches]
    member = make_member(branch, valid_from=TODAY - 30 * DAY).member
    for number, (step, back) in enumerate(steps):
        day = TODAY - back * DAY
        place = member.memberships.order_by("-valid_from").first()
        assert place is not None
        at = branches.index(place.branch)
        transfer = member.transfers.order_by("-pk").first()
        with contextlib.suppress(Refusal, ValidationError):
            if step in ("group", "no group"):
                group = groups[at] if step == "group" else None
                register.regroup(member.pk, group, day, staff)
            elif step == "send":
                values = letter(to_branch=branches[1 - at], letter_date=day)
                transfers.begin(member.pk, values, staff)
            elif step == "outside":
                values = letter(to_outside=f"外地{number}", letter_date=day)
                transfers.begin(member.pk, values, staff)
            elif step == "receive" and transfer:
                transfers.receive(transfer.pk, day, None, staff)
            elif step == "cancel" and transfer:
                transfers.cancel(transfer.pk, staff)
            elif step == "end":
                register.end(member.pk, day, "left", staff)
    spells = list(member.memberships.order_by("valid_from"))
    for earlier, later in itertools.pairwise(spells):
        assert earlier.valid_to is not None and earlier.valid_to < later.valid_from
        assert (later.valid_from - earlier.valid_to) == DAY
    assert spells[0].valid_from == TODAY - 30 * DAY
    assert all(bool(one.end) is (one.valid_to is not None) for one in spells)
    assert all(one.group is None or one.branch.contains(one.group) for one in spells)
