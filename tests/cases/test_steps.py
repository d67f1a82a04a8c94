"""Steps of cases: one transaction each, one winner, four eyes, clocks that follow."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.archives.models import Record
from portal.cases import beside, services, supervision
from portal.cases.models import (
    CaseClock,
    CaseEvent,
    ClosedFile,
    ExtensionRequest,
    Kinship,
    Recusal,
    Supervision,
    SupervisionLevel,
)
from portal.cases.refusals import (
    AlreadyMoved,
    ConditionNotMet,
    MustBeAnother,
    NotYourTurn,
    Recused,
)
from portal.notifications.models import Message
from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from tests.factories.support import DECISION, Journey, make_journey
from tests.infrastructure.at_once import together
from veterans.applications import services as support

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
TRIALS = 8 if connection.vendor == "postgresql" else 2


@pytest.fixture(autouse=True)
def monday(time_machine, tmp_path, settings):
    """A Monday without holidays near it, and folders of its own."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def journey() -> Journey:
    """A draft that is ready."""
    return make_journey()


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


# ---- One step


def test_a_form_sent_twice_makes_one_event(journey: Journey) -> None:
    journey.to("submitted")
    key = uuid.uuid4()
    first = services.apply(journey.application.pk, "accept", journey.office.station, key=key)
    again = services.apply(journey.application.pk, "accept", journey.office.station, key=key)
    assert first.pk == again.pk
    assert journey.case.events.filter(transition="accept").count() == 1


def test_a_step_from_a_page_that_is_old_is_refused_and_says_who_was_first(
    journey: Journey,
) -> None:
    journey.to("accepted")
    with pytest.raises(AlreadyMoved) as refused:
        services.apply(journey.application.pk, "accept", journey.office.station)
    assert str(journey.office.station) in str(refused.value)
    assert "已受理" in str(refused.value)
    with pytest.raises(AlreadyMoved):
        services.apply(journey.application.pk, "review", journey.office.reviewer, seen=1)


def test_who_reviewed_does_not_approve(journey: Journey) -> None:
    make_assignment(journey.office.reviewer, "union_chair")
    journey.to("reviewed")
    with pytest.raises(MustBeAnother):
        journey.step("approve", journey.office.reviewer)
    assert journey.case not in journey.case.__class__.objects.waiting_for(journey.office.reviewer)


def test_nobody_decides_on_himself_or_a_relative(journey: Journey) -> None:
    journey.to("submitted")
    person = journey.applicant.person
    make_assignment(journey.applicant, "veterans_officer")
    with pytest.raises(Recused):
        journey.step("accept", journey.applicant)
    clerk = journey.office.station.person
    assert person is not None and clerk is not None
    Kinship.objects.create(person=clerk, relative=person, kind="sibling")
    with pytest.raises(Recused):
        journey.step("accept", journey.office.station)
    waiting = type(journey.case).objects.waiting_for(journey.office.station)
    assert journey.case not in waiting


def test_who_stands_aside_is_out_and_a_colleague_goes_on(journey: Journey) -> None:
    journey.to("submitted")
    colleague = make_user("veterans_officer")
    beside.recuse(journey.application.pk, journey.office.station, "是多年的战友")
    assert Recusal.objects.count() == 1
    with pytest.raises(Recused):
        journey.step("accept", journey.office.station)
    journey.step("accept", colleague)


def test_strangers_do_nothing(journey: Journey) -> None:
    journey.to("submitted")
    for user in (make_user("employee"), make_user("archivist"), make_user("party_staff")):
        for transition in journey.case.table.leading_from("submitted"):
            with pytest.raises(NotYourTurn):
                services.apply(journey.application.pk, transition.code, user)


def test_a_taken_case_is_handed_over_by_its_handler_only(journey: Journey) -> None:
    journey.to("submitted")
    station, colleague = journey.office.station, make_user("veterans_officer")
    third = make_user("veterans_officer")
    beside.assign(journey.application.pk, station, station)
    with pytest.raises(AlreadyMoved):
        beside.assign(journey.application.pk, colleague, colleague)
    with pytest.raises(NotYourTurn):
        beside.assign(journey.application.pk, station, journey.office.reviewer)
    beside.assign(journey.application.pk, station, colleague)
    assert journey.case.handler == colleague
    assert journey.case in type(journey.case).objects.waiting_for(colleague)
    assert journey.case not in type(journey.case).objects.waiting_for(third)
    journey.step("accept", colleague)
    assert journey.case.handler is None, "the next party takes it anew"


def test_events_are_only_ever_added(journey: Journey) -> None:
    journey.to("submitted")
    event = CaseEvent.objects.get(case=journey.case)
    for harm in (
        lambda: CaseEvent.objects.filter(pk=event.pk).update(transition="approve"),
        lambda: CaseEvent.objects.filter(pk=event.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            harm()
    assert CaseEvent.objects.get().transition == "submit"


def test_the_applicant_is_told_without_a_personal_detail(journey: Journey) -> None:
    journey.to("accepted")
    messages = Message.objects.filter(user=journey.applicant)
    assert {message.code for message in messages} == {"support-submitted", "support-accepted"}
    for message in messages:
        text = str(message.variables)
        assert journey.application.name not in text
        assert journey.application.identity_number not in text


# ---- Nothing closes before its record exists


def test_a_case_whose_file_cannot_be_captured_does_not_close(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.archives import capture

    journey.to("paid")

    def broken(*_arguments: Any, **_keywords: Any) -> Any:
        raise OSError("the ledger cannot be written")

    monkeypatch.setattr(capture, "_write", broken)
    with pytest.raises(OSError, match="ledger"):
        journey.step("rate", journey.applicant, level=5)
    monkeypatch.undo()
    assert journey.case.state == "paid"
    assert not ClosedFile.objects.exists()
    journey.step("rate", journey.applicant, level=5)
    assert Record.objects.filter(source_kind="case").count() == 1


# ---- Clocks


def clock(journey: Journey, code: str) -> CaseClock:
    return CaseClock.objects.get(case=journey.case, code=code)


def test_a_correction_stops_the_clock_of_the_office(journey: Journey, time_machine) -> None:
    journey.to("submitted")
    assert clock(journey, "acceptance").due_on == date("2026-11-30")
    time_machine.move_to("2026-11-24 09:00+08:00")
    journey.ask_for_correction()
    assert clock(journey, "acceptance").due_on is None
    assert journey.case.due_on == clock(journey, "correction").due_on == date("2026-12-08")
    time_machine.move_to("2026-11-26 09:00+08:00")
    journey.correct()
    assert journey.case.state == "submitted"
    assert journey.case.due_on == clock(journey, "acceptance").due_on == date("2026-12-02")
    assert clock(journey, "correction").ended_on == date("2026-11-26")


def test_a_correction_is_asked_for_once_and_again_by_a_leader_only(journey: Journey) -> None:
    journey.to("correcting")
    with pytest.raises(ConditionNotMet):
        support.correct(journey.application, journey.applicant)
    journey.correct()
    with pytest.raises(ConditionNotMet):
        journey.ask_for_correction()
    items = [{"code": "bank", "label": "收款账户", "reason": "户名不符"}]
    journey.step("request_again", journey.office.approver, items=items, reason="首次漏列")
    assert journey.case.state == "correcting"


def test_what_nobody_looked_at_counts_as_accepted(journey: Journey, time_machine) -> None:
    journey.to("submitted")
    time_machine.move_to("2026-11-30 23:00+08:00")
    assert supervision.move_on(timezone.localdate()) == 0
    time_machine.move_to("2026-12-01 01:00+08:00")
    assert supervision.move_on(timezone.localdate()) == 1
    event = journey.case.events.get(transition="auto_accept")
    assert (event.actor, event.party, journey.case.state) == (None, "system", "accepted")


def test_a_correction_nobody_made_ends_the_case_and_frees_the_year(
    journey: Journey, time_machine
) -> None:
    journey.to("correcting")
    for day in ("2026-11-30", "2026-12-03", "2026-12-08"):
        time_machine.move_to(f"{day} 09:00+08:00")
        supervision.daily()
    assert journey.case.state == "withdrawn"
    journey.application.refresh_from_db()
    assert not journey.application.active
    assert Record.objects.filter(source_kind="case").count() == 1


def test_a_limit_is_extended_once_with_a_reason(journey: Journey) -> None:
    journey.to("accepted")
    before = clock(journey, "decision").due_on
    asked = beside.ask_extension(journey.application.pk, journey.office.reviewer, "需向部队核实")
    assert asked.transition == "ask-extension"
    assert clock(journey, "decision").due_on == before, "a leader decides first"
    request = ExtensionRequest.objects.get()
    with pytest.raises(NotYourTurn):
        beside.decide_extension(request.pk, journey.office.reviewer, granted=True)
    with pytest.raises(ConditionNotMet):
        beside.ask_extension(journey.application.pk, journey.office.reviewer, "再问一次")
    beside.decide_extension(request.pk, journey.office.approver, granted=True)
    after = clock(journey, "decision").due_on
    assert before is not None and after is not None and after > before
    assert journey.case.due_on == after
    with pytest.raises(ConditionNotMet):
        beside.ask_extension(journey.application.pk, journey.office.reviewer, "再核实")


def test_each_level_of_supervision_is_raised_once(journey: Journey, time_machine) -> None:
    journey.to("accepted")
    due = clock(journey, "decision").due_on
    assert due is not None
    raised: list[str] = []
    day = timezone.localdate()
    while day < due + datetime.timedelta(days=10):
        time_machine.move_to(f"{day} 06:00+08:00")
        supervision.remind(day)
        supervision.remind(day)
        raised = list(Supervision.objects.order_by("pk").values_list("level", flat=True))
        day += datetime.timedelta(days=1)
    assert raised == ["used", "tomorrow", "overdue", "ordered"]
    order = Supervision.objects.get(level=SupervisionLevel.ORDERED)
    with pytest.raises(ConditionNotMet):
        supervision.answer(order.pk, journey.office.reviewer, "  ")
    with pytest.raises(ConditionNotMet):
        supervision.answer(order.pk, make_user("employee"), "与我无关")
    supervision.answer(order.pk, journey.office.reviewer, "人手不足，本周内办结")
    with pytest.raises(AlreadyMoved):
        supervision.answer(order.pk, journey.office.approver, "已答复")


# ---- Two at once


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(journey: Journey) -> None:
    other = make_user("union_chair")
    office = journey.office
    case_id = journey.application.pk
    journey.to("reviewed")
    results = together(
        lambda: services.apply(case_id, "approve", office.approver, {"decision": DECISION}),
        lambda: services.apply(case_id, "reject", other, {"reason": "不符合第三条"}),
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyMoved", "CaseEvent"]
    assert journey.case.events.filter(transition__in=["approve", "reject"]).count() == 1


def test_withdrawn_while_approved_ends_in_exactly_one_of_both(journey: Journey) -> None:
    journey.to("reviewed")
    case_id = journey.application.pk
    results = together(
        lambda: services.apply(case_id, "withdraw", journey.applicant),
        lambda: services.apply(case_id, "approve", journey.office.approver, {"decision": DECISION}),
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyMoved", "CaseEvent"]
    assert journey.case.state in ("withdrawn", "notice")
    states = list(journey.case.events.order_by("sequence").values_list("sequence", flat=True))
    assert states == list(range(1, len(states) + 1))
