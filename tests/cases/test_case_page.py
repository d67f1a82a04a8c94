"""One address for both readers: where it stands, what can be done, for whom it exists at all."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from portal.cases import services
from portal.notifications.models import Message
from tests.factories.cases import CLERK, DECIDER, Matter
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

KEY = "6f1e1e1c-8f43-4b3b-9d0e-2d6a3a0f7b11"


def fresh() -> dict[str, str]:
    """Return the key of a form that was opened anew."""
    return {"key": str(uuid.uuid4())}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: Any, matter: Matter) -> Any:
    return signed_in(user).get(f"/cases/{matter.pk}/")


def steps_on(response: Any, matter: Matter) -> set[str]:
    return set(re.findall(rf"/cases/{matter.pk}/steps/([a-z_]+)/", response.content.decode()))


def words_of(response: Any) -> str:
    text = strip_tags(response.content.decode())
    return re.sub(r"\s+", "", text)


def test_the_applicant_reads_whose_turn_it_is_and_until_when(matter: Matter) -> None:
    matter.to("submitted")
    response = page(matter.applicant, matter)
    assert response.status_code == 200
    text = words_of(response)
    assert "现在轮到：服务站受理" in text
    assert "您不用做什么，请等通知。" in text
    assert "最晚2026年12月7日" in text
    assert "还有10个工作日" in text
    assert 'href="tel:0350-1234567"' in response.content.decode()
    assert "CS-2026-0000001" in text
    assert steps_on(response, matter) == {"withdraw"}


def test_the_time_line_tells_the_correction_with_its_reason(
    matter: Matter, time_machine: Any
) -> None:
    matter.to("submitted")
    time_machine.move_to("2026-11-25 09:00+08:00")
    matter.step("ask", matter.clerk, reason="缺身份证复印件", note="电话没人接")
    time_machine.move_to("2026-11-27 09:00+08:00")
    response = page(matter.applicant, matter)
    text = words_of(response)
    assert "现在轮到：您" in text
    assert "11月25日退回补正" in text
    assert "缺身份证复印件" in text
    assert "电话没人接" not in text
    assert "我们的办理时间暂停计算。" in text
    assert steps_on(response, matter) == {"correct", "withdraw"}
    matter.step("correct", matter.applicant)
    text = words_of(page(matter.applicant, matter))
    assert "11月27日材料补齐" in text
    assert "现在轮到：服务站受理" in text
    # Wednesday to Friday stood still, so the last day moved from the 7th to the 9th.
    assert "最晚2026年12月9日" in text


def test_late_paused_and_without_a_limit_are_said_in_words(
    matter: Matter, time_machine: Any
) -> None:
    matter.to("submitted")
    time_machine.move_to("2026-12-07 09:00+08:00")
    assert "今天是最后一天。" in words_of(page(matter.applicant, matter))
    time_machine.move_to("2026-12-09 09:00+08:00")
    late = words_of(page(matter.applicant, matter))
    assert "已超期2个工作日。" in late
    assert "超期" in late
    matter.step("withdraw", matter.applicant)
    ended = words_of(page(matter.applicant, matter))
    assert "已撤回" in ended
    assert "申请已撤回。" in ended
    assert "现在轮到" not in ended
    assert "最晚" not in ended


def test_a_correction_nobody_needed_is_no_step_of_the_time_line(matter: Matter) -> None:
    matter.to("decided")
    text = words_of(page(matter.applicant, matter))
    assert "补正材料" not in text
    stages = page(matter.applicant, matter).context["stages"]
    assert [(stage.name, stage.standing) for stage in stages] == [
        ("提交", "done"),
        ("受理", "done"),
        ("审批", "now"),
        ("告知结果", "ahead"),
    ]


def test_the_office_reads_everything_and_gets_its_own_buttons(matter: Matter) -> None:
    matter.to("submitted")
    response = page(matter.clerk, matter)
    assert response.status_code == 200
    assert steps_on(response, matter) == {"ask", "pass_on"}
    text = words_of(response)
    assert "欧阳明远" in text
    assert "答复期限" in text
    assert "测试办法第三条" in text
    matter.step("ask", matter.clerk, reason="缺材料", note="已电话说明")
    text = words_of(page(matter.clerk, matter))
    assert "已电话说明" in text
    assert "暂停" in text
    assert steps_on(page(matter.decider, matter), matter) == set()


def test_what_is_not_possible_now_is_said_with_its_reason() -> None:
    matter = Matter(item="午休")
    matter.to("submitted")
    response = page(matter.clerk, matter)
    assert steps_on(response, matter) == {"ask"}
    assert "请先等午休结束。" in words_of(response)


def test_whoever_may_not_read_gets_404(matter: Matter) -> None:
    stranger = make_user("employee")
    assert page(matter.clerk, matter).status_code == 404
    assert page(stranger, matter).status_code == 404
    matter.to("submitted")
    assert page(matter.clerk, matter).status_code == 200
    for user in (stranger, make_user("party_staff"), make_user("archivist")):
        assert page(user, matter).status_code == 404
    assert page(make_user("discipline_auditor"), matter).status_code == 200
    assert Client().get(f"/cases/{matter.pk}/").status_code == 302


def test_a_draft_leads_to_where_it_is_continued(matter: Matter) -> None:
    response = page(matter.applicant, matter)
    assert response.status_code == 302
    assert response["Location"] == f"/drafts/{matter.pk}/"


def test_a_member_of_the_office_reads_an_own_case_as_applicant(matter: Matter) -> None:
    case = matter.to("submitted")
    case.beneficiary = matter.clerk.person
    case.save()
    response = page(matter.clerk, matter)
    assert steps_on(response, matter) == {"withdraw"}
    for name in ("take", "hand-over", "stand-aside", "extend"):
        assert signed_in(matter.clerk).post(f"/cases/{matter.pk}/{name}/").status_code == 404


def test_take_hand_over_and_stand_aside(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.clerk)
    colleague = make_user(CLERK)
    assert client.post(f"/cases/{matter.pk}/take/").status_code == 409, "a page without a key"
    taken = {"key": KEY}
    assert client.post(f"/cases/{matter.pk}/take/", taken).status_code == 302
    assert client.post(f"/cases/{matter.pk}/take/", taken).status_code == 302
    assert matter.case.events.filter(transition="assign").count() == 1, "sent twice"
    assert matter.case.handler == matter.clerk
    assert str(matter.clerk) in words_of(page(colleague, matter))
    form = client.get(f"/cases/{matter.pk}/hand-over/")
    assert form.status_code == 200
    assert str(colleague) in form.content.decode()
    assert str(matter.decider) not in form.content.decode()
    empty = client.post(
        f"/cases/{matter.pk}/hand-over/", {**fresh(), "handler": "", "note": "请接手"}
    )
    assert empty.status_code == 422
    assert "请接手" in empty.content.decode()
    done = client.post(
        f"/cases/{matter.pk}/hand-over/", {**fresh(), "handler": colleague.pk, "note": "请接手"}
    )
    assert done.status_code == 302
    assert matter.case.handler == colleague
    assert client.get(f"/cases/{matter.pk}/hand-over/").status_code == 403
    other = signed_in(colleague)
    aside = f"/cases/{matter.pk}/stand-aside/"
    assert other.post(aside, {**fresh(), "reason": ""}).status_code == 422
    sent = {**fresh(), "reason": "邻居"}
    assert other.post(aside, sent).status_code == 302
    assert other.post(aside, sent).status_code == 302
    assert matter.case.events.filter(transition="recuse").count() == 1
    assert matter.case.handler is None
    assert steps_on(page(colleague, matter), matter) == set()
    assert other.post(f"/cases/{matter.pk}/take/", fresh()).status_code == 403


def test_an_order_is_answered_by_those_in_charge(matter: Matter, time_machine: Any) -> None:
    from portal.cases import supervision
    from portal.cases.models import Supervision

    matter.to("submitted")
    time_machine.move_to("2026-12-15 09:00+08:00")
    supervision.daily()
    order = Supervision.objects.get(level="ordered")
    assert f"/cases/supervision/{order.pk}/answer/" in page(matter.clerk, matter).content.decode()
    client = signed_in(matter.clerk)
    address = f"/cases/supervision/{order.pk}/answer/"
    auditor = signed_in(make_user("discipline_auditor"))
    assert auditor.get(address).status_code == 422
    assert auditor.get("/cases/supervision/?list=orders").status_code == 200
    assert signed_in(matter.applicant).get(address).status_code == 404
    assert client.get(address).status_code == 200
    assert client.post(address, {"words": ""}).status_code == 422
    assert client.post(address, {"words": "档案在外地，本周办完"}).status_code == 302
    assert matter.case.events.filter(transition="answer-order", actor=matter.clerk).exists()
    assert Message.objects.filter(user=matter.decider, code="case-order-answered").exists()
    assert "本周办完" in words_of(auditor.get("/cases/supervision/?list=orders"))
    assert client.post(address, {"words": "再答"}).status_code == 409


@pytest.mark.parametrize("code", [CLERK, DECIDER])
def test_kin_of_the_applicant_read_but_do_nothing(matter: Matter, code: str) -> None:
    from portal.cases.models import Kinship

    matter.to("submitted")
    user = matter.clerk if code == CLERK else matter.decider
    Kinship.objects.create(
        person_id=user.person_id or 0, relative_id=matter.applicant.person_id or 0, kind="sibling"
    )
    response = page(user, matter)
    assert steps_on(response, matter) == set()
    with pytest.raises(services.Recused):
        services.check(matter.case, "pass_on" if code == CLERK else "refuse", user)
