"""SMS that do not arrive become calls; withdrawn consents, old drafts and frozen cases."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from portal.cases import beside
from portal.cases.calls import open_call
from portal.cases.models import Case, CaseDocument, PhoneCall
from portal.cases.permissions import may_read
from portal.cases.views import desk
from portal.notifications.models import Message, Outbox
from portal.notifications.recipients import Recipient
from portal.personal_data import retention
from portal.personal_data.consents import withdraw_consent
from portal.personal_data.models import Consent
from tests.cases.test_case_page import fresh, page, signed_in, words_of
from tests.factories.appeals import make_appealed
from tests.factories.cases import CLERK, MATTER, Matter, make_submitted, registered
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user
from tests.factories.support import Journey, make_journey
from veterans.appeals.services import ask
from veterans.applications import services as support

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def journey(settings: Any) -> Journey:
    """An application that was handed in, with every way out of the portal open."""
    settings.NOTIFICATION_CHANNELS = ["in-site", "email", "sms"]
    made = make_journey()
    made.to("submitted")
    return made


# ---- calls


def test_an_sms_that_is_given_up_on_becomes_one_call(journey: Journey) -> None:
    row = Outbox.objects.filter(channel="sms", event_key__startswith="case:").first()
    assert row is not None
    open_call(row)
    open_call(row)
    call = PhoneCall.objects.get()
    assert call.case_id == journey.case.pk
    station = signed_in(journey.office.station)
    assert "要打电话告知的申请人" in words_of(station.get("/workspace/"))
    assert "请给申请人打电话" in words_of(station.get(f"/cases/{call.case_id}/"))
    reviewer = signed_in(journey.office.reviewer)
    assert "请给申请人打电话" not in words_of(reviewer.get(f"/cases/{call.case_id}/"))
    address = f"/cases/{call.case_id}/calls/{call.pk}/"
    assert station.get(address).status_code == 200
    assert station.post(address, {**fresh(), "result": ""}).status_code == 422
    assert reviewer.post(address, {**fresh(), "result": "已说"}).status_code == 403
    assert station.post(address, {**fresh(), "result": "本人已知道"}).status_code == 302
    assert station.post(address, {**fresh(), "result": "再打"}).status_code == 409
    assert "要打电话告知的申请人" not in words_of(station.get("/workspace/"))
    event = journey.case.events.get(transition="phoned")
    assert event.note_internal == "本人已知道"
    assert "本人已知道" not in words_of(signed_in(journey.applicant).get(f"/cases/{call.case_id}/"))


def test_mail_and_messages_to_the_office_open_no_call(journey: Journey) -> None:
    row = Outbox.objects.filter(event_key__startswith="case:").first()
    assert row is not None
    for channel, key in (("email", row.event_key), ("sms", "case:x:1"), ("sms", "objection:7")):
        row.channel, row.event_key = channel, key
        open_call(row)
    assert not PhoneCall.objects.exists()


def test_a_phone_that_was_typed_goes_before_the_one_that_is_known(
    matter: Matter, settings: Any
) -> None:
    settings.NOTIFICATION_CHANNELS = ["in-site", "email", "sms"]
    matter.to("submitted")
    person = matter.applicant.person
    assert person is not None
    typed = dataclasses.replace(
        MATTER, contacts=lambda case: [Recipient(person=case.applicant, phone="13900000077")]
    )
    with registered(typed):
        beside.new_tracking_code_of(matter.pk, matter.applicant)
    row = Outbox.objects.get(channel="sms", code="case-new-code")
    assert row.address == "13900000077"
    assert Message.objects.filter(user=matter.applicant, code="case-new-code").count() == 1


def sms_addresses(code: str) -> list[str]:
    return [row.address for row in Outbox.objects.filter(channel="sms", code=code)]


def test_news_of_an_application_goes_to_the_phone_that_was_typed_for_it(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.NOTIFICATION_CHANNELS = ["in-site", "email", "sms"]
    journey = make_journey()
    person = journey.applicant.person
    assert person is not None
    person.phone = "13900000099"
    person.save()
    journey.application.phone = "13900000077"
    journey.application.save()
    journey.to("submitted")
    assert sms_addresses("support-submitted") == ["13900000077"]
    assert Message.objects.filter(user=journey.applicant, code="support-submitted").count() == 1
    assert "13900000077" not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, masked_address FROM notifications_outbox")
        assert all("13900000077" not in str(row) for row in cursor.fetchall())
    # A number that was corrected is the right one from then on.
    journey.application.phone = "13900000078"
    journey.application.save()
    journey.step("accept", journey.office.station)
    assert sms_addresses("support-accepted") == ["13900000078"]


def test_a_second_look_is_told_where_the_first_case_was(settings: Any) -> None:
    settings.NOTIFICATION_CHANNELS = ["in-site", "email", "sms"]
    appealed = make_appealed()
    appealed.first.application.phone = "13900000077"
    appealed.first.application.save()
    appealed.to("submitted")
    assert sms_addresses("appeal-asked") == ["13900000077"]


def test_another_who_asks_for_a_second_look_is_not_told_on_the_phone_of_the_applicant(
    settings: Any,
) -> None:
    settings.NOTIFICATION_CHANNELS = ["in-site", "email", "sms"]
    appealed = make_appealed()
    first = appealed.first.case
    first.beneficiary = make_person("秦大山", phone="13900000088")
    first.save()
    asker = make_user("employee", person=first.beneficiary)
    ask(first, asker, "请再看一次我的登记信息。", [])
    assert sms_addresses("appeal-asked") == ["13900000088"]


# ---- consents


def test_a_withdrawn_consent_marks_the_running_case_and_tells_the_office(
    journey: Journey,
) -> None:
    consent = Consent.objects.get(owner_id=str(journey.case.pk))
    withdraw_consent(consent)
    withdraw_consent(consent)
    event = journey.case.events.get(transition="consent-withdrawn")
    assert event.party == "applicant"
    told = Message.objects.filter(code="case-consent-withdrawn").values_list("user", flat=True)
    assert journey.office.station.pk in told
    assert journey.applicant.pk not in told
    station = words_of(signed_in(journey.office.station).get(f"/cases/{journey.case.pk}/"))
    assert "申请人已撤回同意" in station
    # It marks, it does not decide.
    journey.step("accept", journey.office.station)


def test_the_consent_of_a_draft_marks_nothing() -> None:
    draft = make_journey()
    withdraw_consent(Consent.objects.get(owner_id=str(draft.case.pk)))
    assert draft.case.is_draft


# ---- retention


def test_an_abandoned_draft_goes_with_its_files_and_one_in_use_stays(
    time_machine: Any,
) -> None:
    old = make_journey()
    key = old.case.pk
    assert CaseDocument.objects.filter(case=key).exists()
    time_machine.move_to("2027-05-01 09:00+08:00")
    retention.run()
    assert Case.objects.filter(pk=key).exists(), "not yet"
    support.save_answer(key, old.applicant, "by_agent", "no")
    time_machine.move_to("2027-06-15 09:00+08:00")
    retention.run()
    assert Case.objects.filter(pk=key).exists(), "somebody worked on it in May"
    time_machine.move_to("2027-11-15 09:00+08:00")
    retention.run()
    assert not Case.objects.filter(pk=key).exists()
    assert not CaseDocument.objects.exists()


def test_what_was_handed_in_is_no_draft(matter: Matter, time_machine: Any) -> None:
    matter.to("submitted")
    time_machine.move_to("2028-01-03 09:00+08:00")
    retention.run()
    assert matter.case.state == "submitted"


def test_a_frozen_case_is_read_by_nobody(matter: Matter) -> None:
    matter.to("closed")
    visitor = Client()
    tail = IDENTITY_NUMBERS[0][-4:]
    visitor.post("/track/", {"code": matter.new_code(), "tail": tail})
    assert visitor.get("/track/case/").status_code == 200
    retention.freeze("case", str(matter.pk), clause="测试")
    for user in (matter.applicant, matter.clerk, make_user("discipline_auditor")):
        assert page(user, matter).status_code == 403
        assert not may_read(user, matter.case)
    assert page(make_user("employee"), matter).status_code == 404
    assert visitor.get("/track/case/").status_code == 302


# ---- the list as a workbook


def test_the_workbook_says_when_it_is_cut_and_is_logged(matter: Matter, monkeypatch: Any) -> None:
    monkeypatch.setattr(desk, "MOST_EXPORTED", 3)
    make_submitted(5)
    user = make_user(CLERK)
    answer = signed_in(user).get("/cases/export/?list=all")
    book = load_workbook(io.BytesIO(b"".join(answer)), read_only=True)
    rows = [row for row in book.worksheets[0].iter_rows(values_only=True) if any(row)]
    assert any("只有前3件" in str(row[0]) for row in rows)
    entry = ModelLogEntry.objects.get(action="cases.list_exported")
    assert (entry.user, entry.data["cases"], entry.data["of"]) == (user, 3, 5)
