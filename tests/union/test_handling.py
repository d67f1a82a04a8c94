"""Opinions in the office: routes, replies, matters of branches."""

from __future__ import annotations

import datetime
import io
import logging
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from openpyxl import load_workbook

from portal.cases import services as cases
from portal.cases.listing import supervised_cases
from portal.cases.models import Case, CaseClock, Rating, Supervision, SupervisionLevel
from portal.cases.refusals import ConditionNotMet, MustBeAnother, NotYourTurn, Recused
from portal.cases.supervision import daily
from portal.notifications.models import Message
from portal.roles.table import ROLES
from tests.factories.opinions import REPLY, Handled, make_box, make_handled, post_step
from tests.factories.organizations import make_branch, make_unit
from tests.factories.people import make_person, make_user
from union.models import OpinionMessage, OpinionMode, OpinionReply
from union.opinions.dialogue import write_as_staff, writes_to_sender
from union.opinions.flow import FLOW, INTEGRITY_FLOW
from union.opinions.routing import units_to_ask

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    """A Monday without holidays near it, with folders of one's own."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def handled() -> Handled:
    """An opinion that was not written yet."""
    return Handled()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- accept, decline, pass on


def test_a_refusal_says_why_and_who_else_can_help(handled: Handled) -> None:
    handled.to("received")
    client = signed_in(handled.office)
    answer = post_step(client, handled, "decline", ground="elsewhere", reason="已在仲裁", where="")
    assert answer.status_code == 422
    assert "请写明可以向谁反映。" in answer.content.decode()
    assert "已在仲裁" in answer.content.decode()
    values = {"ground": "elsewhere", "reason": "已在仲裁", "where": "劳动仲裁委 0350-1"}
    assert post_step(client, handled, "decline", **values).status_code == 302
    event = handled.case.events.get(transition="decline")
    assert "可以找：劳动仲裁委 0350-1" in event.note_public
    text = signed_in(handled.applicant).get(f"/cases/{handled.pk}/").content.decode()
    assert "劳动仲裁委" in text


def test_the_accused_unit_is_neither_offered_nor_asked(handled: Handled) -> None:
    accused = make_unit(name="机电队")
    inside = make_unit(name="机电一班", parent=accused)
    for unit in (accused, inside):
        make_user("opinion_handler", unit=unit)
    handled.accused = accused
    handled.to("accepted")
    assert units_to_ask(handled.opinion) == [handled.unit]
    text = signed_in(handled.office).get(f"/cases/{handled.pk}/steps/dispatch/").content.decode()
    assert "后勤服务中心" in text
    assert "机电" not in text
    for unit in (accused, inside):
        with pytest.raises(ConditionNotMet, match=unit.name):
            handled.dispatch(unit)
        with pytest.raises(ConditionNotMet):
            handled.dispatch(helpers=[unit], question="请说明")
        # Typed into the form it is no choice either.
        answer = post_step(signed_in(handled.office), handled, "dispatch", lead_unit=str(unit.pk))
        assert answer.status_code == 422
    assert handled.case.state == "accepted"


def test_whoever_works_in_the_accused_unit_stands_aside(handled: Handled) -> None:
    accused = make_unit(name="机电队")
    handled.accused = accused
    handled.to("accepted")
    inside = make_user("union_staff", person=make_person("邓守拙", unit=accused))
    with pytest.raises(Recused):
        cases.apply(handled.pk, "dispatch", inside, {"lead_unit": handled.unit})
    assert signed_in(inside).get(f"/cases/{handled.pk}/").status_code == 403
    waiting = signed_in(inside).get("/cases/")
    assert handled.case not in list(waiting.context["page_obj"])
    # The sender was promised that nobody there gets to see it, and its number would say enough.
    for address in ("/cases/?list=all", f"/cases/?list=all&q={handled.case.number}", "/workspace/"):
        text = signed_in(inside).get(address).content.decode()
        assert f"/cases/{handled.pk}/" not in text
        assert handled.case.item not in text
    sheet = load_workbook(
        io.BytesIO(b"".join(signed_in(inside).get("/cases/export/?list=all")))  # type: ignore[arg-type]
    )
    cells = [str(cell) for row in sheet.active.values for cell in row]
    assert handled.case.number not in cells
    late = make_user("union_chair", person=make_person("秦守正", unit=accused))
    assert handled.case not in supervised_cases(late)
    assert handled.case in supervised_cases(handled.chair)
    assert handled.case in list(signed_in(handled.second).get("/cases/").context["page_obj"])


@pytest.mark.parametrize("code", sorted(ROLES))
def test_an_ordinary_opinion_is_read_by_these_and_not_more(code: str) -> None:
    handled = Handled()
    handled.to("handling")
    allowed = {"union_staff", "union_chair"}
    status = signed_in(make_user(code)).get(f"/cases/{handled.pk}/").status_code
    # A handler of the company covers the asked unit below it.
    assert status == (200 if code in {*allowed, "opinion_handler"} else 404)
    elsewhere = make_user(code, unit=make_unit())
    expected = 200 if code in allowed else 404
    assert signed_in(elsewhere).get(f"/cases/{handled.pk}/").status_code == expected


@pytest.mark.parametrize("code", sorted(ROLES))
@pytest.mark.parametrize("state", ["received", "accepted", "reviewing", "closed"])
def test_an_integrity_report_is_read_by_the_discipline_inspection_alone(
    code: str, state: str
) -> None:
    handled = Handled("integrity", mode=OpinionMode.NAME_HIDDEN)
    handled.to(state)
    user = make_user(code)
    client = signed_in(user)
    expected = code == "discipline_auditor"
    assert client.get(f"/cases/{handled.pk}/").status_code == (200 if expected else 404)
    readable = Case.objects.filter(flow=INTEGRITY_FLOW).visible_to(user)
    assert list(readable) == ([handled.case] if expected else [])
    for address in ("/cases/?list=all", "/cases/?list=mine", "/workspace/"):
        text = client.get(address, follow=True).content.decode()
        if not expected:
            assert handled.case.number not in text
    told = [str(row.variables) for row in Message.objects.filter(user=user)]
    assert expected or not any(handled.case.number in text for text in told)


def test_the_union_is_told_nothing_of_an_integrity_report() -> None:
    handled = Handled("integrity")
    handled.to("closed")
    told = {row.user_id for row in Message.objects.all()}
    union = {handled.office.pk, handled.second.pk, handled.chair.pk, handled.handler.pk}
    assert not told & union
    assert mail.outbox == [] or not any(
        handled.case.number in message.body
        for message in mail.outbox
        if handled.office.email in message.to
    )


# ---- names


def test_a_hidden_name_is_nowhere_for_the_asked_unit(
    handled: Handled, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    handled.mode = OpinionMode.NAME_HIDDEN
    handled.to("handling")
    name = handled.applicant.person.name  # type: ignore[union-attr]
    number = handled.applicant.person.employee_number or "—"  # type: ignore[union-attr]
    client = signed_in(handled.handler)
    pages = [
        *("/cases/", "/cases/?list=all", f"/cases/{handled.pk}/", "/workspace/"),
        *(f"/cases/{handled.pk}/steps/reply/", f"/cases/{handled.pk}/steps/return_once/"),
        *(f"/cases/{handled.pk}/hand-over/", f"/cases/{handled.pk}/stand-aside/"),
        *(f"/cases/?list=all&q={handled.case.number}", "/notifications/"),
        f"/cases/{handled.pk}/extend/",
    ]
    for address in pages:
        text = client.get(address, follow=True).content.decode()
        assert name not in text, address
        assert number not in text, address
    found = client.get(f"/search/?q={name}").content.decode()
    assert str(handled.pk) not in found
    assert handled.case.number not in found
    sheet = client.get("/cases/export/?list=all")
    book = load_workbook(io.BytesIO(b"".join(sheet)))  # type: ignore[arg-type]
    assert not any(name in str(cell) for row in book.active.values for cell in row)
    told = Message.objects.filter(user=handled.handler)
    assert told.exists()
    assert not any(name in str(row.variables) for row in told)
    assert not any(name in message.body for message in mail.outbox)
    assert name not in caplog.text
    assert "只有工会知道" in client.get(f"/cases/{handled.pk}/").content.decode()
    # The union knows it.
    assert name in signed_in(handled.office).get(f"/cases/{handled.pk}/").content.decode()


def test_who_was_later_is_told_no_hidden_name(handled: Handled) -> None:
    """A step that lost the race says who acted first; a sender stays unnamed."""
    handled.mode = OpinionMode.NAME_HIDDEN
    handled.to("answered")
    Case.objects.filter(pk=handled.pk).update(lead_unit=handled.unit)
    client = signed_in(handled.handler)
    cases.apply(handled.pk, "rate", handled.applicant, {"level": 4})
    response = client.get(f"/cases/{handled.pk}/steps/reply/")
    assert response.status_code == 409
    assert handled.applicant.person.name not in response.content.decode()  # type: ignore[union-attr]


# ---- returns


def test_a_unit_returns_once_within_a_working_day(handled: Handled, time_machine: Any) -> None:
    handled.to("handling")
    time_machine.move_to("2026-11-24 17:00+08:00")
    post = post_step(signed_in(handled.handler), handled, "return_once", note="")
    assert post.status_code == 422
    handled.step("return_once", handled.handler, note="应由物业公司办理")
    case = handled.case
    assert (case.state, case.lead_unit, case.handler) == ("accepted", None, None)
    assert signed_in(handled.handler).get(f"/cases/{handled.pk}/").status_code == 404
    # The union arbitrates: back to the same unit, which has to answer now.
    handled.dispatch()
    with pytest.raises(ConditionNotMet, match="退过一次单"):
        handled.step("return_once", handled.handler, note="还是不属我们")


def test_a_return_that_comes_too_late_is_refused(handled: Handled, time_machine: Any) -> None:
    handled.to("handling")
    time_machine.move_to("2026-11-25 09:00+08:00")
    with pytest.raises(ConditionNotMet, match="1个工作日"):
        handled.step("return_once", handled.handler, note="不属我们")


# ---- replies


def test_a_reply_goes_out_after_another_reviewed_it(handled: Handled) -> None:
    handled.to("reviewing")
    sender = signed_in(handled.applicant)
    assert REPLY not in sender.get(f"/cases/{handled.pk}/").content.decode()
    assert not OpinionMessage.objects.filter(opinion=handled.pk).exists()
    with pytest.raises(NotYourTurn):
        handled.step("review_reply", handled.handler)
    page = signed_in(handled.second).get(f"/cases/{handled.pk}/steps/review_reply/")
    assert REPLY in page.content.decode()
    handled.step("review_reply", handled.second)
    assert REPLY in sender.get(f"/cases/{handled.pk}/").content.decode()
    reply = OpinionReply.objects.get(opinion=handled.pk)
    assert (reply.drafted_by, reply.approved_by) == (handled.handler, handled.second)


def test_the_union_does_not_review_its_own_reply(handled: Handled) -> None:
    handled.to("accepted")
    handled.step("reply_self", handled.office, reply=REPLY)
    with pytest.raises(MustBeAnother):
        handled.step("review_reply", handled.office)
    handled.step("send_back", handled.second, note="请写明日期")
    assert handled.case.state == "accepted"
    text = signed_in(handled.office).get(f"/cases/{handled.pk}/steps/reply_self/").content.decode()
    assert REPLY in text


def test_a_draft_that_comes_back_keeps_its_time(handled: Handled, time_machine: Any) -> None:
    handled.to("reviewing")
    clock = CaseClock.objects.get(case=handled.pk, code="reply")
    assert clock.due_on is None
    time_machine.move_to("2026-11-25 09:00+08:00")
    handled.step("send_back", handled.second, note="请写明日期")
    case = handled.case
    assert (case.state, case.lead_unit) == ("handling", handled.unit)
    # Ten working days from Monday, two of which were the reviewer's.
    assert case.due_on == datetime.date(2026, 12, 9)
    handled.step("reply", handled.handler, reply=REPLY + "十二月五日完成。")
    assert OpinionReply.objects.filter(opinion=handled.pk).count() == 1


def test_a_sender_goes_one_level_up_once(handled: Handled) -> None:
    other = make_unit(name="综合办公室")
    second = make_user("opinion_handler", unit=other)
    handled.to("answered")
    handled.step("reopen", handled.applicant, reason="窗口还是没开")
    assert handled.opinion.level == 1
    assert handled.case.lead_unit is None
    # Who answered first is not asked again, and the chair reviews.
    assert units_to_ask(handled.opinion) == [other]
    handled.dispatch(other)
    handled.step("reply", second, reply="后勤已经安排专人，明天起开放。")
    with pytest.raises(MustBeAnother, match="工会主席"):
        handled.step("review_reply", handled.second)
    handled.step("review_reply", handled.chair)
    with pytest.raises(ConditionNotMet):
        handled.step("reopen", handled.applicant, reason="再一次")
    handled.step("rate", handled.applicant, level=3)
    assert handled.case.state == "closed"
    replies = OpinionReply.objects.filter(opinion=handled.pk)
    assert list(replies.values_list("level", flat=True)) == [0, 1]


def test_four_grades_and_not_five(handled: Handled) -> None:
    handled.to("answered")
    client = signed_in(handled.applicant)
    text = client.get(f"/cases/{handled.pk}/steps/rate/").content.decode()
    assert len(re.findall(r'name="level"', text)) == 4
    assert "非常不满意" not in text
    assert post_step(client, handled, "rate", level="1").status_code == 422
    assert post_step(client, handled, "rate", level="2", words="还行").status_code == 302
    assert Rating.objects.get(case=handled.pk).level == 2


def test_without_a_rating_it_closes_after_fifteen_working_days(
    handled: Handled, time_machine: Any
) -> None:
    handled.to("answered")
    due = handled.case.due_on
    assert due == datetime.date(2026, 12, 14)
    time_machine.move_to(datetime.datetime.combine(due, datetime.time(3), datetime.UTC))
    daily()
    assert handled.case.state == "answered"
    time_machine.move_to(datetime.datetime.combine(due + ONE_DAY, datetime.time(3), datetime.UTC))
    daily()
    assert handled.case.state == "closed"
    assert not Rating.objects.filter(case=handled.pk).exists()


def test_what_is_overdue_is_supervised(handled: Handled, time_machine: Any) -> None:
    handled.to("handling")
    assert handled.case.due_on == datetime.date(2026, 12, 7)
    time_machine.move_to("2026-12-08 09:00+08:00")
    daily()
    raised = Supervision.objects.filter(clock__case=handled.pk, level=SupervisionLevel.OVERDUE)
    assert raised.exists()
    for user in (handled.handler, handled.chair):
        assert Message.objects.filter(user=user, code="case-reminder").exists()
    assert handled.case.number in (
        signed_in(handled.chair).get("/cases/supervision/").content.decode()
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [("", 422), ("\u200b" * 40, 422), ("好", 422), ("改" * 5_001, 422), ("👷" * 12, 302)],
)
def test_a_reply_is_words_that_can_be_seen(handled: Handled, words: str, status: int) -> None:
    handled.to("handling")
    answer = post_step(signed_in(handled.handler), handled, "reply", reply=words)
    assert answer.status_code == status
    if status == 422 and words.strip():
        assert words in answer.content.decode()


# ---- matters of branches


def test_a_branch_raises_a_matter_with_the_same_limits(handled: Handled) -> None:
    branch = make_branch("综采一队党支部")
    secretary = make_user("branch_secretary", unit=branch)
    client = signed_in(secretary)
    address = "/participation/handling/matters/new/"
    make_box()
    text = client.get(address).content.decode()
    key = re.findall(r'name="key" value="([^"]+)"', text)[0]
    values = {
        "key": key,
        "branch": str(branch.pk),
        "category": str(handled_category("conditions")),
        "text": "职工书屋的空调坏了三周，请集团安排维修。",
    }
    assert client.post(address, {**values, "text": "短"}).status_code == 422
    other = make_branch("机电队党支部")
    assert client.post(address, {**values, "branch": str(other.pk)}).status_code == 422
    first = client.post(address, values)
    assert first.status_code == 302
    assert client.post(address, values)["Location"] == first["Location"]
    case = Case.objects.get(flow=FLOW)
    assert (case.state, case.opinion.raised_by) == ("received", branch)
    assert case.due_on == datetime.date(2026, 11, 25)
    page = signed_in(handled.office).get(f"/cases/{case.pk}/").content.decode()
    assert "综采一队党支部" in page
    assert client.get(f"/cases/{case.pk}/").status_code == 200


def handled_category(code: str) -> int:
    from tests.factories.opinions import category

    return category(code).pk


def test_the_asked_unit_writes_to_no_sender_beside_its_reviewed_reply() -> None:
    handled = make_handled()
    handled.to("handling")
    assert not writes_to_sender(handled.handler, handled.case)
    with pytest.raises(NotYourTurn):
        write_as_staff(handled.pk, handled.handler, "请问是哪一天？")
    write_as_staff(handled.pk, handled.office, "请问是哪一天？")
    assert [message.body for message in handled.opinion.messages.all()] == ["请问是哪一天？"]
