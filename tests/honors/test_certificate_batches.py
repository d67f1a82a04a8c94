"""Certificates in batch: drawn in parts by several workers, fetched as one, never out of date."""

from __future__ import annotations

import datetime
import io
from typing import Any
from unittest import mock

import pikepdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from honors.awards import changes
from honors.certificates import batches
from honors.certificates.document import grouped_code
from honors.models import Award, CertificateBatch, CertificatePart, SheetKind
from portal.files.models import StoredFile
from portal.leases import MAX_ATTEMPTS, WorkStatus
from portal.refusals import ChangedMeanwhile, NotPossible
from portal.worker_jobs import WORKER_JOBS
from tests.factories.honors import HonorOffice, make_award, post_title


def blank_pdf(awards: Any) -> bytes:
    """Stand for the drawing, which is tried elsewhere: one page for each sheet."""
    target = io.BytesIO()
    with pikepdf.new() as document:
        for _award in awards:
            document.add_blank_page()
        document.save(target)
    return target.getvalue()


@pytest.fixture(autouse=True)
def quick_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "certificates_pdf", blank_pdf)
    monkeypatch.setattr(batches, "plates_pdf", blank_pdf)
    monkeypatch.setattr(batches, "SHEETS_OF_A_PART", 2)


def pages(batch: CertificateBatch) -> int:
    with batches.finished_pdf(batch) as opened:
        body = io.BytesIO(opened.read())
    with pikepdf.open(body) as document:
        return len(document.pages)


@pytest.mark.django_db(transaction=True)
def test_parts_are_drawn_by_turns_and_put_together() -> None:
    office = HonorOffice()
    for number in range(5):
        make_award(name=f"甲{number}")
    make_award(name="撤销", state="revoked", state_number="1", state_reason="1",
               state_on=timezone.localdate())  # fmt: skip
    make_award(name="待确认", confirmed=False)
    batch = batches.order(SheetKind.CERTIFICATES, Award.objects.in_order(), "2026", office.staff)
    assert batch.count == 5
    done: list[int] = []
    workers = ("one", "two")
    while batches.work_once(workers[len(done) % 2]):
        progress = batches.progress_of(batch)
        done.append(progress.done)
        if not progress.is_finished:
            with pytest.raises(ChangedMeanwhile):
                batches.finished_pdf(batch)
    assert done == [2, 4, 5]
    assert pages(batch) == 5
    assert StoredFile.objects.filter(owner_kind=batches.OWNER_KIND).count() == 3
    assert "Drawing certificates" in WORKER_JOBS


@pytest.mark.django_db(transaction=True)
def test_what_fails_is_tried_again_and_then_put_aside() -> None:
    office = HonorOffice()
    make_award()
    batch = batches.order(SheetKind.CERTIFICATES, Award.objects.all(), "", office.staff)
    with mock.patch.object(batches, "certificates_pdf", side_effect=OSError("disk full")):
        for _attempt in range(MAX_ATTEMPTS):
            CertificatePart.objects.update(available_at=timezone.now())
            assert batches.work_once("one")
    progress = batches.progress_of(batch)
    assert progress.is_stuck and progress.failed == 1
    assert not batches.work_once("one")
    client = Client()
    client.force_login(office.staff)
    page = client.get(f"/honor-roll/certificates/{batch.pk}/")
    assert "有证书未能制作" in page.content.decode() and "Refresh" not in page.headers
    assert client.post(f"/honor-roll/certificates/{batch.pk}/").status_code == 302
    assert batches.work_once("one")
    assert batches.progress_of(batch).is_finished


@pytest.mark.django_db(transaction=True)
def test_sheets_older_than_a_revocation_are_not_handed_out() -> None:
    office = HonorOffice()
    award = make_award()
    batch = batches.order(SheetKind.CERTIFICATES, Award.objects.all(), "", office.staff)
    assert batches.work_once("one")
    assert pages(batch) == 1
    change = changes.propose(
        award.pk,
        "suspend",
        number="测党发〔2026〕29号",
        reason="核查中",
        decided_on=timezone.localdate(),
        by=office.staff,
    )
    changes.confirm(change.pk, office.approver)
    with pytest.raises(ChangedMeanwhile):
        batches.finished_pdf(batch)


@pytest.mark.django_db(transaction=True)
def test_the_worker_of_the_portal_draws_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(worker: str) -> bool:
        raise RuntimeError("one that fails")

    # What fails stands before it and must not keep it waiting.
    jobs = {"broken": broken, **WORKER_JOBS}
    monkeypatch.setattr("portal.archives.management.commands.archive_worker.WORKER_JOBS", jobs)
    office = HonorOffice()
    make_award()
    batch = batches.order(SheetKind.CERTIFICATES, Award.objects.all(), "", office.staff)
    call_command("archive_worker", once=True, no_schedule=True)
    assert batches.progress_of(batch).is_finished


def test_nothing_too_much_and_plates_for_posts_only(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = HonorOffice()
    with pytest.raises(NotPossible):
        batches.order(SheetKind.CERTIFICATES, Award.objects.all(), "", office.staff)
    make_award()
    with pytest.raises(NotPossible):
        batches.order(SheetKind.PLATES, Award.objects.all(), "", office.staff)
    make_award(post_title(), "瓦检一岗")
    assert batches.order(SheetKind.PLATES, Award.objects.all(), "", office.staff).count == 1
    monkeypatch.setattr(batches, "MOST_SHEETS", 1)
    with pytest.raises(NotPossible):
        batches.order(SheetKind.CERTIFICATES, Award.objects.all(), "", office.staff)
    assert CertificateBatch.objects.count() == 1


def test_the_pages_of_batches(db: None) -> None:
    office = HonorOffice()
    make_award()
    client = Client()
    client.force_login(office.staff)
    assert "制作1张证书" in client.get("/honor-roll/certificates/").content.decode()
    nothing = client.post("/honor-roll/certificates/", {"year": "1999", "certificates": "1"})
    assert nothing.status_code == 422
    answer = client.post("/honor-roll/certificates/", {"year": "2026", "certificates": "1"})
    page = client.get(answer.headers["Location"])
    assert page.headers["Refresh"] == "5"
    assert "共1张" in page.content.decode()
    early = client.get(f"{answer.headers['Location']}file/")
    assert early.status_code == 302
    assert CertificatePart.objects.get().status == WorkStatus.WAITING
    reader = Client()
    reader.force_login(office.reader)
    assert reader.get(answer.headers["Location"]).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_old_batches_go_with_their_files() -> None:
    office = HonorOffice()
    make_award()
    batch = batches.order(SheetKind.CERTIFICATES, Award.objects.all(), "", office.staff)
    batches.work_once("one")
    batches.forget_old()
    assert CertificateBatch.objects.exists()
    before = timezone.now() - datetime.timedelta(days=8)
    CertificateBatch.objects.filter(pk=batch.pk).update(requested_at=before)
    batches.forget_old()
    assert not CertificateBatch.objects.exists()
    assert not StoredFile.objects.exists()


def test_codes_are_printed_in_groups() -> None:
    assert grouped_code("abcdefgh23") == "abcd efgh 23"
