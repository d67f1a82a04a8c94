"""Opinions in the office: routes, replies, contributions, limits, matters of branches."""

from __future__ import annotations

import datetime
import io
import logging
import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from portal.cases import services as cases
from portal.cases.listing import supervised_cases
from portal.cases.models import Case, CaseClock, Rating, Supervision, SupervisionLevel
from portal.cases.refusals import ConditionNotMet, MustBeAnother, NotYourTurn, Recused
from portal.cases.supervision import daily
from portal.notifications.models import Message
from portal.refusals import ChangedMeanwhile, NotPossible, Refusal
from portal.roles.table import ROLES
from tests.factories.opinions import REPLY, TEXT, Handled, make_box, make_handled
from tests.factories.organizations import make_branch, make_unit
from tests.factories.people import make_person, make_user
from union.models import OpinionHelp, OpinionLimit, OpinionMessage, OpinionMode, OpinionReply
from union.opinions import limit_rows, limits
from union.opinions.case_file import case_file, case_parts
from union.opinions.dialogue import write_as_staff, writes_to_sender
from union.opinions.flow import FLOW, INTEGRITY_FLOW
from union.opinions.helping import contribute
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


def post_step(client: Client, handled: Handled, step: str, **values: Any) -> Any:
    address = f"/cases/{handled.pk}/steps/{step}/"
    text = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(seen|key)" value="([^"]+)"', text))
    return client.post(address, {**hidden, **values})


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


# ---- helping units


def test_a_helping_unit_contributes_and_the_lead_reads_it(handled: Handled) -> None:
    helping, stranger = make_unit(name="财务部"), make_unit(name="物资部")
    helper = make_user("opinion_handler", unit=helping)
    other = make_user("opinion_handler", unit=stranger)
    handled.mode = OpinionMode.NAME_HIDDEN
    handled.to("accepted")
    answer = post_step(
        signed_in(handled.office),
        handled,
        "dispatch",
        lead_unit=str(handled.unit.pk),
        helpers=[str(helping.pk)],
        question="",
    )
    assert answer.status_code == 422
    handled.dispatch(helpers=[helping], question="热餐补贴的钱从哪里出？")
    asked = OpinionHelp.objects.get(opinion=handled.pk)
    assert asked.due_on == datetime.date(2026, 11, 30)
    address = f"/participation/handling/help/{asked.pk}/"
    client = signed_in(helper)
    text = client.get(address).content.decode()
    assert TEXT in text
    assert handled.applicant.person.name not in text  # type: ignore[union-attr]
    assert signed_in(other).get(address).status_code == 404
    assert signed_in(handled.applicant).get(address).status_code == 404
    assert client.get(f"/cases/{handled.pk}/").status_code == 404
    assert "请我们协办" in client.get("/participation/handling/help/").content.decode()
    assert client.post(address, {"answer": " "}).status_code == 422
    assert client.post(address, {"answer": "从福利费列支。"}).status_code == 302
    with pytest.raises(ChangedMeanwhile):
        contribute(asked.pk, helper, "再来一次")
    with pytest.raises(Refusal):
        contribute(asked.pk, other, "不该我写")
    assert (
        "从福利费列支。" in signed_in(handled.handler).get(f"/cases/{handled.pk}/").content.decode()
    )
    sender = signed_in(handled.applicant).get(f"/cases/{handled.pk}/").content.decode()
    assert "从福利费列支。" not in sender


def test_a_unit_that_is_asked_again_answers_anew_and_its_first_words_stay(handled: Handled) -> None:
    helping = make_unit(name="财务部")
    helper = make_user("opinion_handler", unit=helping)
    handled.to("accepted")
    handled.dispatch(helpers=[helping], question="补贴的钱从哪里出？")
    contribute(OpinionHelp.objects.get(opinion=handled.pk).pk, helper, "从福利费列支。")
    handled.step("return_once", handled.handler, note="应由财务部主办")
    handled.dispatch(helpers=[helping], question="能不能改从工会经费列支？")
    rows = OpinionHelp.objects.filter(opinion=handled.pk).order_by("pk")
    assert [(row.question, row.answer) for row in rows] == [
        ("补贴的钱从哪里出？", "从福利费列支。"),
        ("能不能改从工会经费列支？", ""),
    ]
    content = case_file(handled.case, [])
    assert [row[2:] for row in content["help"]] == [
        ["补贴的钱从哪里出？", "从福利费列支。"],
        ["能不能改从工会经费列支？", ""],
    ]
    (part,) = [one for one in case_parts(content) if one.key == "help"]
    assert "从福利费列支。" in part.text
    assert "（未答复）" in part.text


def test_lists_of_contributions_cost_the_same_at_5_and_15(handled: Handled) -> None:
    helping = make_unit(name="财务部")
    client = signed_in(make_user("opinion_handler", unit=helping))

    def ask(count: int) -> int:
        for _ in range(count):
            one = Handled(
                applicant=handled.applicant,
                office=handled.office,
                second=handled.second,
                chair=handled.chair,
                unit=handled.unit,
            )
            one.to("accepted")
            one.dispatch(helpers=[helping], question="请说明")
        client.get("/participation/handling/help/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/participation/handling/help/").status_code == 200
        return len(queries)

    assert ask(3) == ask(5)


# ---- limits


def test_limits_are_rows_that_begin_tomorrow(handled: Handled) -> None:
    today = datetime.date(2026, 11, 23)
    with pytest.raises(NotPossible, match="明天"):
        limit_rows.announce(handled.office, limits.REPLY, 5, "试行", today)
    with pytest.raises(NotPossible, match="工会"):
        limit_rows.announce(handled.handler, limits.REPLY, 5, "试行", today + ONE_DAY)
    # Sixty calendar days by law; forty-four working days are more.
    with pytest.raises(NotPossible, match="信访工作条例"):
        limit_rows.announce(handled.office, limits.REPLY, 44, "试行", today + ONE_DAY)
    limit_rows.announce(handled.office, limits.REPLY, 5, "工会第三次会议", today + ONE_DAY)
    assert limits.limit(limits.REPLY, today).days == 10
    assert limits.limit(limits.REPLY, today + ONE_DAY).days == 5
    with pytest.raises(NotPossible, match="公布过"):
        limit_rows.announce(handled.office, limits.REPLY, 6, "试行", today + ONE_DAY)


def test_a_running_clock_keeps_its_days(handled: Handled, time_machine: Any) -> None:
    handled.to("handling")
    OpinionLimit.objects.create(
        code="reply", days=3, kind="working", clause="试行", effective_from="2026-11-24"
    )
    time_machine.move_to("2026-11-24 09:00+08:00")
    assert CaseClock.objects.get(case=handled.pk, code="reply").days == 10
    later = Handled()
    later.to("handling")
    clock = CaseClock.objects.get(case=later.pk, code="reply")
    assert (clock.days, later.case.due_on) == (3, datetime.date(2026, 11, 27))
    assert "试行" in signed_in(handled.office).get(f"/cases/{later.pk}/").content.decode()


@pytest.mark.parametrize("code", sorted(ROLES))
def test_office_pages_are_open_to_these_roles(code: str) -> None:
    client = signed_in(make_user(code))
    base = "/participation/handling/"
    union = 200 if code in ("union_staff", "union_chair") else 403
    for page in ("limits/", "figures/", "figures/sheet/"):
        assert client.get(base + page).status_code == union, page
    assert client.get(base + "help/").status_code == (200 if code == "opinion_handler" else 403)
    branch = code in ("branch_secretary", "organization_member")
    assert client.get(base + "matters/new/").status_code == (200 if branch else 403)
    questions = "/participation/open-management/questions/"
    answering = code in ("union_staff", "opinion_handler")
    assert client.get(questions).status_code == (200 if answering else 403)


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
