"""Second looks: in time, once, by other people; upheld they open the case again."""

from __future__ import annotations

import subprocess
import time
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.archives.models import Record
from portal.cases import kin
from portal.cases.models import Case
from portal.cases.permissions import must_stand_aside
from portal.cases.refusals import AlreadyMoved, ConditionNotMet, MustBeAnother, NotYourTurn
from portal.people.models import Person, User
from portal.roles.table import ROLES
from tests.factories.appeals import REASON, Appealed, make_appealed
from tests.factories.people import make_user
from tests.factories.support import DECISION
from tests.factories.uploads import photo_bytes
from veterans.appeals import services
from veterans.appeals.letters import letter_pdf
from veterans.appeals.rules import second_decision
from veterans.models import Appeal, Payment

pytestmark = [pytest.mark.django_db(transaction=True)]
READERS = {
    *("veterans_officer", "union_staff", "union_chair", "party_approver"),
    "discipline_auditor",
}


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def appealed() -> Appealed:
    return make_appealed()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_family_asks_on_the_page_of_the_case_and_gets_a_slip(appealed: Appealed) -> None:
    client = signed_in(appealed.applicant)
    address = reverse("support_appeal_new", args=[appealed.first.case.pk])
    assert address in client.get(f"/cases/{appealed.first.case.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "2027年1月22日" in page
    empty = client.post(address, {"reason": ""})
    assert empty.status_code == 422
    key = str(uuid.uuid4())
    from django.core.files.uploadedfile import SimpleUploadedFile

    photo = SimpleUploadedFile("证明.jpg", photo_bytes(), "image/jpeg")
    sent = client.post(address, {"reason": REASON, "photos": [photo], "key": key})
    assert sent.status_code == 200
    made = Appeal.objects.get()
    assert made.case.number.startswith("FH-2026-")
    assert made.case.documents.count() == 1
    again = client.post(address, {"reason": REASON, "key": key})
    assert again.status_code == 302 and again["Location"] == f"/cases/{made.pk}/"
    assert client.post(address, {"reason": REASON, "key": str(uuid.uuid4())}).status_code == 422
    assert Appeal.objects.count() == 1


@pytest.mark.parametrize("code", sorted(ROLES))
def test_exactly_those_in_charge_read_a_second_look(appealed: Appealed, code: str) -> None:
    appealed.to("submitted")
    status = signed_in(make_user(code)).get(f"/cases/{appealed.pk}/").status_code
    assert status == (200 if code in READERS else 404)


def test_nobody_of_the_first_decision_looks_again(appealed: Appealed) -> None:
    office = appealed.first.office
    appealed.to("submitted")
    with pytest.raises(MustBeAnother):
        appealed.step("examine", office.reviewer, note="原意见正确")
    appealed.step("examine", appealed.examiner, note="登记信息有误")
    with pytest.raises(MustBeAnother):
        appealed.step("dismiss", office.approver, reason="原决定正确")
    appealed.step("uphold", appealed.decider, reason="登记信息有误")
    first = appealed.first
    assert first.case.state == "in_review"
    with pytest.raises(MustBeAnother):
        first.step("review", office.reviewer, opinion="supported")
    first.step("review", appealed.examiner, opinion="supported")
    with pytest.raises(MustBeAnother):
        first.step("approve", office.approver, decision=DECISION)
    event = first.step("approve", appealed.decider, decision=DECISION)
    appeal = Appeal.objects.get()
    decided = first.case.events.get(sequence=appeal.decided_sequence)
    assert decided.transition == "reject"
    assert second_decision(appeal) == event
    reopened = first.case.events.get(sequence=appeal.reopened_sequence or 0)
    assert reopened.data["appeal"] == appealed.case.number
    page = signed_in(appealed.applicant).get(f"/cases/{appealed.pk}/").content.decode()
    assert "登记信息有误" in page


def test_dismissed_it_cannot_be_asked_for_again(appealed: Appealed) -> None:
    appealed.to("dismissed")
    assert appealed.first.case.state == "rejected"
    with pytest.raises(ConditionNotMet):
        services.ask(appealed.first.case, appealed.applicant, REASON, [])


def test_too_late_or_of_somebody_else_is_refused(appealed: Appealed, time_machine: Any) -> None:
    with pytest.raises(NotYourTurn):
        services.ask(appealed.first.case, make_user("military_family"), REASON, [])
    time_machine.move_to("2027-01-22 09:00+08:00")
    case = Case.objects.get(pk=appealed.first.case.pk)
    time_machine.move_to("2027-01-26 09:00+08:00")
    with pytest.raises(ConditionNotMet):
        services.ask(case, appealed.applicant, REASON, [])
    address = reverse("support_appeal_new", args=[case.pk])
    client = signed_in(appealed.applicant)
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": REASON}).status_code == 422
    assert signed_in(make_user("employee")).get(address).status_code == 404


def test_a_withdrawn_request_leaves_the_decision_and_can_be_made_again(appealed: Appealed) -> None:
    appealed.to("withdrawn")
    services.ask(appealed.first.case, appealed.applicant, REASON, [])
    assert appealed.first.case.state == "rejected"


def test_of_two_who_decide_one_wins(appealed: Appealed) -> None:
    appealed.to("upheld")
    with pytest.raises(AlreadyMoved):
        appealed.step("dismiss", make_user("party_approver"), reason="原决定正确")


def test_after_a_second_decision_only_the_difference_is_paid() -> None:
    """A closed case is decided again; what was paid is not paid twice."""
    appealed = make_appealed(state="accepted")
    first, office = appealed.first, appealed.first.office
    first.step(
        "review",
        office.reviewer,
        opinion="supported",
        changed_amount=Decimal(8_000),
        change_reason="租期六个月",
    )
    first.step("approve", office.approver, confirmed_change=True)
    first.end_notice()
    first.step("pay", office.payer, confirmed=True)
    first.step("confirm_payment", office.payer)
    first.step("rate", first.applicant, level=3)
    appealed.to("upheld")
    first.step("review", appealed.examiner, opinion="supported")
    first.step("approve", appealed.decider, decision=DECISION)
    first.end_notice()
    first.step("pay", office.payer, confirmed=True)
    first.step("confirm_payment", office.payer)
    first.step("rate", first.applicant, level=5)
    amounts = list(Payment.objects.order_by("pk").values_list("decision", "amount"))
    assert amounts == [(1, Decimal(8_000)), (2, Decimal(10_000))]
    assert Record.objects.filter(source_kind="case", source_id=str(first.case.pk)).exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [("upheld", "重新审核"), ("dismissed", "上级主管部门")],
)
def test_the_letter_gives_reason_and_remedy_within_a_second(
    appealed: Appealed, state: str, words: str
) -> None:
    appealed.to(state)
    event = appealed.case.events.latest("sequence")
    letter_pdf(appealed.case, event)
    started = time.monotonic()
    body = letter_pdf(appealed.case, event)
    seconds = time.monotonic() - started
    text = subprocess.run(["pdftotext", "-", "-"], input=body, stdout=subprocess.PIPE, check=True)
    said = "".join(text.stdout.decode().split())
    assert words in said and event.note_public in said
    assert appealed.first.application.name not in said
    assert seconds < 5, seconds
    address = reverse("support_appeal_letter", args=[appealed.pk])
    assert signed_in(appealed.applicant).get(address).status_code == 200
    assert signed_in(make_user("archivist")).get(address).status_code == 404


def test_who_is_related_to_the_person_a_decision_names_leaves_the_second_look(
    appealed: Appealed,
) -> None:
    """The number stands in the first application alone; neither account nor person is known."""
    appealed.to("submitted")
    assert not must_stand_aside(appealed.examiner, appealed.case)
    number = appealed.first.application.identity_number
    Person.objects.filter(identity_number_index__isnull=False).update(identity_number_index=None)
    kin.declare(appealed.examiner, name="未知", kind="parent", identity_number=number)
    examiner = User.objects.get(pk=appealed.examiner.pk)
    assert must_stand_aside(examiner, appealed.case)
    assert appealed.case not in Case.objects.waiting_for(examiner)
