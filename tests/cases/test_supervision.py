"""What the daily job does with time limits: one bad case stops nothing, reminders come first."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from portal.cases import services, supervision
from portal.cases.models import Case, CaseClock, Supervision, SupervisionLevel
from portal.cases.refusals import ConditionNotMet
from portal.notifications.models import Message, Outbox
from portal.people.models import Person
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user
from tests.factories.support import Journey, make_draft, make_journey
from veterans.applications import services as support

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def journey() -> Journey:
    """A draft that is ready."""
    return make_journey()


def _second_case() -> Case:
    free = (
        one for one in IDENTITY_NUMBERS if not Person.objects.with_identity_number(one).exists()
    )
    person = make_person("杜文渊", identity_number=next(free))
    user = make_user("employee", person=person)
    application = make_draft(user)
    support.hand_in(application, user)
    return application.case


def _every_morning(time_machine: Any, first: str, last: str) -> None:
    day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    while day <= end:
        time_machine.move_to(f"{day} 06:00+08:00")
        supervision.daily()
        day += datetime.timedelta(days=1)


def test_a_case_that_fails_stops_neither_the_others_nor_the_reminders(
    journey: Journey, time_machine: Any, monkeypatch: Any, caplog: Any
) -> None:
    journey.to("submitted")
    other = _second_case()
    time_machine.move_to("2026-12-10 09:00+08:00")
    real = supervision.apply

    def poisoned(case_id: Any, *arguments: Any, **keywords: Any) -> Any:
        if case_id == journey.application.pk:
            raise ValueError("broken")
        return real(case_id, *arguments, **keywords)

    monkeypatch.setattr(supervision, "apply", poisoned)
    line = supervision.daily()
    assert Case.objects.get(pk=other.pk).state == "accepted"
    assert Supervision.objects.filter(clock__case=journey.application.pk).exists()
    assert str(journey.application.pk) in caplog.text
    assert line.startswith("1 cases moved on")


def test_a_reminder_that_fails_does_not_stop_the_next(
    journey: Journey, time_machine: Any, monkeypatch: Any
) -> None:
    journey.to("accepted")
    other = _second_case()
    services.apply(other.pk, "accept", journey.office.station)
    real = supervision.messages.remind

    def poisoned(case: Case, *arguments: Any) -> None:
        if case.pk == journey.application.pk:
            raise ValueError("broken")
        real(case, *arguments)

    monkeypatch.setattr(supervision.messages, "remind", poisoned)
    time_machine.move_to("2026-12-18 06:00+08:00")
    supervision.daily()
    reminded = Supervision.objects.values_list("clock__case", flat=True)
    assert set(reminded) == {other.pk}


# ---- before something lapses


def test_an_applicant_is_reminded_twice_before_a_correction_lapses(
    journey: Journey, time_machine: Any, settings: Any
) -> None:
    settings.NOTIFICATION_CHANNELS = ["in-site", "email", "sms"]
    journey.applicant.email = "family@example.org"
    journey.applicant.save()
    journey.to("correcting")
    clock = CaseClock.objects.get(case=journey.case, code="correction", ended_on=None)
    assert clock.due_on == datetime.date(2026, 12, 7)
    _every_morning(time_machine, "2026-11-23", "2026-12-07")
    raised = Supervision.objects.filter(clock=clock).values_list("level", "raised_on")
    assert list(raised) == [
        (SupervisionLevel.HALF, datetime.date(2026, 11, 30)),
        (SupervisionLevel.SOON, datetime.date(2026, 12, 3)),
    ]
    told = Message.objects.filter(user=journey.applicant, code="case-applicant-reminder")
    assert told.count() == 2
    assert journey.case.state == "correcting"
    for outgoing in Outbox.objects.filter(code="case-applicant-reminder"):
        words = " ".join(outgoing.shown_words())
        assert outgoing.is_sensitive
        assert journey.case.number not in words and journey.case.item not in words
    _every_morning(time_machine, "2026-12-08", "2026-12-08")
    assert journey.case.state == "withdrawn"


def test_nothing_lapses_without_two_reminders_and_the_days_after_them(
    journey: Journey, time_machine: Any
) -> None:
    journey.to("correcting")
    # The job stood still for weeks: what was missed is made up for, one reminder a day.
    time_machine.move_to("2026-12-21 06:00+08:00")
    supervision.daily()
    with pytest.raises(ConditionNotMet):
        services.apply(journey.application.pk, "lapse", None)
    supervision.daily()
    assert [row.level for row in Supervision.objects.all()] == [SupervisionLevel.HALF]
    _every_morning(time_machine, "2026-12-22", "2026-12-24")
    assert journey.case.state == "correcting"
    assert Message.objects.filter(code="case-applicant-reminder").count() == 2
    _every_morning(time_machine, "2026-12-25", "2026-12-25")
    assert journey.case.state == "withdrawn"


def test_a_rating_nobody_has_to_give_is_not_reminded_of(
    journey: Journey, time_machine: Any
) -> None:
    journey.to("paid")
    day = timezone.localdate()
    _every_morning(time_machine, str(day), str(day + datetime.timedelta(days=14)))
    assert not Supervision.objects.filter(clock__code="rating").exists()


def test_who_cannot_be_reached_is_not_kept_for_ever(journey: Journey, time_machine: Any) -> None:
    journey.to("correcting")
    journey.applicant.is_active = False
    journey.applicant.save()
    _every_morning(time_machine, "2026-11-23", "2026-12-08")
    assert journey.case.state == "withdrawn"


# ---- nobody looked at it in time


def test_what_counts_as_accepted_counts_from_the_day_it_was_handed_in(
    journey: Journey, time_machine: Any
) -> None:
    journey.to("submitted")
    journey.ask_for_correction()
    time_machine.move_to("2026-11-25 09:00+08:00")
    journey.correct()
    time_machine.move_to("2026-12-10 06:00+08:00")
    supervision.daily()
    clock = CaseClock.objects.get(case=journey.case, code="decision")
    assert journey.case.state == "accepted"
    assert clock.started_on == datetime.date(2026, 11, 23)
    # Twenty working days, and the two of the correction.
    assert clock.due_on == datetime.date(2026, 12, 23)
    assert journey.case.due_on == clock.due_on


def test_who_let_it_run_out_answers_for_it(journey: Journey, time_machine: Any) -> None:
    journey.to("submitted")
    time_machine.move_to("2026-12-01 06:00+08:00")
    supervision.daily()
    order = Supervision.objects.get(level=SupervisionLevel.ORDERED)
    assert order.clock.code == "acceptance"
    told = Message.objects.filter(event_key=f"supervision:{order.pk}").values_list(
        "user", flat=True
    )
    assert set(told) >= {journey.office.station.pk, journey.office.approver.pk}
    assert not set(told) & {journey.office.reviewer.pk, journey.applicant.pk}
    with pytest.raises(ConditionNotMet):
        supervision.answer(order.pk, journey.office.reviewer, "不归我管")
    supervision.answer(order.pk, journey.office.station, "当周人手不足")
