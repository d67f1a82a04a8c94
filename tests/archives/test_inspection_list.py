"""The page of checks that were not passed: who reads it, what it names, what it costs."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.archives.inspection.listing import not_passed, progress, waiting_count
from portal.archives.models import AccessLevel, Inspection, InspectionStage, Record, RecordState
from portal.archives.models.inspections import Verdict
from tests.factories.archives import bare_record
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FILING, LONG_TERM = InspectionStage.FILING, InspectionStage.LONG_TERM


def checked(record: Record, *runs: tuple[str, str]) -> None:
    """Write checks of a record, one after the other."""
    for stage, verdict in runs:
        Inspection.objects.create(
            record=record,
            stage=stage,
            verdict=verdict,
            failed_codes=["1-2", "4-1"] if verdict == Verdict.FAIL else [],
            inspected_at=timezone.now(),
        )


def client_of(role: str) -> Client:
    """A browser of somebody with this role."""
    client = Client()
    client.force_login(make_user(role))
    return client


def test_only_the_last_check_of_a_record_counts() -> None:
    damaged, mended, sound = (
        bare_record(title=title, access_level=AccessLevel.OPEN) for title in ("甲", "乙", "丙")
    )
    checked(damaged, (FILING, Verdict.PASS), (LONG_TERM, Verdict.FAIL))
    checked(mended, (FILING, Verdict.FAIL), (FILING, Verdict.PASS))
    checked(sound, (FILING, Verdict.PASS))
    assert [row.record for row in not_passed()] == [damaged]
    assert [row.record for row in not_passed(FILING)] == []
    assert waiting_count(None) == 1


def test_the_page_names_record_stage_and_codes_and_leads_to_the_report() -> None:
    record = bare_record(title="第一党小组学习会", access_level=AccessLevel.OPEN)
    checked(record, (LONG_TERM, Verdict.FAIL))
    text = client_of("archivist").get(reverse("archive_inspections")).content.decode()
    for words in ("第一党小组学习会", "长期保存（CQ）", "1-2、4-1"):
        assert words in text
    assert f"{reverse('archive_inspection', args=[record.pk])}?run=" in text
    filtered = client_of("archivist").get(reverse("archive_inspections"), {"stage": FILING})
    assert "第一党小组学习会" not in filtered.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("archivist", 200),
        ("discipline_auditor", 200),
        ("part_time_archivist", 403),
        ("party_staff", 403),
        ("employee", 403),
    ],
)
def test_who_reads_the_page(role: str, status: int) -> None:
    assert client_of(role).get(reverse("archive_inspections")).status_code == status


def test_progress_tells_what_was_not_checked_in_time() -> None:
    for days in (400, 10):
        Record.objects.filter(pk=bare_record().pk).update(
            state=RecordState.ACCEPTED,
            accepted_at=timezone.now() - datetime.timedelta(days=days),
        )
    found = progress()
    assert (found.kept, found.overdue, found.days) == (2, 1, 365)


def test_the_page_costs_the_same_at_5_and_25_records() -> None:
    client, address = client_of("archivist"), reverse("archive_inspections")

    def cost(count: int) -> int:
        for number in range(count):
            record = bare_record(title=f"第{number}件", access_level=AccessLevel.OPEN)
            checked(record, (LONG_TERM, Verdict.FAIL))
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            text = client.get(address).content.decode()
        assert re.search(r"第\d+件", text)
        return len(queries)

    assert cost(5) == cost(20)
