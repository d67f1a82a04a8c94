"""Scores, recusal, ballot and the list: what judges and office may write, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from honors.models import JudgeRecusal, NominationState, ScoreSheet
from honors.rounds import judging
from honors.rounds.terms import frozen_terms, terms_of
from portal.cases.models import Case, Kinship
from portal.cases.refusals import AlreadyMoved, ConditionNotMet, MustBeAnother
from portal.people.models import User
from portal.refusals import NotPossible, NotYours, TooLate
from tests.factories.honor_rounds import Judged, open_title
from tests.factories.people import make_person, make_user
from tests.factories.roles import make_assignment

pytestmark = pytest.mark.django_db

FULL = [Decimal(30), Decimal(40), Decimal(20), Decimal(10)]


def relate(user: User, other: User) -> None:
    Kinship.objects.create(
        person_id=user.person_id or 0, relative_id=other.person_id or 0, kind="sibling"
    )


def before_judges(*names: str, **title: Any) -> Judged:
    """Return a round that is being examined, with eligible nominees; nothing was published."""
    world = Judged(open_title(**title), quota=5)
    world.prepare()
    Case.objects.filter(pk=world.pk).update(state="nominating")
    people = [
        make_user("employee", person=make_person(name, unit=world.unit)) for name in names
    ] or [world.nominee]
    made = [world.recommend(world.nominate(user)) for user in people]
    world.close()
    for nomination in made:
        world.speak(nomination)
        world.examine(nomination)
    return world


def open_judging(world: Judged) -> None:
    world.step("open_judging", world.office)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([*FULL[:3], Decimal("10.5")], "0至10分"),
        ([Decimal("-0.5"), *FULL[1:]], "0至30分"),
        ([Decimal("0.3"), *FULL[1:]], "0.5分为单位"),
        (FULL[:3], "每个项目"),
        ([None, *FULL[1:]], "0至30分"),
    ],
)
def test_scores_out_of_range_are_refused(points: list[Any], words: str) -> None:
    terms = terms_of(frozen_terms(open_title()))
    with pytest.raises(ValidationError) as caught:
        judging.clean_points(points, terms)
    assert words in "".join(caught.value.messages)


def test_a_score_out_of_range_stands_next_to_its_field() -> None:
    world = before_judges()
    open_judging(world)
    nomination = world.round.nominations.get()
    client = Client()
    client.force_login(world.judges[0])
    address = f"/honor-roll/nominations/{nomination.pk}/score/"
    for value in ("31", "-1", "0.3", "x", "", "1e9"):
        response = client.post(address, {"line_0": value, "line_1": 1, "line_2": 1, "line_3": 1})
        assert response.status_code == 422, value
        assert "line_0" in response.context["form"].errors, value
    assert not ScoreSheet.objects.exists()


def test_only_judges_score_and_only_while_it_lies_before_them() -> None:
    world = before_judges()
    nomination = world.round.nominations.get()
    with pytest.raises(TooLate):
        judging.score(nomination.pk, world.judges[0], FULL)
    open_judging(world)
    for stranger in (world.office, world.committee, make_user("employee")):
        with pytest.raises(NotYours):
            judging.score(nomination.pk, stranger, FULL)
    judging.score(nomination.pk, world.judges[0], FULL)
    judging.score(nomination.pk, world.judges[0], [Decimal(20), *FULL[1:]])
    assert ScoreSheet.objects.get().total == Decimal(90)


def test_a_judge_who_is_a_relative_stands_aside_by_itself() -> None:
    world = before_judges()
    nomination = world.round.nominations.get()
    relate(world.judges[0], world.nominee)
    open_judging(world)
    row = JudgeRecusal.objects.get()
    assert row.judge.person == world.judges[0].person and row.found
    with pytest.raises(NotPossible, match="回避"):
        judging.score(nomination.pk, world.judges[0], FULL)
    client = Client()
    client.force_login(world.judges[0])
    assert client.get(f"/honor-roll/nominations/{nomination.pk}/score/").status_code == 302


def test_a_relative_who_becomes_known_late_counts_no_more() -> None:
    world = before_judges()
    nomination = world.round.nominations.get()
    open_judging(world)
    for judge in world.judges:
        judging.score(nomination.pk, judge, [Decimal(30), *FULL[1:]])
    judging.score(nomination.pk, world.judges[0], [Decimal(0)] * 4)
    judging.stand_aside(nomination.pk, world.judges[0], "刚得知是远房亲戚")
    found = judging.spread_of(nomination)
    assert found is not None and (found.count, found.mean) == (3, Decimal(100))
    with pytest.raises(NotPossible):
        judging.score(nomination.pk, world.judges[0], FULL)


def test_too_few_judges_are_left() -> None:
    world = before_judges()
    for judge in world.judges[:2]:
        relate(judge, world.nominee)
    with pytest.raises(ConditionNotMet, match="只有2人"):
        open_judging(world)


def test_discipline_that_is_against_somebody_keeps_the_round_from_the_judges() -> None:
    world = before_judges()
    world.speak(world.round.nominations.get(), "against", "有一件信访正在核查。")
    with pytest.raises(ConditionNotMet, match="纪检"):
        open_judging(world)


def test_judging_ends_when_everybody_scored() -> None:
    world = before_judges()
    open_judging(world)
    nomination = world.round.nominations.get()
    for judge in world.judges[:3]:
        judging.score(nomination.pk, judge, FULL)
    with pytest.raises(ConditionNotMet, match="没有全部打分"):
        world.vote(4)
    judging.stand_aside(nomination.pk, world.judges[3], "同一班组")
    world.vote(3)
    nomination.refresh_from_db()
    assert (nomination.score_mean, nomination.ballot_yes) == (Decimal(100), 3)


@pytest.mark.parametrize(
    ("ballots", "counts", "words"),
    [
        (5, [4, 0, 0], "只有4人"),
        (2, [2, 0, 0], "三分之二"),
        (4, [4, 1, 0], "最多只有4名"),
        (4, None, "缺少"),
    ],
)
def test_a_ballot_that_cannot_be_is_refused(ballots: int, counts: Any, words: str) -> None:
    world = before_judges()
    open_judging(world)
    nomination = world.round.nominations.get()
    world.score(nomination)
    with pytest.raises(ConditionNotMet, match=words):
        world.step(
            "end_judging",
            world.office,
            ballot_on=timezone.localdate(),
            ballots=ballots,
            tellers="任监票",
            counts={nomination.pk: counts} if counts else {},
        )
    assert world.case.state == "judging"


def test_a_list_holds_pass_mark_ballot_seats_and_front_line() -> None:
    world = before_judges("甲同志", "乙同志", "丙同志", front_line_share=50)
    open_judging(world)
    rows = list(world.round.nominations.filter(state=NominationState.ELIGIBLE))
    for nomination, share in zip(rows, (95, 70, 90), strict=True):
        world.score(nomination, share)
    world.vote(4, 4, 2)
    with pytest.raises(ConditionNotMet) as caught:
        world.propose(*rows)
    words = str(caught.value.message)
    assert "表彰名额只有2个" in words and "低于80" in words
    assert "未超过50%" in words and "一线" in words
    rows[0].front_line = True
    rows[0].save(update_fields=["front_line"])
    world.propose(rows[0])
    make_assignment(world.office, "party_approver")
    office = User.objects.get(pk=world.office.pk)
    with pytest.raises(MustBeAnother):
        world.step("approve_list", office, meeting="党委会", meeting_on=timezone.localdate())


def test_the_form_of_the_ballot_says_what_is_wrong() -> None:
    world = before_judges()
    open_judging(world)
    nomination = world.round.nominations.get()
    world.score(nomination)
    client = Client()
    client.force_login(world.office)
    address = f"/cases/{world.pk}/steps/end_judging/"
    sent = {
        "seen": world.case.sequence,
        "key": "0b0e9c4e-7f2f-4b63-9a2c-0d8f5d8f0f01",
        "ballot_on": timezone.localdate().isoformat(),
        "ballots": 4,
        "tellers": "任监票",
        f"yes_{nomination.pk}": 4,
        f"no_{nomination.pk}": 1,
        f"abstained_{nomination.pk}": 0,
    }
    response = client.post(address, sent)
    assert response.status_code == 422
    assert "多于发出的4张" in response.content.decode()
    response = client.post(address, {**sent, f"no_{nomination.pk}": 0})
    assert response.status_code == 302
    # Whoever looked at the page before reads that it was done.
    response = client.post(
        address, {**sent, f"no_{nomination.pk}": 0, "key": "0b0e9c4e-7f2f-4b63-9a2c-0d8f5d8f0f02"}
    )
    assert response.status_code == 409
    with pytest.raises(AlreadyMoved):
        world.vote(4)


def test_a_relative_declared_while_judging_runs_counts_no_more_at_its_end() -> None:
    world = before_judges()
    open_judging(world)
    nomination = world.round.nominations.get()
    world.score(nomination, 90)
    judging.score(nomination.pk, world.judges[0], FULL)
    relate(world.judges[0], world.nominee)
    with pytest.raises(ConditionNotMet, match="最多只有3名"):
        votes = {nomination.pk: [4, 0, 0]}
        values = {"ballot_on": timezone.localdate(), "ballots": 4, "tellers": "任监票"}
        world.step("end_judging", world.office, counts=votes, **values)
    votes = {nomination.pk: [3, 0, 0]}
    world.step("end_judging", world.office, counts=votes, **values)
    nomination.refresh_from_db()
    assert nomination.score_mean == Decimal(90)
    assert JudgeRecusal.objects.get().found


def test_the_page_of_a_round_costs_the_same_for_many_nominees() -> None:
    world = before_judges("甲同志")
    first = world.round.nominations.get()
    client = Client()
    client.force_login(world.office)

    def cost() -> int:
        client.get(f"/cases/{world.pk}/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/cases/{world.pk}/").status_code == 200
        return len(caught)

    before = cost()
    for number in range(5):
        first.pk, first.subject_key, first._state.adding = None, f"person:x{number}", True
        first.save()
        world.speak(first)
    assert cost() == before
