"""What is done beside the flow: more time by approval, who left, keys, words for the applicant."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from portal.cases import beside, services
from portal.cases.models import Case, ExtensionRequest
from portal.cases.refusals import AlreadyMoved
from portal.notifications.models import Message, Outbox
from tests.cases.test_case_page import KEY, fresh, page, signed_in, words_of
from tests.factories.cases import CLERK, DECIDER, FLOW, Matter
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_more_time_is_asked_for_and_granted_by_a_leader(matter: Matter, settings: Any) -> None:
    settings.NOTIFICATION_CHANNELS = ["in-site", "email", "sms"]
    matter.applicant.email = "family@example.org"
    matter.applicant.save()
    matter.to("submitted")
    client, address = signed_in(matter.clerk), f"/cases/{matter.pk}/extend/"
    asked = words_of(client.get(address))
    assert "测试办法第四条" in asked
    assert "延长5个工作日" in asked
    assert client.post(address, {**fresh(), "reason": ""}).status_code == 422
    sent = {**fresh(), "reason": "需要核对档案"}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 302, "sent twice"
    assert ExtensionRequest.objects.count() == 1
    assert matter.case.due_on == datetime.date(2026, 12, 7), "nothing is longer yet"
    assert "需要核对档案" not in words_of(page(matter.applicant, matter))
    assert client.get(f"{address}decide/").status_code == 403

    leader = signed_in(matter.decider)
    assert "需要核对档案" in words_of(page(matter.decider, matter))
    assert "有延期申请待审批" in words_of(leader.get("/workspace/"))
    refused = leader.post(f"{address}decide/", {**fresh(), "granted": "no", "answer": ""})
    assert refused.status_code == 422
    decided = {**fresh(), "granted": "yes", "answer": "同意"}
    assert leader.post(f"{address}decide/", decided).status_code == 302
    assert leader.post(f"{address}decide/", decided).status_code == 302
    text = words_of(page(matter.applicant, matter))
    assert "最晚2026年12月14日" in text
    assert "需要核对档案" in text
    assert Message.objects.filter(user=matter.clerk, code="case-extension-decided").exists()
    mail = Outbox.objects.get(code="case-extended", channel="email")
    assert matter.case.number not in " ".join(mail.shown_words())
    assert client.post(address, {**fresh(), "reason": "再来"}).status_code == 422


def test_a_leader_who_asks_does_not_decide_and_others_may_refuse(matter: Matter) -> None:
    matter.to("decided")
    other = make_user(DECIDER)
    address = f"/cases/{matter.pk}/extend/"
    asking = signed_in(matter.decider)
    assert asking.post(address, {**fresh(), "reason": "等批复"}).status_code == 302
    assert asking.get(f"{address}decide/").status_code == 403
    refusing = signed_in(other)
    answer = {**fresh(), "granted": "no", "answer": "本周可以办完"}
    assert refusing.post(f"{address}decide/", answer).status_code == 302
    assert matter.case.due_on == datetime.date(2026, 12, 7)
    assert refusing.get(f"{address}decide/").status_code == 409
    assert "本周可以办完" in words_of(page(matter.decider, matter))
    assert "本周可以办完" not in words_of(page(matter.applicant, matter))


def test_nobody_asks_for_time_that_is_over(matter: Matter, time_machine: Any) -> None:
    matter.to("submitted")
    time_machine.move_to("2026-12-08 09:00+08:00")
    address = f"/cases/{matter.pk}/extend/"
    sent = signed_in(matter.clerk).post(address, {**fresh(), "reason": "迟了"})
    assert sent.status_code == 422


# ---- who left


def test_the_case_of_who_left_is_everybodys_again_and_a_leader_reassigns(
    matter: Matter,
) -> None:
    matter.to("submitted")
    colleague, third = make_user(CLERK), make_user(CLERK)
    beside.assign(matter.pk, matter.clerk, matter.clerk)
    assert matter.case not in Case.objects.waiting_for(colleague)
    matter.clerk.is_active = False
    matter.clerk.save()
    assert matter.case in Case.objects.waiting_for(colleague)
    assert str(matter.clerk) in words_of(page(colleague, matter))
    beside.assign(matter.pk, colleague, colleague)
    assert matter.case not in Case.objects.waiting_for(third)
    assert colleague.person is not None
    # Without the role: the same.
    colleague.person.roles.all().delete()
    assert matter.case in Case.objects.waiting_for(third)
    beside.assign(matter.pk, third, third)
    fourth = make_user(CLERK)
    leader = signed_in(matter.decider)
    address = f"/cases/{matter.pk}/hand-over/"
    assert leader.get(address).status_code == 200
    sent = leader.post(address, {**fresh(), "handler": fourth.pk, "note": "请接手"})
    assert sent.status_code == 302
    assert matter.case.handler == fourth


# ---- what an applicant is told


def test_an_applicant_who_comes_late_reads_public_words_only(matter: Matter) -> None:
    matter.to("submitted")
    client = signed_in(matter.applicant)
    form = {"seen": "1", "key": KEY}
    second = make_user(CLERK)
    beside.recuse(matter.pk, matter.clerk, "申请人是我妻弟")
    beside.assign(matter.pk, second, second)
    done = client.post(f"/cases/{matter.pk}/steps/withdraw/", form)
    assert done.status_code == 302, "what the office does beside the table refuses nobody"
    late = words_of(client.post(f"/cases/{matter.pk}/steps/withdraw/", {**form, **fresh()}))
    assert "2026年11月23日" in late
    assert "您撤回了申请。" in late
    for name in (matter.clerk, second):
        assert str(name) not in late
    assert "回避" not in late


def test_a_key_serves_one_step_of_one_account(matter: Matter) -> None:
    matter.to("submitted")
    sent = {"seen": "1", "key": KEY}
    passed = signed_in(matter.clerk).post(f"/cases/{matter.pk}/steps/pass_on/", sent)
    assert passed.status_code == 302
    other = signed_in(matter.decider)
    answer = other.post(f"/cases/{matter.pk}/steps/decide/", {**sent, "seen": "2"})
    assert answer.status_code == 409
    assert matter.case.state == "decided"


def test_a_new_code_is_an_event_and_told(matter: Matter) -> None:
    matter.to("submitted")
    assert signed_in(matter.applicant).post(f"/cases/{matter.pk}/code/").status_code == 200
    event = matter.case.events.get(transition="new-code")
    assert (event.actor, event.party) == (matter.applicant, "applicant")
    assert Message.objects.filter(user=matter.applicant, code="case-new-code").count() == 1


def test_a_correction_waits_among_the_tasks_of_its_applicant(time_machine: Any) -> None:
    from tests.factories.support import make_journey

    journey = make_journey()
    journey.to("submitted")
    client = signed_in(journey.applicant)
    assert "等我办理的申请" not in words_of(client.get("/workspace/"))
    journey.ask_for_correction()
    text = words_of(client.get("/workspace/"))
    assert "等我办理的申请" in text
    assert journey.case.number in text


def test_a_draft_that_was_handed_in_meanwhile_is_not_deleted(matter: Matter) -> None:
    draft = matter.case
    matter.to("submitted")
    with pytest.raises(AlreadyMoved):
        services.delete_draft(draft, matter.applicant)
    assert matter.case.state == "submitted"
    gone = services.open_draft(
        FLOW, item="测试", unit=matter.case.unit, applicant=matter.applicant.person
    )
    services.delete_draft(Case.objects.get(pk=gone.pk), matter.applicant)
    with pytest.raises(AlreadyMoved):
        services.delete_draft(gone, matter.applicant)
