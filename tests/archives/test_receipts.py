"""Receipts: what they hold, who gets them, and that a stranger's check refuses every damage."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from portal.archives import renders
from portal.archives.models import Record
from portal.archives.receipts.document import receipt_pdf
from portal.archives.receipts.making import NoReceiptYet, Receipt, receipt_of
from portal.archives.tree import heads, keys, proofs
from tests.archives.observation import records
from tests.factories.archives import main_body
from tests.factories.pages import make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> None:
    """Files of their own for every test."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"


@pytest.fixture
def record() -> Record:
    """A published page in the archive, its files not made yet."""
    return records(make_news_page(title="安全生产月动员会", live=True))[0]


@pytest.fixture
def receipt(record: Record) -> Receipt:
    """The receipt of a record whose files are made, under the head of the day."""
    renders.work_all()
    heads.make()
    return receipt_of(record)


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def test_there_is_no_receipt_before_the_files_and_before_the_head(record: Record) -> None:
    with pytest.raises(NoReceiptYet):
        receipt_of(record)
    renders.work_all()
    with pytest.raises(NoReceiptYet):
        receipt_of(record)
    page = signed_in("archivist").get(reverse("archive_receipt", args=[record.pk]))
    assert page.status_code == 409
    heads.make()
    assert receipt_of(record).files


def test_the_proof_inside_is_one_that_the_command_line_checks_too(receipt: Receipt) -> None:
    verdict = proofs.check(receipt.content["proof"], [], keys.trusted_keys())
    assert verdict.anchored
    names = {file["sha256"] for file in receipt.files}
    assert hashlib.sha256(main_body(receipt.record)).hexdigest() in names


def test_the_pdf_is_one_page_and_brings_the_receipt_along(receipt: Receipt) -> None:
    body = receipt_pdf(receipt)
    with pikepdf.open(io.BytesIO(body)) as document:
        assert len(document.pages) == 1
        (name,) = document.attachments
        attached = document.attachments[name].get_file().read_bytes()
    assert json.loads(attached) == receipt.content


def test_whoever_sees_the_record_takes_its_receipt_and_nobody_else(receipt: Receipt) -> None:
    names = ("archive_receipt", "archive_receipt_document", "archive_receipt_file")
    for name in names:
        address = reverse(name, args=[receipt.record.pk])
        assert signed_in("archivist").get(address).status_code == 200
        assert Client().get(address).status_code in (302, 404)
    file = signed_in("archivist").get(reverse(names[2], args=[receipt.record.pk]))
    assert json.loads(file.content) == receipt.content


def test_anybody_takes_the_page_that_checks_and_it_reaches_for_nothing() -> None:
    answer = Client().get(reverse("archive_receipt_verifier"))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert str(keys.public_key()) in text
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text
