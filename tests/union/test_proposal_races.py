"""Two act at the same moment: seconds, numbers, a change against a second, scores and award."""

from __future__ import annotations

from typing import Any

import pytest

from portal.cases.models import Case
from portal.refusals import NotPossible, TooLate
from tests.factories.proposals import TEXTS, Proposed, category, make_delegate, make_session
from tests.factories.suggestions import POINTS, Suggested
from tests.infrastructure.at_once import failures, together
from union.models import Award, CongressReport, CongressSession, Proposal, Second
from union.proposals import reports, services
from union.suggestions import services as suggestions

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"


def test_one_delegate_who_seconds_twice_at_once_counts_once() -> None:
    world = Proposed()
    world.to("collecting")
    delegate = world.seconders[0]
    results = together(*[lambda: services.second(world.pk, delegate) for _time in range(4)])
    assert not failures(results)
    assert len({row.pk for row in results}) == 1
    assert Second.objects.filter(proposal=world.pk).count() == 1


def test_several_delegates_at_once_all_count() -> None:
    world = Proposed()
    world.to("collecting")
    results = together(
        *[lambda user=user: services.second(world.pk, user) for user in world.seconders]
    )
    assert not failures(results)
    assert Second.objects.standing().filter(proposal=world.pk).count() == 3


def test_a_text_is_never_changed_under_a_seconder() -> None:
    world = Proposed()
    world.to("collecting")
    values = {**TEXTS, "category": category(), "subject": "改过的案由"}
    changed, seconded = together(
        lambda: services.change(world.pk, world.applicant, values),
        lambda: services.second(world.pk, world.seconders[0]),
    )
    assert isinstance(seconded, Second)
    case = Case.objects.get(pk=world.pk)
    if isinstance(changed, TooLate):
        assert case.item == TEXTS["subject"]
    else:
        assert case.item == "改过的案由"
    with pytest.raises(TooLate):
        services.change(world.pk, world.applicant, {**values, "subject": "再改"})


def test_numbers_have_no_gap_and_come_once() -> None:
    session = make_session()
    worlds = [Proposed(session) for _number in range(6)]
    results = together(
        *[lambda world=world: world.step("submit", world.applicant) for world in worlds]
    )
    assert not failures(results)
    given = list(Proposal.objects.order_by("sequence").values_list("sequence", flat=True))
    assert given == [1, 2, 3, 4, 5, 6]
    assert CongressSession.objects.get().last_number == 6
    assert Case.objects.filter(number="10-1-006").count() == 1


def test_a_second_taken_back_never_lets_too_few_be_filed() -> None:
    world = Proposed()
    world.to("examined")
    filed, withdrawn = together(
        lambda: world.step("file", world.chair),
        lambda: services.withdraw_second(world.pk, world.seconders[0]),
    )
    standing = Second.objects.standing().filter(proposal=world.pk).count()
    if world.case.state == "filed":
        assert isinstance(withdrawn, TooLate | NotPossible)
        assert standing == 3
    else:
        assert isinstance(filed, Exception)
        assert standing == 2


def test_one_of_two_who_publish_the_report_does() -> None:
    session = make_session()
    world = Proposed(session)
    world.to("declined")
    session.closes_on = session.opens_on
    session.save()
    report = reports.write(session.pk, world.office)
    from tests.factories.people import make_user

    chairs = [make_user("union_chair"), make_user("union_chair")]
    seen = report.written_at.isoformat()
    results = together(*[lambda u=u: reports.publish(session.pk, u, seen) for u in chairs])
    assert len(failures(results)) == 1
    assert isinstance(failures(results)[0], TooLate)
    assert CongressReport.objects.get().page is not None


def test_an_award_counts_every_score_that_came_before_it() -> None:
    world = Suggested()
    world.to("verified")
    world.score_all()
    third = make_delegate(make_session(), None)
    from tests.factories.roles import make_assignment

    make_assignment(third, "party_staff")
    scorer = type(third).objects.get(pk=third.pk)
    high = {**POINTS, "technique": 30, "benefit": 30}
    _awarded, scored = together(
        lambda: world.step("award", world.chair),
        lambda: suggestions.score(world.pk, scorer, high),
    )
    award = Award.objects.get()
    totals = list(world.suggestion.scores.values_list("total", flat=True))
    assert award.points == round(sum(totals) / len(totals), 2) or isinstance(scored, Exception)
    assert len(totals) == (2 if isinstance(scored, Exception) else 3)
