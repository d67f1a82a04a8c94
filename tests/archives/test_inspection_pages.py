"""The inspection report: who reads it, who runs the checks, what it says."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from portal.archives import file_access
from portal.archives.inspection import services
from portal.archives.models import Inspection, Record
from tests.archives.mutations.intact import plain_record
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """Files of their own for every test."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"


@pytest.fixture
def record() -> Record:
    """A record in the pool."""
    return plain_record()


def client_of(*roles: str) -> Client:
    """A browser of somebody with these roles."""
    client = Client()
    client.force_login(make_user(*roles))
    return client


def test_who_reads_the_report_and_who_runs_the_checks(record):
    address = reverse("archive_inspection", args=[record.pk])
    sheet = reverse("archive_inspection_pdf", args=[record.pk])
    expected = {
        "archivist": (200, 302),
        "discipline_auditor": (200, 403),
        "employee": (404, 404),
        "party_member": (404, 404),
    }
    services.inspect(record)
    for role, (reading, running) in expected.items():
        client = client_of(role)
        before = Inspection.objects.count()
        assert client.get(address).status_code == reading, role
        assert client.get(sheet).status_code == reading, role
        assert client.post(address).status_code == running, role
        assert Inspection.objects.count() == before + (1 if running == 302 else 0), role
    assert Client().get(address).status_code == 302


def test_the_report_shows_forty_lines_and_the_reason_of_a_failure(record):
    address = reverse("archive_inspection", args=[record.pk])
    archivist = client_of("archivist")
    assert "本件尚未检测" in archivist.get(address).content.decode()

    path = file_access.path_of(record.files.get(role="snapshot"))
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    answer = archivist.post(address, follow=True).content.decode()
    assert answer.count('id="check-') == 40
    assert "GD-1-1 固化信息有效性检测" in answer
    assert "不通过的原因" in answer
    # Five marks, and twice for 1-9: as its name and in its evidence.
    assert answer.count("名称待核") == 5 + 2
    failing = Inspection.objects.get()
    assert not failing.passed
    assert "1-1" in failing.failed_codes

    pdf = archivist.get(reverse("archive_inspection_pdf", args=[record.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(pdf.content)) as document:
        assert len(document.pages) >= 1


def test_an_earlier_run_can_be_read_and_one_of_another_record_cannot(record):
    first = services.inspect(record)
    services.inspect(record)
    address = reverse("archive_inspection", args=[record.pk])
    archivist = client_of("archivist")
    assert archivist.get(f"{address}?run={first.pk}").context["inspection"] == first
    for number in ("x", "0", "9" * 30, "٣"):
        assert archivist.get(f"{address}?run={number}").status_code == 404
