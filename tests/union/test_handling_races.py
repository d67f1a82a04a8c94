"""Two who act on an opinion in the same moment: one wins, the other is told."""

from __future__ import annotations

from typing import Any

import pytest

from portal.cases import services as cases
from portal.cases.refusals import AlreadyMoved
from portal.organizations.models import Unit
from portal.refusals import ChangedMeanwhile, Refusal
from tests.factories.opinions import REPLY, Handled
from tests.factories.organizations import make_unit
from tests.factories.people import make_user
from tests.infrastructure.at_once import together
from union.models import DisclosureQuestion, OpinionHelp, OpinionReply, PublicReplyPage
from union.openness.public_replies import write_public_reply
from union.opinions.helping import contribute

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def today(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    """A Monday without holidays near it."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


def refused(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception)]


def test_of_two_handlers_who_reply_one_wins() -> None:
    handled = Handled()
    handled.to("handling")
    other = make_user("opinion_handler", unit=handled.unit)
    results = together(
        lambda: handled.step("reply", handled.handler, reply=REPLY),
        lambda: handled.step("reply", other, reply=REPLY + "另一位"),
    )
    assert [type(one) for one in refused(results)] == [AlreadyMoved], results
    reply = OpinionReply.objects.get(opinion=handled.pk)
    event = handled.case.events.get(transition="reply")
    assert reply.drafted_by == event.actor


def test_an_opinion_is_passed_on_to_one_unit() -> None:
    handled = Handled()
    handled.to("accepted")
    other: Unit = make_unit(name="综合办公室")
    make_user("opinion_handler", unit=other)

    def to(unit: Unit, user: Any) -> Any:
        return cases.apply(handled.pk, "dispatch", user, {"lead_unit": unit, "helpers": []})

    results = together(lambda: to(handled.unit, handled.office), lambda: to(other, handled.second))
    assert len(refused(results)) == 1, results
    event = handled.case.events.get(transition="dispatch")
    assert handled.case.lead_unit_id == event.data["lead_unit"]


def test_a_reply_is_sent_or_sent_back_and_not_both() -> None:
    handled = Handled()
    handled.to("reviewing")
    results = together(
        lambda: handled.step("review_reply", handled.second),
        lambda: handled.step("send_back", handled.chair, note="请写明日期"),
    )
    assert len(refused(results)) == 1, results
    reply = OpinionReply.objects.get(opinion=handled.pk)
    assert (reply.sent_on is not None) is (handled.case.state == "answered")
    assert handled.opinion.messages.count() == (reply.sent_on is not None)


def test_a_unit_contributes_once() -> None:
    handled = Handled()
    handled.to("accepted")
    helping = make_unit(name="财务部")
    first, second = (make_user("opinion_handler", unit=helping) for _number in range(2))
    handled.dispatch(helpers=[helping], question="费用从哪里出？")
    asked = OpinionHelp.objects.get()
    results = together(
        lambda: contribute(asked.pk, first, "福利费。"),
        lambda: contribute(asked.pk, second, "工会经费。"),
    )
    assert [type(one) for one in refused(results)] == [ChangedMeanwhile], results
    asked.refresh_from_db()
    winner = next(one for one in results if not isinstance(one, Exception))
    assert (asked.answer, asked.answered_by) == (winner.answer, winner.answered_by)


def test_a_public_reply_is_written_once() -> None:
    handled = Handled()
    handled.to("closed")
    values = {"title": "热餐", "question": "只有冷饭。", "answer": "延长了。", "improvement": ""}
    results = together(
        lambda: write_public_reply(handled.pk, handled.office, values),
        lambda: write_public_reply(handled.pk, handled.second, values),
    )
    assert len(refused(results)) == 1, results
    assert all(isinstance(one, Refusal) for one in refused(results)), results
    assert PublicReplyPage.objects.count() == 1


def test_an_answer_that_changes_is_not_released_unread() -> None:
    from tests.union.test_openness import make_disclosure
    from union.openness import questions

    page = make_disclosure()
    asker, office, other = (make_user(code) for code in ("employee", "union_staff", "union_staff"))
    question = questions.ask(page, asker, "标准是多少？")
    questions.draft_answer(question.pk, office, "每餐八十元。")
    together(
        lambda: questions.release_answer(question.pk, other, "每餐八十元。"),
        lambda: questions.draft_answer(question.pk, office, "每餐九十元。"),
    )
    now = DisclosureQuestion.objects.get(pk=question.pk)
    assert now.answer == ("每餐八十元。" if now.released_on else "每餐九十元。")
