"""Every accepted record passes the long-term checks once within the days that are set."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from portal.archives.inspection import rounds
from portal.archives.inspection.services import inspect
from portal.archives.models import Inspection, InspectionStage, Record, RecordState
from portal.archives.pool.services import accept
from portal.roles.daily_jobs import DAILY_JOBS
from tests.archives.mutations.intact import full_record
from tests.factories.archives import bare_record
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

CQ = InspectionStage.LONG_TERM
ACCEPTED_AT = datetime.datetime.fromisoformat("2026-01-05T09:00+08:00")


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """An archive of their own and ten days for every test."""
    settings.ARCHIVE_ROOT = tmp_path
    settings.LONG_TERM_CHECK_DAYS = 10


def kept(number: int, state: str = RecordState.ACCEPTED) -> Record:
    """A record that was accepted some hours after another."""
    record = bare_record(title=f"第{number}件")
    Record.objects.filter(pk=record.pk).update(
        state=state, accepted_at=ACCEPTED_AT + datetime.timedelta(minutes=number)
    )
    return record


def test_each_record_is_checked_once_in_its_time_the_longest_waiting_first(time_machine):
    records = [kept(number) for number in range(25)]
    for state in (RecordState.POOL, RecordState.APART, RecordState.SUPERSEDED):
        kept(99, state)
    seen: list[object] = []
    for day in range(1, 11):
        time_machine.move_to(ACCEPTED_AT + datetime.timedelta(days=day), tick=False)
        before = Inspection.objects.count()
        line = DAILY_JOBS["long-term-checks"].run()
        assert rounds.daily().startswith("0 records"), "the share of the day is done"
        new = list(Inspection.objects.order_by("pk")[before:])
        assert line.startswith(f"{len(new)} records checked")
        seen += [inspection.record_id for inspection in new]
    assert seen[:25] == [record.pk for record in records]
    assert {inspection.stage for inspection in Inspection.objects.all()} == {CQ}


def test_what_was_missed_is_made_up_for(time_machine, settings):
    settings.LONG_TERM_CHECK_DAYS = 30
    for number in range(6):
        kept(number)
    time_machine.move_to(ACCEPTED_AT + datetime.timedelta(days=29), tick=False)
    assert len(rounds.due(timezone.now())) == 6
    time_machine.move_to(ACCEPTED_AT + datetime.timedelta(days=20), tick=False)
    assert len(rounds.due(timezone.now())) == 1


def test_what_does_not_pass_or_cannot_be_checked_is_named_and_stops_nothing(
    time_machine, monkeypatch, caplog
):
    records = [kept(number) for number in range(3)]
    time_machine.move_to(ACCEPTED_AT + datetime.timedelta(days=20), tick=False)
    run = rounds.inspect

    def inspected(record: Record, stage: str) -> Inspection:
        if record.pk == records[1].pk:
            raise RuntimeError("cannot be checked")
        return run(record, stage)

    monkeypatch.setattr(rounds, "inspect", inspected)
    # A record of the factory has neither files nor entries, so it fails.
    assert rounds.daily() == "3 records checked, 2 not passed, 1 could not be checked"
    assert f"Record {records[1].pk} could not be checked" in caplog.text
    assert f"Record {records[0].pk} does not pass the long-term checks: 1-1" in caplog.text
    assert Inspection.objects.filter(stage=CQ).count() == 2


def test_documents_outdated_by_the_acceptance_are_made_again_and_are_no_fault(time_machine) -> None:
    """The number came after the last check, so the package does not name it yet."""
    record = full_record()
    assert inspect(record, InspectionStage.FILING).passed
    accept(record.pk, make_user("archivist"))
    record.refresh_from_db()
    assert record.accepted_at is not None
    time_machine.move_to(record.accepted_at + datetime.timedelta(days=20), tick=False)
    assert rounds.daily() == "1 records checked, 0 not passed, 0 could not be checked"
