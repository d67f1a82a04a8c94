"""A proposal from its draft to its end: seconds, review, merging, reply, second handling."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from portal.archives.models import Record
from portal.cases import services as cases
from portal.cases import supervision
from portal.cases.models import Case
from portal.cases.refusals import ConditionNotMet, MustBeAnother
from portal.notifications.models import Message
from portal.refusals import NotPossible, NotYours, Refusal, TooLate
from tests.factories.organizations import make_unit
from tests.factories.people import make_user
from tests.factories.proposals import TEXTS, Proposed, category, make_delegate, make_session
from union.models import ParticipationRule, Proposal, ProposalRating, Second
from union.proposals import services
from union.proposals.supporters import supporter_counts, supporters_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def names(proposal: Proposal) -> list[tuple[int, str]]:
    return [(row.delegate.person_id, row.number) for row in supporters_of(proposal)]


def test_the_whole_way_closes_with_a_rating_and_an_archive_file() -> None:
    world = Proposed()
    case = world.to("closed")
    assert case.number == "10-1-001"
    proposal = world.proposal
    assert (proposal.result, proposal.reply_checked_on is not None) == ("solved", True)
    rating = ProposalRating.objects.get(proposal=proposal)
    assert (rating.round, rating.reply_level, rating.implementation_level) == (1, 5, 4)
    content = case.closed_file.content
    assert "主办" in content
    assert str(world.applicant.person) in content


def test_numbers_follow_each_other_and_a_withdrawn_one_keeps_its_own() -> None:
    session = make_session()
    first, second = Proposed(session), Proposed(session)
    first.to("collecting")
    second.to("withdrawn")
    third = Proposed(session)
    third.to("collecting")
    other = Proposed(make_session(2))
    other.to("collecting")
    assert [world.case.number for world in (first, second, third, other)] == [
        "10-1-001",
        "10-1-002",
        "10-1-003",
        "10-2-001",
    ]


def test_a_refused_hand_in_takes_no_number() -> None:
    world = Proposed()
    session = world.session
    session.closes_on = session.opens_on
    session.save()
    with pytest.raises(ConditionNotMet):
        world.step("submit", world.applicant)
    session.refresh_from_db()
    assert session.last_number == 0


def test_withdrawn_the_shell_stays_without_its_author() -> None:
    world = Proposed()
    world.to("collecting")
    world.second_all()
    world.step("withdraw", world.applicant)
    proposal = world.proposal
    assert proposal.proposer is None
    assert proposal.phone == ""
    assert proposal.case.number == "10-1-001"
    assert proposal.seconds.standing().count() == 3
    assert str(world.applicant.person) not in str(world.case.closed_file.content)


def test_only_delegates_in_the_window_propose() -> None:
    session = make_session()
    values = {**TEXTS, "category": category()}
    with pytest.raises(NotYours):
        services.start(session, make_user("employee"), values)
    delegate = make_delegate(session)
    session.closes_on = session.opens_on
    session.save()
    with pytest.raises(TooLate):
        services.start(session, delegate, values)


def test_a_mandate_that_ended_proposes_and_seconds_nothing() -> None:
    world = Proposed()
    world.to("collecting")
    late = make_delegate(world.session)
    row = world.session.term.delegates.get(person=late.person)
    row.valid_to = datetime.date.today() - datetime.timedelta(days=1)
    row.save()
    with pytest.raises(NotYours):
        services.second(world.pk, late)


def test_nobody_changes_the_text_after_the_first_second_even_when_it_was_withdrawn() -> None:
    world = Proposed()
    world.to("collecting")
    values = {**TEXTS, "category": category("safety"), "subject": "增设饮水点（改）"}
    services.change(world.pk, world.applicant, values)
    assert world.case.item == "增设饮水点（改）"
    services.second(world.pk, world.seconders[0])
    with pytest.raises(TooLate):
        services.change(world.pk, world.applicant, values)
    services.withdraw_second(world.pk, world.seconders[0])
    with pytest.raises(TooLate):
        services.change(world.pk, world.applicant, {**values, "subject": "别的"})
    assert world.case.item == "增设饮水点（改）"


def test_nobody_else_changes_a_proposal() -> None:
    world = Proposed()
    for user in (world.office, world.seconders[0], make_user(is_superuser=True)):
        with pytest.raises(NotYours):
            services.change(world.pk, user, {**TEXTS, "category": category()})


def test_seconding_counts_each_delegate_once_and_never_the_proposer() -> None:
    world = Proposed()
    world.to("collecting")
    for _time in range(2):
        services.second(world.pk, world.seconders[0])
    assert world.proposal.seconds.standing().count() == 1
    with pytest.raises(NotYours):
        services.second(world.pk, world.applicant)
    with pytest.raises(NotYours):
        services.second(world.pk, make_user("union_staff"))


def test_a_second_is_withdrawn_until_filing_and_given_again() -> None:
    world = Proposed()
    world.to("examined")
    services.withdraw_second(world.pk, world.seconders[0])
    with pytest.raises(NotPossible):
        services.withdraw_second(world.pk, world.seconders[0])
    with pytest.raises(ConditionNotMet, match="3"):
        world.step("file", world.chair)
    assert Second.objects.filter(proposal=world.pk).count() == 3
    filed = Proposed(world.session)
    filed.to("filed")
    with pytest.raises(TooLate):
        services.withdraw_second(filed.pk, filed.seconders[0])


def test_how_many_seconders_are_needed_is_a_row() -> None:
    world = Proposed()
    world.to("collecting")
    services.second(world.pk, world.seconders[0])
    with pytest.raises(ConditionNotMet):
        world.step("pass_on", world.office)
    ParticipationRule.objects.create(
        code="proposal-seconders",
        value=1,
        clause="修订后的办法",
        effective_from=world.session.opens_on,
    )
    world.step("pass_on", world.office)
    assert world.case.state == "review"


def test_the_end_of_the_collection_is_the_portals_step(time_machine: Any) -> None:
    world = Proposed()
    world.to("collecting")
    with pytest.raises(ConditionNotMet):
        world.step("end_collection", None)
    time_machine.move_to(world.session.closes_on + datetime.timedelta(days=4))
    supervision.daily()
    assert world.case.state == "review"


def test_the_committee_is_another_human_than_the_office() -> None:
    world = Proposed()
    world.to("review")
    from tests.factories.roles import make_assignment

    make_assignment(world.office, "union_chair")
    office = type(world.office).objects.get(pk=world.office.pk)
    world.step("examine", office, advice="file")
    with pytest.raises(MustBeAnother):
        cases.apply(world.pk, "file", type(office).objects.get(pk=office.pk), {})


def test_merging_keeps_every_supporter_once() -> None:
    session = make_session()
    main = Proposed(session)
    main.to("filed")
    other = Proposed(session, subject="两巷设饮水点")
    other.step("submit", other.applicant)
    other.second_all()
    services.second(other.pk, main.seconders[0])
    services.second(other.pk, main.applicant)
    other.step("pass_on", other.office)
    other.step("examine", other.office, advice="merge")
    other.step("merge", other.chair, main=main.proposal, reason="内容相同")
    found = names(main.proposal)
    expected = {user.person_id for user in (*main.seconders, other.applicant, *other.seconders)}
    assert {person for person, _number in found} == expected
    assert len(found) == len(expected)
    assert (other.applicant.person_id, other.case.number) in found
    assert supporter_counts([main.pk, other.pk])[main.pk] == len(expected)


@pytest.mark.parametrize("state", ["collecting", "examined", "declined"])
def test_nothing_is_merged_into_what_is_not_filed(state: str) -> None:
    session = make_session()
    main, other = Proposed(session), Proposed(session)
    main.to(state)
    other.to("examined")
    with pytest.raises(ConditionNotMet):
        other.step("merge", other.chair, main=main.proposal, reason="内容相同")
    assert other.case.state == "examined"


def test_nothing_is_merged_across_sessions() -> None:
    main, other = Proposed(make_session()), Proposed(make_session(2))
    main.to("filed")
    other.to("examined")
    with pytest.raises(ConditionNotMet):
        other.step("merge", other.chair, main=main.proposal, reason="内容相同")


def test_a_reply_needs_words() -> None:
    world = Proposed()
    world.to("handling")
    with pytest.raises(ConditionNotMet):
        world.step("reply", world.handler, reply="   ", result="solved")


def test_a_second_handling_comes_once() -> None:
    world = Proposed()
    world.to("answered")
    low = {"reply_level": 2, "implementation_level": None, "reason": "只写了研究研究"}
    world.step("again", world.applicant, **low)
    proposal = world.proposal
    assert (proposal.reply, proposal.second_handling) == ("", True)
    assert proposal.first_reply
    world.step("reply", world.handler, reply="本月二十日前两巷各装一处。", result="under-way")
    world.step("approve_reply", world.checker)
    with pytest.raises(ConditionNotMet):
        world.step("again", world.applicant, **low)
    world.step("rate", world.applicant, reply_level=4, implementation_level=None)
    rounds = ProposalRating.objects.filter(proposal=world.pk).values_list("round", "reply_level")
    assert list(rounds) == [(1, 2), (2, 4)]


def test_a_unit_sends_it_back_once() -> None:
    world = Proposed()
    world.to("handling")
    world.step("send_back", world.handler, note="应由机电科办理")
    world.step("dispatch", world.office, lead=world.unit, helpers=[])
    with pytest.raises(ConditionNotMet):
        world.step("send_back", world.handler, note="还是不归我们")
    assert [row.unit for row in world.proposal.units.all()] == [world.unit]


def test_the_handler_of_another_unit_has_no_part() -> None:
    world = Proposed()
    world.to("handling")
    stranger = make_user("opinion_handler", unit=Proposed(make_session(3)).unit)
    with pytest.raises(Refusal):
        cases.apply(world.pk, "reply", stranger, {"reply": "别的单位的答复。", "result": "solved"})


def test_a_helping_unit_is_told_and_gives_its_opinion_while_it_is_handled() -> None:
    world = Proposed()
    world.to("filed")
    unit = make_unit()
    helper = make_user("opinion_handler", unit=unit)
    world.step("dispatch", world.office, lead=world.unit, helpers=[unit])
    told = Message.objects.filter(code="proposal-help-asked")
    assert [row.user for row in told] == [helper]
    row = world.proposal.units.get(lead=False)
    services.give_opinion(row.pk, helper, "同意，水箱由我们制作。")
    for user in (world.handler, world.office, make_user("employee")):
        with pytest.raises(NotYours):
            services.give_opinion(row.pk, user, "插一句")
    world.step("reply", world.handler, reply="两巷各设一个，月底完成。", result="solved")
    with pytest.raises(TooLate):
        services.give_opinion(row.pk, helper, "补充")


@pytest.mark.django_db(transaction=True)
def test_a_closed_proposal_is_a_record_of_the_archive() -> None:
    world = Proposed()
    world.to("declined")
    record = Record.objects.get(source_id=str(world.pk))
    assert record.kind == "union-proposal-case"
    assert Case.objects.get(pk=world.pk).number in record.title
