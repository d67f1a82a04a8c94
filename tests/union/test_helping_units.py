"""Units that help with an opinion: what they contribute, who reads it, being asked again."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.refusals import ChangedMeanwhile, Refusal
from tests.factories.opinions import TEXT, Handled, post_step
from tests.factories.organizations import make_unit
from tests.factories.people import make_user
from tests.union.test_handling import handled, monday, signed_in
from union.models import OpinionHelp, OpinionMode
from union.opinions.case_file import case_file, case_parts
from union.opinions.helping import contribute

__all__ = ["handled", "monday"]  # fixtures

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ONE_DAY = datetime.timedelta(days=1)


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
