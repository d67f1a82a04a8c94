"""One form a step: what will happen, once however often it is sent, nothing typed is lost."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from portal.cases.models import CaseEvent, Rating
from tests.factories.cases import DECIDER, Matter
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(matter: Matter, code: str) -> str:
    return f"/cases/{matter.pk}/steps/{code}/"


def hidden(response: Any) -> dict[str, str]:
    return {
        name: re.findall(rf'name="{name}" value="([^"]+)"', response.content.decode())[0]
        for name in ("seen", "key")
    }


def test_the_form_says_what_will_happen_and_the_step_is_taken(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.clerk)
    form = client.get(address(matter, "pass_on"))
    text = form.content.decode()
    assert form.status_code == 200
    assert "待审批" in text
    response = client.post(
        address(matter, "pass_on"), {**hidden(form), "note": "核对无误"}, follow=True
    )
    assert response.redirect_chain == [(f"/cases/{matter.pk}/", 302)]
    assert "“报领导审批”已办好。" in response.content.decode()
    event = CaseEvent.objects.filter(case=matter.pk).latest("sequence")
    assert (event.transition, event.note_internal, event.actor) == (
        "pass_on",
        "核对无误",
        matter.clerk,
    )


def test_sent_twice_it_is_taken_once(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.clerk)
    sent = {**hidden(client.get(address(matter, "pass_on"))), "note": ""}
    assert client.post(address(matter, "pass_on"), sent).status_code == 302
    assert client.post(address(matter, "pass_on"), sent).status_code == 302
    assert CaseEvent.objects.filter(case=matter.pk, transition="pass_on").count() == 1


def test_somebody_else_first_is_said_and_what_was_typed_stays(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.clerk)
    sent = {**hidden(client.get(address(matter, "ask"))), "reason": "缺租房合同", "note": "急"}
    matter.step("pass_on", make_user("veterans_officer"))
    response = client.post(address(matter, "ask"), sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert "报领导审批" in text
    assert "缺租房合同" in text
    assert "急" in text
    # It is still possible from where the case stands now: with a second look it goes through.
    again = {**sent, **hidden(response)}
    assert client.post(address(matter, "ask"), again).status_code == 302


def test_a_step_that_is_gone_leaves_the_words_but_no_button(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.clerk)
    sent = {**hidden(client.get(address(matter, "pass_on"))), "note": "已核对"}
    matter.step("withdraw", matter.applicant)
    response = client.post(address(matter, "pass_on"), sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert "已核对" in text
    assert "这一步现在不能办了" in text
    assert '<button class="button">报领导审批' not in text


def test_without_a_reason_nothing_is_done_against_the_applicant(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.decider)
    form = client.get(address(matter, "refuse"))
    response = client.post(address(matter, "refuse"), {**hidden(form), "note": "内部意见"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "请写明原因。" in text
    assert "内部意见" in text
    assert hidden(response) == hidden(form)
    assert matter.case.state == "submitted"


def test_a_condition_that_does_not_hold_is_422_and_a_stranger_403() -> None:
    matter = Matter(item="午休")
    matter.to("submitted")
    client = signed_in(matter.clerk)
    assert client.get(address(matter, "pass_on")).status_code == 422
    sent = {"seen": matter.case.sequence, "key": uuid.uuid4(), "note": "你好"}
    response = client.post(address(matter, "pass_on"), sent)
    assert response.status_code == 422
    assert "请先等午休结束。" in response.content.decode()
    assert "你好" in response.content.decode()
    other = signed_in(matter.decider)
    assert other.get(address(matter, "pass_on")).status_code == 403
    assert other.post(address(matter, "pass_on"), sent).status_code == 403
    assert (
        signed_in(make_user("employee")).post(address(matter, "pass_on"), sent).status_code == 404
    )
    assert client.get(address(matter, "nothing")).status_code == 404


def test_four_eyes_hold_on_the_page_too(matter: Matter) -> None:
    from tests.factories.roles import make_assignment

    matter.to("submitted")
    assert matter.clerk.person is not None
    make_assignment(matter.clerk.person, DECIDER)
    matter.step("pass_on", matter.clerk)
    response = signed_in(matter.clerk).get(address(matter, "decide"))
    assert response.status_code == 403
    assert "前面的一步是您办理的" in response.content.decode()


@pytest.mark.parametrize("broken", [{}, {"seen": "x", "key": "y"}, {"seen": "1"}, {"key": "\x00"}])
def test_a_form_without_its_hidden_fields_is_asked_for_again(
    matter: Matter, broken: dict[str, str]
) -> None:
    matter.to("submitted")
    response = signed_in(matter.clerk).post(address(matter, "pass_on"), {**broken, "note": "在"})
    assert response.status_code == 409
    assert "页面已过期" in response.content.decode()
    assert "在" in response.content.decode()
    assert matter.case.state == "submitted"


def test_the_applicant_withdraws_after_a_question(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.applicant)
    form = client.get(address(matter, "withdraw"))
    text = form.content.decode()
    assert "确定要“撤回申请”吗？" in text
    assert "内部备注" not in text
    assert "计时" not in text
    assert client.post(address(matter, "withdraw"), hidden(form)).status_code == 302
    assert matter.case.state == "withdrawn"


def test_the_applicant_rates_with_five_levels(matter: Matter) -> None:
    matter.to("told")
    client = signed_in(matter.applicant)
    form = client.get(address(matter, "rate"))
    assert form.content.decode().count('type="radio"') == 5
    nothing = client.post(address(matter, "rate"), {**hidden(form), "words": "谢谢"})
    assert nothing.status_code == 422
    assert "请从五个选项中选一个。" in nothing.content.decode()
    assert "谢谢" in nothing.content.decode()
    sent = {**hidden(form), "level": "4", "words": "谢谢"}
    assert client.post(address(matter, "rate"), sent).status_code == 302
    assert Rating.objects.get(case=matter.pk).level == 4
    assert matter.case.state == "closed"
