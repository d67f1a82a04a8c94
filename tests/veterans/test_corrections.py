"""Corrections: what was wrong can be put right, nothing else changes, nothing is lost."""

from __future__ import annotations

import errno
import re
import uuid
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.cases.refusals import ConditionNotMet
from portal.cases.tracking import Attempt, find
from portal.files import storage
from portal.files.models import FileState
from tests.factories.people import IDENTITY_NUMBERS
from tests.factories.support import DECISION, Journey, make_family, make_journey
from tests.factories.uploads import upload
from tests.infrastructure.at_once import together
from veterans.applications import services
from veterans.applications.letters import letter_pdf
from veterans.applications.tasks import handed_in, wanted_materials

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def journey() -> Journey:
    made = make_journey()
    made.to("submitted")
    return made


def ask(journey: Journey, *codes: str) -> None:
    items = [{"code": code, "label": code, "reason": "看不清，请重新提供"} for code in codes]
    journey.step("request_correction", journey.office.station, items=items, reason="看不清")
    journey.application.refresh_from_db()


def client_of(journey: Journey) -> Client:
    client = Client()
    client.force_login(journey.applicant)
    return client


def part(journey: Journey, code: str) -> str:
    return reverse("support_part", args=[journey.application.pk, code])


def first_material(journey: Journey) -> str:
    return str(next(m.code for m in wanted_materials(journey.application) if m.need != "optional"))


def test_two_photos_of_one_paper_stay_both_and_the_former_one_is_kept_aside(journey):
    code = first_material(journey)
    former = [document.file for document in handed_in(journey.application)[code]]
    ask(journey, f"materials:{code}")

    services.add_files(journey.application, journey.applicant, code, [upload()])
    services.add_files(journey.application, journey.applicant, code, [upload()])

    assert len(handed_in(journey.application)[code]) == 2
    for file in former:
        file.refresh_from_db()
        assert file.state == FileState.REPLACED


def test_a_photo_of_the_correction_can_be_taken_back_but_no_earlier_one(journey):
    code = first_material(journey)
    earlier = handed_in(journey.application)[code][0]
    ask(journey, f"materials:{code}")
    services.add_files(journey.application, journey.applicant, code, [upload()])
    added = handed_in(journey.application)[code][0]
    client = client_of(journey)

    for _twice in range(2):
        answer = client.post(part(journey, "materials"), {"remove": added.pk})
        assert answer.status_code == 302
    assert client.post(part(journey, "materials"), {"remove": "x"}).status_code == 302
    assert client.post(part(journey, "materials"), {"remove": earlier.pk}).status_code == 409
    assert handed_in(journey.application).get(code, []) == []


def test_any_answer_can_be_changed_and_the_part_is_done_when_the_applicant_says_so(journey):
    ask(journey, "questions")
    client = client_of(journey)
    page = client.get(part(journey, "questions")).content.decode()
    questions = list(journey.application.given_answers)
    assert all(f"?question={code}" in page for code in questions)

    answer = client.post(part(journey, "questions"), {"question": "by_agent", "answer": "yes"})

    assert answer.status_code == 302
    journey.application.refresh_from_db()
    assert not journey.application.corrections[0]["done"]
    client.post(part(journey, "questions"), {"all_right": "yes"})
    journey.application.refresh_from_db()
    assert journey.application.corrections[0]["done"]


def test_a_paper_that_becomes_necessary_is_wanted_before_the_correction_is_handed_in(journey):
    ask(journey, "questions")
    services.save_answer(journey.application.pk, journey.applicant, "by_agent", "yes")
    services.confirm_answers(journey.application.pk, journey.applicant)
    journey.application.refresh_from_db()

    with pytest.raises(ConditionNotMet):
        services.correct(journey.application, journey.applicant)
    services.add_files(journey.application, journey.applicant, "authority", [upload()])
    services.correct(journey.application, journey.applicant)

    assert journey.case.state == "submitted"


def test_another_number_is_tracked_by_its_own_end(journey):
    ask(journey, "about")
    services.save_about(
        journey.application.pk,
        journey.applicant,
        {
            "for_whom": "family",
            "relation": "parent",
            "name": "秦大山",
            "identity_number": IDENTITY_NUMBERS[-1],
            "phone": "13900000001",
        },
    )

    tail = IDENTITY_NUMBERS[-1][-4:]
    assert find(Attempt.typed(journey.code, tail), "10.0.0.1") == journey.case


def test_a_number_that_has_an_application_already_is_told_next_to_the_field(journey):
    other = make_journey(journey.office, make_family())
    other.to("submitted")
    ask(journey, "about")

    answer = client_of(journey).post(
        part(journey, "about"),
        {
            "for_whom": "family",
            "relation": "parent",
            "name": "秦大山",
            "identity_number": other.application.identity_number,
            "phone": "13900000001",
        },
    )

    assert answer.status_code == 422
    assert "正在办理中" in answer.content.decode()
    assert "秦大山" in answer.content.decode()


def test_a_full_disk_is_told_next_to_the_photo(journey, monkeypatch):
    code = first_material(journey)
    ask(journey, f"materials:{code}")

    def full(*_arguments: Any, **_keywords: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "write", full)
    answer = client_of(journey).post(
        part(journey, "materials"), {"material": code, "photos": upload()}
    )

    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()


def test_the_letter_of_a_correction_stays_as_it_was_sent(journey):
    ask(journey, "bank")
    event = journey.events[-1]
    told = event.data["due_on"]
    before = letter_pdf(journey.case, event)
    journey.correct()
    journey.step("accept", journey.office.station)

    event.refresh_from_db()
    assert event.data["due_on"] == told
    assert len(letter_pdf(journey.case, event)) == len(before)


def test_an_account_that_does_not_work_is_asked_for_again_and_then_paid(journey):
    journey.step("accept", journey.office.station)
    journey.step("review", journey.office.reviewer, opinion="supported")
    journey.step("approve", journey.office.approver, decision=DECISION)
    journey.end_notice()
    journey.step("pay", journey.office.payer, confirmed=True)
    journey.step("fail_payment", journey.office.payer, reason="户名与账号不符")

    journey.step("request_account", journey.office.payer, reason="户名与账号不符，请更正")
    assert journey.case.state == "correcting"
    journey.application.refresh_from_db()
    journey.correct()

    assert journey.case.state == "approved"
    assert journey.case.due_on is not None
    journey.step("pay", journey.office.payer, confirmed=True)


def test_two_who_hand_in_at_once_see_one_code_and_a_way_to_another(monkeypatch):
    journey = make_journey()
    client = client_of(journey)
    address = reverse("support_hand_in", args=[journey.application.pk])
    page = client.get(reverse("support_check", args=[journey.application.pk])).content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    read = services.own_application

    def both_read_the_draft(*arguments: Any) -> Any:
        found = read(*arguments)
        services.hand_in(journey.application, journey.applicant, key=uuid.UUID(key))
        return found

    monkeypatch.setattr(services, "own_application", both_read_the_draft)
    answer = client.post(address, {"key": key})

    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("case", args=[journey.application.pk])


def put_right(journey: Journey) -> Client:
    """Change what was asked for; return the applicant before the list is handed in."""
    journey.application.refresh_from_db()
    typed = {
        "for_whom": "self",
        "relation": "",
        "name": journey.application.name,
        "identity_number": journey.application.identity_number,
        "phone": "13900000001",
    }
    services.save_about(journey.application.pk, journey.applicant, typed)
    return client_of(journey)


def key_of(client: Client, journey: Journey) -> str:
    page = client.get(reverse("support_application", args=[journey.application.pk]))
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page.content.decode())
    assert found is not None
    return found[1]


def test_a_correction_that_is_sent_twice_counts_once_even_after_the_next_was_asked_for(journey):
    ask(journey, "about")
    client = put_right(journey)
    address = reverse("support_hand_in", args=[journey.application.pk])
    key = key_of(client, journey)
    assert client.post(address, {"key": key}).status_code == 302
    assert journey.case.state == "submitted"
    items = [{"code": "about", "label": "about", "reason": "姓名有误"}]
    journey.step("request_again", journey.office.approver, items=items, reason="再核对一次")
    assert client.post(address, {"key": key}).status_code == 302
    assert journey.case.state == "correcting"
    assert journey.case.events.filter(transition="resubmit").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_correction_and_no_refusal(journey):
    ask(journey, "about")
    first = put_right(journey)
    address = reverse("support_hand_in", args=[journey.application.pk])
    key = key_of(first, journey)
    clients = [first, client_of(journey)]
    answers = together(*(partial(one.post, address, {"key": key}) for one in clients))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert journey.case.events.filter(transition="resubmit").count() == 1
