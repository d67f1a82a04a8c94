"""Opinions with a name, and from without a name to with one."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.cases import services as cases
from portal.cases.models import Case
from portal.cases.permissions import knows_applicant
from tests.factories.opinions import category, make_box
from tests.factories.organizations import company, make_unit
from tests.factories.people import make_person, make_user
from tests.factories.unsigned import go_on, look, released, send
from union.models import FeedbackBoxPage, Opinion, OpinionMode
from union.opinions import naming
from union.opinions.naming import ReceiptOpensNothing

pytestmark = [pytest.mark.django_db]
WORDS = "图书室周末关门，倒休的人只有周末有空，希望周六开半天。"


@pytest.fixture(autouse=True)
def world(db: None, time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    time_machine.move_to("2026-11-23 10:31+08:00")
    company()


@pytest.fixture
def box() -> FeedbackBoxPage:
    from wagtail.models import Page

    from portal.pages.models import Publication

    page = make_box()
    Publication.objects.get_or_create(
        page_id=page.pk,
        defaults={
            "kind": "feedback-box",
            "audience": "public",
            "title": page.title,
            "business_date": timezone.localdate(),
            "published_at": timezone.now(),
            "year": 2026,
        },
    )
    assert Page.objects.get(pk=page.pk).live
    return page


@pytest.fixture
def sender(client: Client) -> Any:
    user = make_user("employee", person=make_person("欧阳明远"))
    client.force_login(user)
    return user


def values(**more: Any) -> dict[str, Any]:
    return {
        "mode": "named",
        "category": category("culture").pk,
        "text": WORDS,
        "key": uuid.uuid4(),
        **more,
    }


def address(box: FeedbackBoxPage) -> str:
    return reverse("opinion_named", args=[box.pk])


def test_a_named_opinion_arrives_at_once(client: Client, box: FeedbackBoxPage, sender: Any) -> None:
    response = client.post(address(box), values())
    case = Case.objects.get()
    assert response["Location"] == reverse("case", args=[case.pk])
    assert (case.state, case.applicant) == ("received", sender.person)
    assert Opinion.objects.get().mode == OpinionMode.NAMED
    assert case.number in client.get(reverse("opinion_mine")).content.decode()
    assert WORDS in client.get(reverse("case", args=[case.pk])).content.decode()


def test_sent_twice_it_arrives_once(client: Client, box: FeedbackBoxPage, sender: Any) -> None:
    form = values()
    client.post(address(box), form)
    again = client.post(address(box), form)
    assert Case.objects.count() == 1
    assert again["Location"] == reverse("case", args=[Case.objects.get().pk])


def test_mistakes_keep_what_was_typed(client: Client, box: FeedbackBoxPage, sender: Any) -> None:
    response = client.post(address(box), values(category="", text=WORDS))
    assert response.status_code == 422
    assert WORDS in response.content.decode()
    assert not Case.objects.exists()


def test_after_an_expired_session_the_text_is_there(client: Client, box: FeedbackBoxPage) -> None:
    response = client.post(address(box), values())
    assert response.status_code == 409
    assert not Case.objects.exists()
    client.force_login(make_user("employee"))
    page = client.get(reverse("typed_text"))
    assert WORDS in page.content.decode()


def test_a_hidden_name_is_the_unions_alone(
    client: Client, box: FeedbackBoxPage, sender: Any
) -> None:
    client.post(address(box), values(mode="name-hidden"))
    case = Case.objects.get()
    unit = make_unit(name="后勤服务中心")
    clerk, handler = make_user("union_staff"), make_user("opinion_handler", unit=unit)
    cases.apply(case.pk, "accept", clerk, {})
    cases.apply(case.pk, "dispatch", clerk, {"lead_unit": unit})
    case = Case.objects.get(pk=case.pk)
    assert knows_applicant(clerk, case)
    assert not knows_applicant(handler, case)
    other = Client()
    other.force_login(handler)
    page = other.get(reverse("case", args=[case.pk])).content.decode()
    assert WORDS in page
    assert "欧阳明远" not in page


def test_messages_of_a_named_sender(client: Client, box: FeedbackBoxPage, sender: Any) -> None:
    client.post(address(box), values())
    case = Case.objects.get()
    target = reverse("opinion_message", args=[case.pk])
    assert client.post(target, {"body": " "}).status_code == 422
    client.post(target, {"body": "最好是周六上午。"})
    client.post(target, {"body": "最好是周六上午。"})
    clerk = make_user("union_staff")
    office = Client()
    office.force_login(clerk)
    office.post(target, {"body": "每周六都开吗？"})
    opinion = Opinion.objects.get()
    assert [row.body for row in opinion.messages.all()] == ["最好是周六上午。", "每周六都开吗？"]
    assert [row.staff_user for row in opinion.messages.all()] == [None, clerk]
    stranger = Client()
    stranger.force_login(make_user("employee"))
    assert stranger.post(target, {"body": "x"}).status_code == 404


# ---- The name, later


def test_a_name_is_given_once_and_for_all(client: Client, sender: Any) -> None:
    receipt = send(Client())
    opinion = released(receipt)
    form = {"receipt": receipt, "mode": "named"}
    assert client.post(reverse("opinion_claim"), form).status_code == 422
    response = client.post(reverse("opinion_claim"), {**form, "sure": "yes"})
    assert response["Location"] == reverse("case", args=[opinion.pk])
    opinion.refresh_from_db()
    assert (opinion.mode, opinion.receipt_mac) == (OpinionMode.NAMED, None)
    assert Case.objects.get(pk=opinion.pk).applicant == sender.person
    assert look(Client(), receipt).status_code == 422  # the receipt opens nothing any more
    again = client.post(reverse("opinion_claim"), {**form, "sure": "yes"})
    assert again.status_code == 422
    assert client.get(reverse("case", args=[opinion.pk])).status_code == 200


def test_there_is_no_way_back(client: Client, sender: Any) -> None:
    receipt = send(Client())
    released(receipt)
    form = {"receipt": receipt, "mode": "anonymous", "sure": "yes"}
    assert client.post(reverse("opinion_claim"), form).status_code == 422
    assert Opinion.objects.get().mode == OpinionMode.ANONYMOUS


def test_a_name_waits_for_what_waits(sender: Any) -> None:
    receipt = send(Client())
    released(receipt)
    go_on(Client(), receipt, "message", body="还有一句。")
    with pytest.raises(ReceiptOpensNothing):
        naming.give_name(receipt, sender, OpinionMode.NAMED)


def test_a_wrong_receipt_names_nothing(sender: Any) -> None:
    with pytest.raises(ReceiptOpensNothing):
        naming.give_name("0" * 16, sender, OpinionMode.NAMED)


def test_the_list_of_boxes_is_open_to_visitors(box: FeedbackBoxPage) -> None:
    page = Client().get(reverse("opinion_boxes")).content.decode()
    assert box.title in page
    assert re.search(r"/participation/opinions/anonymous/\d+/", page)
