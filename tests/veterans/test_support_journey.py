"""One application from draft to the archive, and what happens on the way aside."""

from __future__ import annotations

import json

import pytest

from portal.archives.models import AccessLevel, Record
from portal.cases.models import ClosedFile, Rating
from tests.factories.support import Journey, make_journey

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


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
