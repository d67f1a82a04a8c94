"""What clerks write down for others."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.cases.models import Case
from tests.factories.opinions import category, make_box
from tests.factories.organizations import company
from tests.factories.people import make_person, make_user
from tests.factories.unsigned import form_values, send
from union.models import FaceToFaceDay, FeedbackBoxPage, Opinion, QuarantinedItem
from union.opinions import release

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def world(db: None, time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.OPINION_PER_COMPUTER = 100
    time_machine.move_to("2026-11-23 10:31+08:00")
    company()


@pytest.fixture
def box() -> FeedbackBoxPage:
    return make_box()


@pytest.fixture
def clerk(client: Client) -> Any:
    user = make_user("union_staff")
    client.force_login(user)
    return user


def values(**more: Any) -> dict[str, Any]:
    return {
        "channel": "paper",
        "received_on": "2026-11-20",
        "mode": "anonymous",
        "employee_number": "",
        "category": category().pk,
        "text": "意见箱里的纸条：食堂希望多一个清真窗口。",
        "key": uuid.uuid4(),
        **more,
    }


def enter(client: Client, box: FeedbackBoxPage, **more: Any) -> Any:
    return client.post(reverse("opinion_entry", args=[box.pk]), values(**more))


def test_a_slip_of_paper_without_a_name(client: Client, box: FeedbackBoxPage, clerk: Any) -> None:
    response = enter(client, box)
    assert response.status_code == 302
    opinion = Opinion.objects.get()
    assert (opinion.channel, opinion.entered_by, opinion.receipt_mac) == ("paper", clerk, None)
    assert opinion.received_on == datetime.date(2026, 11, 20)
    assert opinion.case.applicant is None
    assert opinion.case.state == "received"


def test_somebody_who_gave_a_number_follows_it(
    client: Client, box: FeedbackBoxPage, clerk: Any
) -> None:
    person = make_person("欧阳明远", employee_number="200001")
    enter(client, box, channel="spoken", mode="named", employee_number="200001")
    assert Case.objects.get().applicant == person


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"mode": "named"}, "没有这个工号"),
        ({"mode": "named", "employee_number": "999999"}, "没有这个工号"),
        ({"employee_number": "200001"}, "没有留姓名的，也不登记工号"),
        ({"received_on": "2026-11-24"}, "这个日期还没有到"),
        ({"channel": "face-to-face"}, "请选择接待日"),
        ({"channel": "online"}, ""),
        ({"text": ""}, "请写明要反映的内容"),
    ],
)
def test_mistakes(
    client: Client, box: FeedbackBoxPage, clerk: Any, more: dict[str, str], words: str
) -> None:
    response = enter(client, box, **more)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Case.objects.exists()


def test_a_face_to_face_day(client: Client, box: FeedbackBoxPage, clerk: Any) -> None:
    client.post(
        reverse("opinion_days"),
        {"day": "2026-11-18", "place": "青石梁矿会议室", "receivers": "杜文渊 工会主席"},
    )
    day = FaceToFaceDay.objects.get()
    enter(client, box, channel="face-to-face", face_to_face=day.pk)
    assert Opinion.objects.get().face_to_face == day
    assert "青石梁矿会议室" in client.get(reverse("opinion_days")).content.decode()


def test_sent_twice_it_is_written_down_once(
    client: Client, box: FeedbackBoxPage, clerk: Any
) -> None:
    form = values()
    client.post(reverse("opinion_entry", args=[box.pk]), form)
    client.post(reverse("opinion_entry", args=[box.pk]), form)
    assert Case.objects.count() == 1


ADDRESSES = ("opinion_entry_boxes", "opinion_days", "opinion_quarantine")


@pytest.mark.parametrize("role", ["employee", "union_chair", "veterans_officer", "party_staff"])
def test_others_write_nothing_down(client: Client, box: FeedbackBoxPage, role: str) -> None:
    client.force_login(make_user(role))
    assert {client.get(reverse(name)).status_code for name in ADDRESSES} == {403}
    assert enter(client, box).status_code == 403


def test_integrity_reports_are_written_down_by_the_inspection(
    client: Client, box: FeedbackBoxPage, clerk: Any
) -> None:
    integrity = category("integrity").pk
    assert enter(client, box, category=integrity).status_code == 422
    client.force_login(make_user("discipline_auditor"))
    assert enter(client, box).status_code == 422
    assert enter(client, box, category=integrity).status_code == 302
    assert Case.objects.get().flow == "union-opinion-integrity"


def test_the_quarantine_is_looked_through_by_whom_it_concerns(
    client: Client, box: FeedbackBoxPage, clerk: Any, settings: Any
) -> None:
    settings.OPINION_PER_HOUR = 0
    send(Client(), box, **form_values("canteen", "一条关于食堂的意见，字数足够。"))
    send(Client(), box, **form_values("integrity", "一条廉洁举报的内容，字数足够。"))
    release.release()
    address = reverse("opinion_quarantine")
    page = client.get(address).content.decode()
    assert "关于食堂的意见" in page
    assert "廉洁举报的内容" not in page
    report = QuarantinedItem.objects.get(to_discipline=True)
    assert client.post(address, {"item": report.pk, "in": "yes"}).status_code == 404
    other = QuarantinedItem.objects.get(to_discipline=False)
    client.post(address, {"item": other.pk, "away": "yes"})
    assert not Case.objects.exists()
    inspection = Client()
    inspection.force_login(make_user("discipline_auditor"))
    assert "廉洁举报的内容" in inspection.get(address).content.decode()
    inspection.post(address, {"item": report.pk, "in": "yes"})
    assert Case.objects.get().flow == "union-opinion-integrity"
    assert not QuarantinedItem.objects.exists()
