"""Two act at the same moment: a letter, a post, an entry, a workbook, a merger."""

from __future__ import annotations

import datetime
import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from branches.members import import_rows, register, transfers
from branches.models import Membership, PartyPost
from branches.organization import reorganizing, services
from portal.organizations.models import Unit
from portal.refusals import ChangedMeanwhile, NotPossible, Refusal
from tests.factories.branches_members import make_group, make_member, make_members
from tests.factories.organizations import make_branch
from tests.factories.people import make_person, make_user
from tests.factories.rosters import BRANCH, roster_bytes, roster_row
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


def entry(branch: Unit) -> dict[str, Any]:
    return {
        "branch": branch,
        "joined_on": datetime.date(2020, 7, 1),
        "confirmed_on": datetime.date(2021, 7, 1),
        "valid_from": datetime.date(2026, 1, 1),
    }


def test_of_two_at_once_one_wins_and_the_other_is_told() -> None:
    staff = make_user("party_staff")
    branch, other = make_branch(BRANCH), make_branch()
    letter = {
        "to_branch": other,
        "letter_number": "〔2026〕第1号",
        "letter_date": TODAY,
        "valid_until": TODAY,
    }
    # The letter is received twice.
    moving = make_member(branch)
    row = transfers.begin(moving.member_id, letter, staff)
    results = together(*(lambda: transfers.receive(row.pk, TODAY, None, staff),) * 2)
    assert sum(isinstance(one, ChangedMeanwhile) for one in results) == 1, results
    assert Membership.objects.filter(member=moving.member, valid_to=None).count() == 1
    # One person is entered in two branches.
    person = make_person()
    results = together(
        lambda: register.enter(person, entry(branch), staff),
        lambda: register.enter(person, entry(other), staff),
    )
    assert sum(isinstance(one, NotPossible) for one in results) == 1, results
    # Two secretaries are elected.
    first, second = make_members(branch, 2)
    values = {"kind": "secretary", "valid_from": TODAY}
    results = together(
        lambda: services.give_post(branch, {**values, "person": first.member.person}, staff),
        lambda: services.give_post(branch, {**values, "person": second.member.person}, staff),
    )
    assert sum(isinstance(one, NotPossible) for one in results) == 1, results
    assert PartyPost.objects.count() == 1
    # A workbook is taken over twice.
    make_person("何静", "T900001")
    kept, _preview = import_rows.keep(roster_bytes(roster_row()), staff)
    results = together(*(lambda: import_rows.take_over(kept.pk, staff),) * 2)
    assert results.count(1) == 1, results
    assert sum(isinstance(one, ChangedMeanwhile) for one in results) == 1, results


def test_nobody_is_entered_in_a_branch_that_is_merged_at_that_moment() -> None:
    staff = make_user("party_staff")
    branch, other = make_branch(), make_branch()
    make_members(branch, 2)
    person = make_person()
    merger = {"kind": "merged", "day": TODAY, "document": "沁岚党发〔2026〕20号"}
    results = together(
        lambda: reorganizing.carry_out(branch, {**merger, "into": other}, staff),
        lambda: register.enter(person, {**entry(branch), "valid_from": TODAY}, staff),
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert len(refused) == 1 and isinstance(refused[0], ValidationError), results
    branch.refresh_from_db()
    running = Membership.objects.filter(valid_to=None)
    if branch.valid_to is not None:
        assert set(running.values_list("branch", flat=True)) == {other.pk}
    else:
        assert running.filter(branch=branch).count() == 3


def test_two_branches_that_are_merged_into_each_other_do_not_both_end() -> None:
    staff = make_user("party_staff")
    one, two = make_branch(), make_branch()
    make_members(one, 1)
    make_members(two, 1)
    merger = {"kind": "merged", "day": TODAY, "document": "沁岚党发〔2026〕20号"}
    together(
        lambda: reorganizing.carry_out(one, {**merger, "into": two}, staff),
        lambda: reorganizing.carry_out(two, {**merger, "into": one}, staff),
    )
    ended = Unit.objects.filter(pk__in=[one.pk, two.pk], valid_to__isnull=False)
    assert ended.count() == 1
    left = Unit.objects.get(pk__in=[one.pk, two.pk], valid_to__isnull=True)
    assert Membership.objects.filter(valid_to=None, branch=left).count() == 2


def test_who_leaves_while_the_branch_is_merged_is_not_moved_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staff = make_user("party_staff")
    branch, other = make_branch(), make_branch()
    leaving, _staying = make_members(branch, 2)
    planned, left = threading.Event(), threading.Event()
    plan = reorganizing.plan

    def slowly(*arguments: Any) -> reorganizing.Plan:
        found = plan(*arguments)
        planned.set()
        # Whoever is not kept waiting leaves now, between looking and moving.
        left.wait(1)
        return found

    def leave() -> None:
        planned.wait(20)
        register.end(leaving.member_id, TODAY, "died", staff)
        left.set()

    monkeypatch.setattr(reorganizing, "plan", slowly)
    merger = {"kind": "merged", "day": TODAY, "document": "沁岚党发〔2026〕20号", "into": other}
    results = together(lambda: reorganizing.carry_out(branch, merger, staff), leave)
    assert not failures(results), results
    assert not Membership.objects.filter(member=leaving.member, valid_to=None).exists()
    assert Membership.objects.filter(valid_to=None).get().branch == other
    ends = set(Membership.objects.filter(member=leaving.member).values_list("end", flat=True))
    assert ends == {"reorganized", "died"}


def test_a_letter_is_received_while_a_branch_is_merged_and_nobody_waits_forever() -> None:
    staff = make_user("party_staff")
    branch, other, third = make_branch(), make_branch(), make_branch()
    moving, _staying = make_members(branch, 2)
    letter = {"letter_number": "〔2026〕第1号", "letter_date": TODAY, "valid_until": TODAY}
    row = transfers.begin(moving.member_id, {**letter, "to_branch": other}, staff)
    merger = {"kind": "merged", "day": TODAY, "document": "沁岚党发〔2026〕20号", "into": third}
    results = together(
        lambda: reorganizing.carry_out(other, merger, staff),
        lambda: transfers.receive(row.pk, TODAY, None, staff),
        lambda: register.regroup(moving.member_id, make_group(branch), TODAY, staff),
        lambda: reorganizing.carry_out(branch, merger, staff),
    )
    assert all(isinstance(one, Refusal | ValidationError) for one in failures(results)), results
    ended = Unit.objects.filter(valid_to__isnull=False)
    assert not Membership.objects.filter(valid_to=None, branch__in=ended).exists()
    assert Membership.objects.filter(valid_to=None).count() == 2
