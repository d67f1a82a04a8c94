"""Areas, pledges, hazards and the ledger: who may do what, and what never changes."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as some

from branches.models import AreaMonth, Hazard, HazardState, SafetyMerit, SafetyPledge
from branches.safety import areas, hazards, ledger, pledges
from branches.safety.evidence import discipline, membership, safety
from branches.safety.reading import balance_of, pledges_by_branch
from portal.evidence import Subject
from portal.notifications.models import Message
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from tests.factories.safety import (
    SafetyWorld,
    issue_pledges,
    make_hazard,
    make_safety_world,
    merit_values,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def world() -> SafetyWorld:
    return make_safety_world()


# ---- Areas


def area_values(world: SafetyWorld, **changes: Any) -> dict[str, Any]:
    return {
        "name": "1203工作面",
        "kind": "face",
        "duties": "包安全、包质量",
        "valid_from": datetime.date(2026, 9, 10),
        "people": world.people[:2],
        **changes,
    }


def test_an_area_is_opened_handed_over_assessed_and_closed(world: SafetyWorld) -> None:
    area = areas.open_area(world.branch, area_values(world), world.secretary)
    areas.hand_over(
        area.pk, {"people": world.people[1:3], "day": TODAY - 10 * DAY}, world.organizer
    )
    spans = {row.person_id: (row.valid_from, row.valid_to) for row in area.holders.order_by("pk")}
    assert spans == {
        world.people[0].pk: (datetime.date(2026, 9, 10), TODAY - 11 * DAY),
        world.people[1].pk: (datetime.date(2026, 9, 10), None),
        world.people[2].pk: (TODAY - 10 * DAY, None),
    }
    month = {"year": 2026, "month": 10, "grade": "poor", "remark": "巷道积水"}
    areas.assess(area.pk, month, world.secretary)
    areas.assess(area.pk, {**month, "grade": "good", "remark": ""}, world.secretary)
    assert [(row.month, row.grade) for row in AreaMonth.objects.all()] == [(10, "good")]
    areas.close_area(area.pk, TODAY, world.secretary)
    assert set(area.holders.values_list("valid_to", flat=True)) == {TODAY - 11 * DAY, TODAY}
    with pytest.raises(ChangedMeanwhile):
        areas.assess(area.pk, month, world.secretary)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": TODAY + DAY}, "valid_from"),
        ({"name": " 1203工作面 "}, "name"),
        ({"people": "outsider"}, "people"),
    ],
)
def test_an_area_refuses_what_does_not_fit(
    world: SafetyWorld, changes: dict[str, Any], field: str
) -> None:
    areas.open_area(world.branch, area_values(world), world.secretary)
    if changes.get("people"):
        changes = {"people": [world.outsider.person], "name": "另一处"}
    with pytest.raises(ValidationError) as refused:
        areas.open_area(world.branch, area_values(world, **changes), world.secretary)
    assert list(refused.value.message_dict) == [field]


def test_a_month_that_has_not_come_or_lies_before_the_area_is_not_assessed(
    world: SafetyWorld,
) -> None:
    area = areas.open_area(world.branch, area_values(world), world.secretary)
    for month in (8, 12):
        with pytest.raises(ValidationError):
            areas.assess(
                area.pk,
                {"year": 2026, "month": month, "grade": "good", "remark": ""},
                world.secretary,
            )


def test_only_keepers_of_the_branch_and_the_department_write(world: SafetyWorld) -> None:
    def attempts(user: Any) -> list[Any]:
        return [
            lambda: areas.open_area(world.branch, area_values(world), user),
            lambda: hazards.report(world.branch, {}, user),
            lambda: ledger.write(world.branch, merit_values(), user),
            lambda: pledges.issue(world.branch, {"people": []}, user),
        ]

    for user in (world.outsider, world.auditor):
        for attempt in attempts(user):
            with pytest.raises(NotYours):
                attempt()
    assert areas.open_area(world.branch, area_values(world), world.staff)
    assert ledger.write(world.branch, merit_values(), world.staff)


# ---- Pledges


def test_pledges_are_issued_once_to_everybody_and_accounts_are_told(world: SafetyWorld) -> None:
    rows = issue_pledges(world)
    assert [row.person_id for row in rows] == [one.pk for one in world.people]
    assert Message.objects.filter(code=pledges.TO_SIGN).count() == 2
    with pytest.raises(NotPossible):
        issue_pledges(world)
    assert pledges_by_branch(2026) == {world.branch.pk: (5, 0)}


def test_a_pledge_is_signed_by_its_person_once_with_the_words_that_were_read(
    world: SafetyWorld,
) -> None:
    pledge = next(row for row in issue_pledges(world) if row.person_id == world.people[0].pk)
    with pytest.raises(NotYours):
        pledges.sign(pledge.pk, pledge.digest(), world.organizer)
    with pytest.raises(ChangedMeanwhile):
        pledges.sign(pledge.pk, "0" * 64, world.secretary)
    pledges.sign(pledge.pk, pledge.digest(), world.secretary)
    pledge.refresh_from_db()
    assert pledge.is_signed
    assert pledge.signed_digest == pledge.digest()
    with pytest.raises(ChangedMeanwhile):
        pledges.sign(pledge.pk, pledge.digest(), world.secretary)
    with pytest.raises(ChangedMeanwhile):
        pledges.take_back(pledge.pk, world.organizer)
    assert pledges_by_branch(2026) == {world.branch.pk: (5, 1)}


def test_a_pledge_whose_time_is_over_is_not_signed_any_more(
    world: SafetyWorld, time_machine: Any
) -> None:
    pledge = issue_pledges(world)[0]
    time_machine.move_to("2027-01-01 09:00+08:00")
    with pytest.raises(NotPossible):
        pledges.sign(pledge.pk, pledge.digest(), world.secretary)


def test_nobody_assesses_the_own_pledge_and_what_was_missed_needs_a_word(
    world: SafetyWorld,
) -> None:
    pledge = issue_pledges(world)[0]
    result = {"result": "met", "result_words": ""}
    with pytest.raises(NotPossible):
        pledges.assess(pledge.pk, result, world.organizer)
    pledges.sign(pledge.pk, pledge.digest(), world.secretary)
    with pytest.raises(NotYours):
        pledges.assess(pledge.pk, result, world.secretary)
    with pytest.raises(ValidationError):
        pledges.assess(pledge.pk, {**result, "result": "missed"}, world.organizer)
    pledges.assess(pledge.pk, result, world.organizer)
    assert SafetyPledge.objects.get(pk=pledge.pk).result == "met"


def test_people_are_reminded_once_that_a_signed_pledge_ends(world: SafetyWorld) -> None:
    first, *_others = issue_pledges(world)
    pledges.sign(first.pk, first.digest(), world.secretary)
    assert pledges.remind_all(datetime.date(2026, 11, 30)).startswith("0 ")
    pledges.remind_all(datetime.date(2026, 12, 1))
    pledges.remind_all(datetime.date(2026, 12, 20))
    assert Message.objects.filter(code=pledges.ENDS).count() == 1


# ---- Hazards


def test_a_hazard_is_removed_checked_by_somebody_else_and_closed(world: SafetyWorld) -> None:
    hazard = make_hazard(world)
    assert hazard.number == "YH-2026-0000001"
    removed = {
        "removed_by": world.people[0],
        "removed_on": TODAY,
        "words": "已补打锚索两根",
    }
    hazards.remove(hazard.pk, 0, removed, world.organizer)
    with pytest.raises(NotYours):
        hazards.check(hazard.pk, 1, world.secretary, is_gone=True)
    with pytest.raises(NotPossible):
        hazards.check(hazard.pk, 1, world.organizer, is_gone=False)
    hazards.check(hazard.pk, 1, world.organizer, is_gone=False, words="一根未到位")
    hazards.remove(hazard.pk, 2, removed, world.organizer)
    hazards.check(hazard.pk, 3, world.organizer, is_gone=True)
    hazard.refresh_from_db()
    assert (hazard.state, hazard.closed_on) == (HazardState.CLOSED, TODAY)
    assert hazard.checked_by == world.organizer.person
    assert [row.step for row in hazard.steps.all()] == [
        *("found", "removed", "returned", "removed", "closed")
    ]


def test_two_who_write_about_one_hazard_do_not_overwrite_each_other(world: SafetyWorld) -> None:
    hazard = make_hazard(world)
    later = {"due_on": hazard.due_on + DAY, "words": "材料未到"}
    hazards.set_later(hazard.pk, 0, later, world.secretary)
    with pytest.raises(ChangedMeanwhile):
        hazards.set_later(hazard.pk, 0, {**later, "due_on": TODAY + 20 * DAY}, world.organizer)
    with pytest.raises(ValidationError):
        hazards.set_later(hazard.pk, 1, later, world.organizer)
    assert Hazard.objects.get().due_on == later["due_on"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"found_on": TODAY + DAY, "due_on": TODAY + DAY}, "found_on"),
        ({"due_on": TODAY - DAY}, "due_on"),
    ],
)
def test_a_hazard_refuses_days_that_do_not_fit(
    world: SafetyWorld, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        make_hazard(world, **changes)
    assert list(refused.value.message_dict) == [field]


def test_a_hazard_is_overdue_from_the_day_after_its_last_day(world: SafetyWorld) -> None:
    hazard = make_hazard(world, due_on=TODAY)
    assert not hazard.is_overdue(TODAY)
    assert hazard.is_overdue(TODAY + DAY)


# ---- Ledger


def test_a_line_is_taken_back_once_by_another_line_and_counts_no_more(world: SafetyWorld) -> None:
    line = ledger.write(world.branch, merit_values(person=world.member), world.secretary)
    with pytest.raises(NotPossible):
        ledger.take_back(line.pk, " ", world.secretary)
    against = ledger.take_back(line.pk, "记错人员", world.secretary)
    assert (line.sign, against.sign) == (1, -1)
    with pytest.raises(ChangedMeanwhile):
        ledger.take_back(line.pk, "再次", world.organizer)
    with pytest.raises(NotPossible):
        ledger.take_back(against.pk, "反冲", world.organizer)
    assert balance_of(SafetyMerit.objects.all()).reward_points == 0


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_no_line_of_the_ledger_is_changed_or_deleted_even_by_the_database(
    world: SafetyWorld,
) -> None:
    line = ledger.write(world.branch, merit_values(), world.secretary)
    for attempt in (
        lambda: SafetyMerit.objects.filter(pk=line.pk).update(points=100),
        lambda: SafetyMerit.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert SafetyMerit.objects.get().points == 2


def test_nobody_writes_a_line_about_themselves_and_none_is_empty(world: SafetyWorld) -> None:
    with pytest.raises(NotYours):
        ledger.write(world.branch, merit_values(person=world.people[0]), world.secretary)
    with pytest.raises(ValidationError):
        ledger.write(world.branch, merit_values(points=Decimal(0)), world.secretary)
    with pytest.raises(ValidationError):
        ledger.write(world.branch, merit_values(person=world.outsider.person), world.secretary)


@given(
    some.lists(
        some.tuples(
            some.sampled_from(("reward", "penalty")),
            some.decimals(0, 50, places=1),
            some.decimals(0, 500, places=2),
            some.booleans(),
        ),
        max_size=8,
    )
)
def test_what_is_not_taken_back_adds_up(
    lines: list[tuple[str, Decimal, Decimal, bool]],
) -> None:
    expected = {"reward": [Decimal(0), Decimal(0)], "penalty": [Decimal(0), Decimal(0)]}
    with transaction.atomic():
        world = make_safety_world()
        for kind, points, amount, is_wrong in lines:
            if not points and not amount:
                continue
            line = ledger.write(
                world.branch,
                merit_values(kind=kind, points=points, amount=amount),
                world.secretary,
            )
            if is_wrong:
                ledger.take_back(line.pk, "记错", world.secretary)
            else:
                expected[kind][0] += points
                expected[kind][1] += amount
        found = balance_of(SafetyMerit.objects.filter(branch=world.branch))
        transaction.set_rollback(True)
    assert [found.reward_points, found.reward_amount] == expected["reward"]
    assert [found.penalty_points, found.penalty_amount] == expected["penalty"]


# ---- Evidence for honors


def test_what_branches_say_of_somebody_names_no_reason_and_no_other_person(
    world: SafetyWorld,
) -> None:
    make_hazard(world)
    ledger.write(
        world.branch, merit_values(person=world.member, reason="保密事由"), world.secretary
    )
    subject = Subject(
        unit=world.team,
        since=datetime.date(2026, 1, 1),
        until=TODAY,
        person=world.member,
        branch=world.branch,
    )
    said = " ".join(str(one) for one in safety(subject))
    assert "1" in said
    assert "奖励2分" in said
    assert "保密事由" not in said
    assert world.branch.name in "".join(str(one) for one in membership(subject))
    assert discipline(subject) == ""
