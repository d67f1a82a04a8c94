"""Use of records: asked, decided by another, handed out with a watermark, registered."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from portal.archives.consultation import services
from portal.archives.consultation.services import NotUsable
from portal.archives.models import (
    Consultation,
    ConsultationState,
    FileRole,
    LedgerEntry,
    Record,
    RecordFile,
)
from portal.archives.refusals import AlreadyHandled, NotArchivist
from portal.archives.verification import all_faults
from portal.refusals import NotYours
from tests.factories.appraisal import (
    EXPIRED_BY,
    accepted_records,
    branch_with_page,
    executed_list,
    people_of_a_list,
)
from tests.factories.archives import main_body
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)
FAR = datetime.date(2099, 1, 1)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def record(tmp_path, settings) -> Record:
    """An accepted record of a branch."""
    settings.ARCHIVE_ROOT, settings.LEDGER_HEAD_DIR = tmp_path / "archive", tmp_path / "heads"
    (found,) = accepted_records(branch_with_page(), "雨季三防主题党日")
    return found


def test_from_the_request_to_the_marked_copy(record):
    employee, archivist = make_user("employee"), make_user("archivist")
    reader, office = client_of(employee), client_of(archivist)
    assert reader.get(record.get_absolute_url()).status_code == 404
    wrong = reader.post(
        reverse("archive_consultation_ask"),
        {"code": "Q001-无此档号", "kind": "copy", "purpose": "核对工龄"},
    )
    assert wrong.status_code == 422
    assert "核对工龄" in wrong.content.decode()
    values = {"code": record.archive_code, "kind": "copy", "purpose": "办理退休核对经历"}
    sent = reader.post(reverse("archive_consultation_ask"), values)
    found = Consultation.objects.get()
    assert sent.status_code == 302
    address = found.get_absolute_url()
    assert record.title not in reader.get(address).content.decode()
    copy = reverse("archive_consultation_copy", args=[found.pk])
    assert reader.post(copy).status_code == 409
    assert office.post(address, {"action": "grant", "days": "0"}).status_code == 422
    assert office.post(address, {"action": "grant", "days": "7"}).status_code == 302
    answer = reader.post(copy)
    assert answer.status_code == 200
    with (
        pikepdf.open(io.BytesIO(answer.content)) as marked,
        pikepdf.open(io.BytesIO(main_body(record))) as plain,
    ):
        assert len(marked.pages) == len(plain.pages) + 1
    found.refresh_from_db()
    assert found.uses == 1
    assert LedgerEntry.objects.filter(record_id=record.pk, kind=services.USE).count() == 1
    # The office sees the request, but the copy is the applicant's.
    assert office.post(copy).status_code == 403
    assert client_of(make_user("employee")).get(address).status_code == 404
    sheet = office.get(reverse("archive_consultation_register"))
    assert sheet.status_code == 200
    assert reader.get(reverse("archive_consultation_register")).status_code == 403
    assert [one for one in all_faults() if one is not None] == []


def test_what_is_granted_ends(record, time_machine):
    applicant = make_user("employee")
    found = services.ask(record, applicant, "read", "编写矿史")
    until = datetime.date(2026, 12, 1)
    time_machine.move_to("2026-11-30 09:00+08:00")
    services.grant(found.pk, make_user("archivist"), until)
    time_machine.move_to("2026-12-01 23:00+08:00")
    services.use(found.pk, applicant)
    time_machine.move_to("2026-12-02 00:30+08:00")
    with pytest.raises(NotUsable):
        services.use(found.pk, applicant)


def test_nobody_decides_alone_or_twice(record):
    archivist, other = make_user("archivist"), make_user("archivist")
    found = services.ask(record, archivist, "copy", "评审材料")
    with pytest.raises(AlreadyHandled):
        services.ask(record, archivist, "copy", "再次申请")
    with pytest.raises(NotYours):
        services.grant(found.pk, archivist, FAR)
    with pytest.raises(NotArchivist):
        services.grant(found.pk, make_user("discipline_auditor"), FAR)
    services.refuse(found.pk, other, "请先说明用途")
    with pytest.raises(AlreadyHandled):
        services.grant(found.pk, other, FAR)
    with pytest.raises(AlreadyHandled):
        services.withdraw(found.pk, archivist)
    found.refresh_from_db()
    assert (found.state, found.remark) == (ConsultationState.REFUSED, "请先说明用途")


def test_a_destroyed_record_is_not_handed_out(record, time_machine):
    applicant, people = make_user("employee"), people_of_a_list()
    found = services.ask(record, applicant, "read", "编写矿史")
    services.grant(found.pk, people["archivist"], FAR)
    time_machine.move_to(EXPIRED_BY)
    executed_list(people, record)
    with pytest.raises(NotUsable):
        services.use(found.pk, applicant)
    assert not RecordFile.objects.filter(record=record, role=FileRole.DOCUMENT_COPY).exists()
    with pytest.raises(NotUsable):
        services.ask(record, applicant, "copy", "复制")
