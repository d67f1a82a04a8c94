"""One application from draft to the archive, and what happens on the way aside."""

from __future__ import annotations

import io
import json
import subprocess

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from portal.archives import file_access
from portal.archives.inspection.services import inspect
from portal.archives.models import AccessLevel, Record
from portal.archives.renders import work_all as make_files
from portal.cases.models import ClosedFile, Rating
from tests.factories.people import make_user
from tests.factories.support import Journey, make_journey
from veterans.applications.letters import letter_pdf

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def monday(time_machine, tmp_path, settings):
    """A Monday without holidays near it, and folders of its own."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def journey() -> Journey:
    """A draft that is ready."""
    return make_journey()


def test_an_application_runs_to_the_archive(journey: Journey) -> None:
    case = journey.to("closed")
    states = list(case.events.order_by("sequence").values_list("to_state", flat=True))
    assert states == [
        *("submitted", "accepted", "reviewed", "notice"),
        *("approved", "paying", "paid", "closed"),
    ]
    record = Record.objects.get(source_kind="case", source_id=str(case.pk))
    assert record.access_level == AccessLevel.CONTROLLED
    assert record.title == f"住房补贴 {case.number}"
    assert Rating.objects.get(case=case).level == 5
    assert json.loads(ClosedFile.objects.get(case=case).content)["state"] == "closed"
    assert record.files.filter(role="document").count() == case.documents.count() > 0


def test_a_closed_file_passes_the_checks_of_the_archive(journey: Journey) -> None:
    """Steps that the portal took by a rule are answered for by the rule."""
    journey.to("closed")
    make_files()
    record = Record.objects.get(source_kind="case")
    found = inspect(record)
    assert found.passed, found.failed_codes
    text = record.files.get(role="pdf")
    words = pdf_words(file_access.read(text))
    assert journey.application.name in words
    assert "办理过程" in words


# ---- Letters


def pdf_words(body: bytes) -> str:
    """Return the text of a PDF without its white space."""
    made = subprocess.run(["pdftotext", "-", "-"], input=body, stdout=subprocess.PIPE, check=True)
    return "".join(made.stdout.decode().split())


def letter_text(journey: Journey, transition: str) -> str:
    event = journey.case.events.get(transition=transition)
    with pikepdf.open(io.BytesIO(letter_pdf(journey.case, event))) as document:
        assert document.Root.Lang == "zh-Hans"
    return "".join(pdf_words(letter_pdf(journey.case, event)))


def test_every_letter_says_what_was_decided_and_hides_the_name(journey: Journey) -> None:
    journey.to("paid")
    words = {kind: letter_text(journey, kind) for kind in ("submit", "accept", "approve")}
    assert "视为受理" in words["submit"]
    assert "20个工作日" in words["accept"]
    assert "核定金额18000.00元" in words["approve"]
    for text in words.values():
        assert journey.application.name not in text
        assert journey.application.identity_number not in text
        assert journey.case.number in text


def test_a_refusal_gives_the_reason_and_the_remedy(journey: Journey) -> None:
    journey.to("rejected")
    text = letter_text(journey, "reject")
    assert "不符合第三条第二项" in text
    assert "复核" in text


def test_letters_are_handed_out_to_those_who_read_the_case(journey: Journey) -> None:
    journey.to("accepted")
    address = reverse("support_letter", args=[journey.case.pk, 2])
    for user, status in (
        (journey.applicant, 200),
        (journey.office.station, 200),
        (journey.office.payer, 200),
        (make_user("discipline_auditor"), 200),
        (make_user("employee"), 404),
        (make_user("archivist"), 404),
    ):
        client = Client()
        client.force_login(user)
        assert client.get(address).status_code == status, user
    client.force_login(journey.applicant)
    for missing in (1 + journey.case.sequence, 99):
        gone = reverse("support_letter", args=[journey.case.pk, missing])
        assert client.get(gone).status_code == 404
