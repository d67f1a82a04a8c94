"""The list on public notice: objections, investigation, outcome; nothing conferred meanwhile."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from honors.awards.granting import Winner, grant_awards
from honors.models import Award, HonorDecisionPage, Investigation, NominationState
from honors.rounds import objections
from portal.cases import supervision
from portal.cases.models import Case
from portal.cases.refusals import ConditionNotMet, MustBeAnother
from portal.people.models import User
from portal.public_notices.entries import nominee, validate_entries
from portal.public_notices.models import NoticeState, PublicNotice
from portal.public_notices.permissions import why_not_answer
from portal.public_notices.reckoning import follow_calendar
from portal.public_notices.services import answer_objection, end_due_notices
from portal.refusals import NotPossible, NotYours, Refusal, TooLate
from portal.workdays.calendar import WorkingCalendar, current
from tests.factories.honor_rounds import FINDINGS, ONE_DAY, Judged
from tests.factories.people import make_user
from tests.factories.roles import make_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Judged:
    """A round whose list is on public notice."""
    found = Judged()
    found.to("on_notice")
    return found


def test_the_list_names_whom_it_proposes_and_nothing_more(world: Judged) -> None:
    notice = world.notice
    assert notice.entries == [
        {
            "nominee": "薛大勇",
            "unit": "测试采煤队",
            "item": "优秀共产党员",
            "deeds": "三年零违章，全年查出隐患三十七条",
        }
    ]
    assert list(notice.subjects.all()) == [world.nominee.person]
    assert notice.page is not None
    page = Client().get(notice.page.url).content.decode()
    assert "薛大勇" in page and "党委会" in page
    assert "139000000" not in page


def test_it_runs_five_working_days_of_the_calendar(world: Judged) -> None:
    notice = world.notice
    assert notice.starts_on is not None and notice.ends_on is not None
    assert notice.days == 5
    assert notice.ends_on == current().add_working_days(notice.starts_on, 5).date
    end_due_notices(notice.ends_on)
    assert world.case.state == "on_notice"
    end_due_notices(notice.ends_on + ONE_DAY)
    assert world.case.state == "noticed"


def test_nothing_is_conferred_before_the_end(world: Judged) -> None:
    for act in (world.draft_decision, world.confer, lambda: world.step("notice_over", None)):
        with pytest.raises(Refusal):
            act()
    assert not Award.objects.exists() and not HonorDecisionPage.objects.exists()


def test_an_objection_stops_everything_until_it_is_answered(world: Judged) -> None:
    objection = world.object()
    assert world.case.state == "objected"
    world.end_notice()
    assert world.case.state == "objected"
    with pytest.raises(NotPossible, match="核查情况"):
        world.answer(objection)
    world.investigate(objection)
    with pytest.raises(NotPossible, match="不一致"):
        world.answer(objection, upheld=True)
    world.answer(objection)
    assert world.case.state == "on_notice"
    world.end_notice()
    assert world.case.state == "noticed"


def test_with_two_objections_the_notice_goes_on_after_the_last_answer(world: Judged) -> None:
    first, second = world.object(), world.object()
    world.investigate(first)
    world.answer(first)
    assert world.case.state == "objected"
    world.investigate(second)
    world.answer(second)
    assert world.case.state == "on_notice"


def test_an_upheld_objection_takes_the_nominee_off_the_list(world: Judged) -> None:
    objection = world.object()
    nomination = world.round.nominations.get()
    world.investigate(objection, nomination)
    world.answer(objection, upheld=True)
    assert world.case.state == "proposing"
    nomination.refresh_from_db()
    assert nomination.state == NominationState.EXCLUDED
    assert world.notice.state == NoticeState.CANCELLED
    with pytest.raises(ConditionNotMet):
        world.propose(nomination)


def test_an_objection_that_waits_holds_back_the_next_notice_too(world: Judged) -> None:
    upheld, waiting = world.object(), world.object()
    nomination = world.round.nominations.get()
    world.investigate(upheld, nomination)
    world.answer(upheld, upheld=True)
    # Somebody else can still be honored, but only when the second one has its answer.
    nomination.state = NominationState.ELIGIBLE
    nomination.save(update_fields=["state"])
    world.propose(nomination)
    world.approve()
    world.end_notice()
    assert world.case.state == "on_notice"
    world.investigate(waiting)
    world.answer(waiting)
    world.end_notice()
    assert world.case.state == "noticed"


def test_who_investigates_is_neither_drafter_nor_approver_nor_named(world: Judged) -> None:
    objection = world.object()
    assert world.nominee.person is not None
    make_assignment(world.nominee.person, "party_staff")
    nominee_ = User.objects.get(pk=world.nominee.pk)
    for user in (world.office, world.committee, nominee_, make_user("employee")):
        assert why_not_answer(user, objection)
        with pytest.raises(NotYours):
            objections.investigate(
                objection.pk,
                user,
                investigators="甲、乙",
                findings=FINDINGS,
                affects=False,
                nomination=None,
            )
        client = Client()
        client.force_login(user)
        page = f"/honor-roll/objections/{objection.pk}/"
        assert client.get(page).status_code == 403
    with pytest.raises(NotPossible, match="取消哪个"):
        objections.investigate(
            objection.pk,
            world.colleague,
            investigators="甲、乙",
            findings=FINDINGS,
            affects=True,
            nomination=None,
        )
    world.investigate(objection)
    world.answer(objection)
    with pytest.raises(TooLate):
        world.investigate(objection)
    assert FINDINGS not in repr(Investigation.objects.get())


def test_a_nominee_of_the_office_neither_drafts_nor_reads(world: Judged) -> None:
    make_assignment(world.nominee.person, "party_approver")  # type: ignore[arg-type]
    user = User.objects.get(pk=world.nominee.pk)
    client = Client()
    client.force_login(user)
    assert client.get(f"/cases/{world.pk}/").status_code == 403


def test_a_calendar_change_does_not_shorten_what_was_published(
    world: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = world.notice
    assert notice.starts_on is not None and notice.ends_on is not None
    published = notice.ends_on
    # Days that were thought to be off become working days (调休).
    monkeypatch.setattr(WorkingCalendar, "is_working_day", lambda self, day: True)
    follow_calendar(frozenset({notice.starts_on.year}))
    assert world.notice.ends_on == published
    end_due_notices(published)
    assert world.case.state == "on_notice"
    # Working days that turn into days off make it longer.
    monkeypatch.setattr(WorkingCalendar, "is_working_day", lambda self, day: day.weekday() < 2)
    follow_calendar(frozenset({notice.starts_on.year}))
    moved = world.notice.ends_on
    assert moved is not None and moved > published
    end_due_notices(moved)
    assert world.case.state == "on_notice"


def test_called_off_the_notice_ends_with_the_round(world: Judged) -> None:
    world.step("call_off", world.committee, reason="评选办法有变")
    assert world.notice.state == NoticeState.CANCELLED
    assert world.round.nominations.get().state == NominationState.NOT_CHOSEN
    world.end_notice()
    assert world.case.state == "called_off" and not Award.objects.exists()


def test_the_decision_is_conferred_by_another_than_who_drafted_it(world: Judged) -> None:
    world.end_notice()
    make_assignment(world.office, "party_approver")
    world.draft_decision()
    office = User.objects.get(pk=world.office.pk)
    with pytest.raises(MustBeAnother):
        world.step("confer", office)
    world.confer()
    assert Award.objects.count() == 1
    assert PublicNotice.objects.count() == 1


def test_a_title_somebody_has_already_undoes_the_whole_decision(world: Judged) -> None:
    grant_awards(
        title=world.title,
        year=2026,
        winners=[Winner("薛大勇", world.unit, world.nominee.person)],
        decision_number="测党发〔2026〕1号",
        decided_on=datetime.date(2026, 7, 1),
        by=world.committee,
    )
    world.end_notice()
    world.draft_decision()
    with pytest.raises(NotPossible):
        world.confer()
    assert world.case.state == "decision_drafted"
    assert not HonorDecisionPage.objects.exists()


def test_what_was_typed_for_the_decision_stays(world: Judged) -> None:
    world.end_notice()
    client = Client()
    client.force_login(world.office)
    case = Case.objects.get(pk=world.pk)
    sent: dict[str, Any] = {
        "seen": case.sequence,
        "key": "0b0e9c4e-7f2f-4b63-9a2c-0d8f5d8f0f03",
        "decision_number": "测党发〔2026〕33号",
        "decision_title": "",
        "decided_on": (timezone.localdate() + ONE_DAY).isoformat(),
    }
    response = client.post(f"/cases/{world.pk}/steps/draft_decision/", sent)
    assert response.status_code == 422
    assert "测党发〔2026〕33号" in response.content.decode()
    assert set(response.context["form"].errors) == {"decision_title", "decided_on"}


@pytest.mark.parametrize(
    "row",
    [
        nominee("", "采煤队", "称号"),
        nominee("薛大勇", "采煤队", "称号", "身份证140000198503120010"),
        {**nominee("薛大勇", "采煤队", "称号"), "name": "薛**"},
        {**nominee("薛大勇", "采煤队", "称号"), "amount": "1000元以下"},
        {"name": "薛**", "unit": "", "item": "补贴", "deeds": "事迹"},
        nominee("薛大勇", "采煤队", "称号", "长" * 101),
    ],
)
def test_a_row_of_a_nominee_says_no_more_than_it_may(row: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        validate_entries([row])
    validate_entries([nominee("瓦检一岗", "北坡煤矿", "安全生产模范岗", "连续无事故1826天")])


def test_the_answerer_decides_once(world: Judged) -> None:
    objection = world.object()
    world.investigate(objection)
    world.answer(objection)
    with pytest.raises(Refusal):
        answer_objection(objection.pk, world.colleague, "upheld", "再次核查后认为成立，请撤销。")
    assert world.case.state == "on_notice"


def test_an_answer_before_the_investigation_keeps_what_was_typed(world: Judged) -> None:
    objection = world.object()
    client = Client()
    client.force_login(world.colleague)
    page = client.get(objection.get_absolute_url()).content.decode()
    assert f"/honor-roll/objections/{objection.pk}/" in page
    answer = {"decision": "dismissed", "answer": "经核查，情况如上所述。", "final": "on"}
    response = client.post(f"{objection.get_absolute_url()}answer/", answer)
    words = response.content.decode()
    assert response.status_code == 422
    assert "核查情况" in words and "经核查，情况如上所述。" in words
    objection.refresh_from_db()
    assert objection.is_open


def test_the_portal_closes_the_nominations_after_their_last_day(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")
    found = Judged()
    found.to("nominating")
    made = found.nominate()
    last = found.round.closes_on
    # A Saturday: the clock of the case runs on to the next working day, the notice's day does not.
    assert (last, found.case.due_on) == (datetime.date(2026, 11, 28), datetime.date(2026, 11, 30))
    time_machine.move_to("2026-11-28 23:00+08:00")
    supervision.daily()
    assert found.case.state == "nominating"
    time_machine.move_to("2026-12-01 03:00+08:00")
    supervision.daily()
    assert found.case.state == "examining"
    made.refresh_from_db()
    assert made.state == NominationState.DECLINED
    assert "推荐期限已满" in made.reason
