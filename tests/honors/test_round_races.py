"""Two act on a round at the same moment: exactly one wins, and the other is told who did it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from honors.models import (
    Award,
    HonorDecisionPage,
    HonorRoundPage,
    Nomination,
    NominationState,
    Round,
    ScoreSheet,
)
from honors.rounds import judging, nominating, preparing
from portal.cases import services as cases
from portal.cases.models import CaseEvent
from portal.cases.refusals import AlreadyMoved
from portal.public_notices.models import PublicNotice
from portal.public_notices.services import answer_objection
from portal.refusals import NotPossible, Refusal, TooLate
from tests.factories.honor_rounds import DEEDS, ONE_DAY, Judged
from tests.factories.people import make_person, make_user
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"


def one_wins(results: list[Any]) -> Any:
    """Return what the loser was told; the other has no error."""
    lost = [row for row in results if isinstance(row, Exception)]
    assert len(lost) == len(results) - 1, results
    return lost[0]


def test_two_who_close_the_nominations_at_once() -> None:
    world = Judged()
    world.to("nominating")
    Round.objects.update(closes_on=timezone.localdate() - ONE_DAY)
    seen = world.case.sequence
    lost = one_wins(
        together(
            *[
                lambda user=user: cases.apply(world.pk, "close_nominations", user, {}, seen=seen)
                for user in (world.office, world.colleague)
            ]
        )
    )
    assert isinstance(lost, AlreadyMoved)
    winner = CaseEvent.objects.get(transition="close_nominations").actor
    assert str(winner) in str(lost.message)


def test_two_who_confer_at_once_grant_each_title_once() -> None:
    world = Judged()
    world.to("decision_drafted")
    second = make_user("party_approver")
    lost = one_wins(
        together(
            lambda: world.step("confer", world.committee), lambda: world.step("confer", second)
        )
    )
    assert isinstance(lost, AlreadyMoved)
    assert Award.objects.count() == 1
    assert HonorDecisionPage.objects.count() == 1


def test_a_round_opened_twice_at_once_has_one_notice() -> None:
    world = Judged()
    world.to("prepared")
    second = make_user("party_approver")
    lost = one_wins(
        together(lambda: world.step("open", world.committee), lambda: world.step("open", second))
    )
    assert isinstance(lost, AlreadyMoved)
    assert HonorRoundPage.objects.count() == 1


def test_the_same_round_is_prepared_once() -> None:
    world = Judged()
    keys = [uuid.uuid4(), uuid.uuid4()]
    lost = one_wins(
        together(
            *[
                lambda user=user, key=key: preparing.prepare(
                    user, world.values, world.members, {}, key=key
                )
                for user, key in zip((world.office, world.colleague), keys, strict=True)
            ]
        )
    )
    assert isinstance(lost, NotPossible)
    assert Round.objects.count() == 1


def test_one_person_nominated_by_two_at_once_is_nominated_once() -> None:
    world = Judged()
    world.to("nominating")
    others = [make_user("employee") for _number in range(3)]
    results = together(*[lambda user=user: world.nominate(by=user) for user in others])
    assert len(failures(results)) == 2
    assert all(isinstance(row, NotPossible | IntegrityError) for row in failures(results))
    assert Nomination.objects.count() == 1


def test_the_last_place_of_a_quota_goes_to_one() -> None:
    world = Judged(quota=1)
    world.to("nominating")
    people = [
        make_user("employee", person=make_person(f"职工{number}", unit=world.unit))
        for number in range(2)
    ]
    made = [world.nominate(person) for person in people]
    lost = one_wins(together(*[lambda row=row: world.recommend(row) for row in made]))
    assert isinstance(lost, NotPossible) and "名额1个" in str(lost.message)
    assert Nomination.objects.filter(state=NominationState.RECOMMENDED).count() == 1


def test_handing_in_while_the_round_is_closed() -> None:
    world = Judged()
    world.to("nominating")
    draft = nominating.save_draft(
        world.pk,
        world.nominator,
        {
            "kind": "other",
            "person": world.nominee.person,
            "subject_name": "",
            "branch": world.branch,
            "brief": "事迹",
            "deeds": DEEDS,
        },
    )
    Round.objects.update(closes_on=timezone.localdate() - ONE_DAY)
    handed, closed = together(
        lambda: nominating.hand_in(draft.pk, world.nominator),
        lambda: world.step("close_nominations", world.office),
    )
    assert isinstance(handed, TooLate) and not isinstance(closed, Exception)
    draft.refresh_from_db()
    assert draft.state == NominationState.DECLINED


def test_a_score_and_the_end_of_judging() -> None:
    world = Judged()
    world.to("judging")
    nomination = world.round.nominations.get()
    world.score(nomination, 90)
    changed, ended = together(
        lambda: judging.score(nomination.pk, world.judges[0], [Decimal(0)] * 4),
        lambda: world.vote(),
    )
    assert not isinstance(ended, Exception)
    nomination.refresh_from_db()
    first = ScoreSheet.objects.get(judge__person=world.judges[0].person).total
    # Whoever came first: the mean is of the sheets as they are.
    totals = list(ScoreSheet.objects.values_list("total", flat=True))
    assert nomination.score_mean == round(sum(totals) / len(totals), 2)
    assert isinstance(changed, TooLate) is (first != 0)


def test_an_objection_and_the_end_of_the_notice() -> None:
    world = Judged()
    world.to("on_notice")
    objector = make_user("employee")
    raised, _ended = together(lambda: world.object(objector), world.end_notice)
    state = world.case.state
    if isinstance(raised, Refusal):
        assert state == "noticed"
    else:
        assert state == "objected"
        with pytest.raises(Refusal):
            world.draft_decision()
    assert PublicNotice.objects.count() == 1


def test_two_answers_at_once_move_the_round_once() -> None:
    world = Judged()
    world.to("on_notice")
    objection = world.object()
    world.investigate(objection)
    other = make_user("party_staff")
    first = world.colleague
    one_wins(
        together(
            *[
                lambda user=user: answer_objection(
                    objection.pk, user, "dismissed", "经核查，情况如上所述。"
                )
                for user in (first, other)
            ]
        )
    )
    assert world.case.state == "on_notice"
    assert CaseEvent.objects.filter(transition="go_on").count() == 1
