"""Days of decision follow a changed calendar."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.archives import ledger
from portal.archives.models import PoolItem, Record, RecordState
from portal.archives.pool import services
from portal.archives.pool.deadlines import recompute
from portal.archives.pool.intake import take_in
from portal.workdays.published import PublishedDay
from portal.workdays.services import write_year
from tests.factories.archives import archive_class, bare_record
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DECEMBER = datetime.datetime(2026, 12, 24, 1, tzinfo=datetime.UTC)


def item(kind: str = "intake", at: Any = DECEMBER, **fields: Any) -> PoolItem:
    record = bare_record(state=fields.pop("state", RecordState.POOL))
    with transaction.atomic():
        ledger.append([ledger.Draft("intake", record.pk, {"at": DECEMBER})])
        if kind != "intake":
            ledger.append([ledger.Draft(kind, record.pk, {"at": at})])
    values = {"due_on": datetime.date(2027, 1, 7), "due_on_estimated": True, **fields}
    return PoolItem.objects.create(record=record, entered_at=DECEMBER, **values)


def publish_2027() -> None:
    first = datetime.date(2027, 1, 1)
    days = [PublishedDay(first + datetime.timedelta(days=n), "holiday", "元旦") for n in range(3)]
    write_year(2027, days, source="国办发明电〔2026〕9号", moment=timezone.now())


def due(found: PoolItem) -> tuple[datetime.date | None, bool]:
    found.refresh_from_db()
    return found.due_on, found.due_on_estimated


def test_a_published_year_moves_the_day_and_ends_the_estimate() -> None:
    waiting = item()
    publish_2027()
    # Ten working days after Thursday, 24 December; New Year's Friday is off.
    assert due(waiting) == (datetime.date(2027, 1, 8), False)


@pytest.mark.parametrize("kind", ["return", "answer", "void-code", "bring-in"])
def test_the_newest_event_that_set_a_deadline_counts(kind: str) -> None:
    later = DECEMBER + datetime.timedelta(days=4)
    moved = item(kind, later, state=RecordState.RETURNED if kind == "return" else RecordState.POOL)
    publish_2027()
    assert due(moved) == (datetime.date(2027, 1, 12), False)


def test_an_event_without_a_moment_counts_from_the_entry() -> None:
    odd = item("answer", None)
    publish_2027()
    assert due(odd) == (datetime.date(2027, 1, 8), False)


def test_accepted_items_and_other_years_stay() -> None:
    accepted = item(state=RecordState.ACCEPTED)
    early = item(due_on=datetime.date(2025, 3, 3), due_on_estimated=False)
    publish_2027()
    assert due(accepted) == (datetime.date(2027, 1, 7), True)
    assert due(early) == (datetime.date(2025, 3, 3), False)


def test_reading_costs_the_same_for_one_and_for_many() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            recompute(frozenset({2027}))
        return len(captured)

    item()
    recompute(frozenset({2027}))
    few = queries()
    for _number in range(5):
        item()
    recompute(frozenset({2027}))
    assert queries() == few
    assert Record.objects.filter(pool_item__isnull=False).count() == 6


def test_only_what_waits_has_a_day_of_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index over the days holds the few open items, not everything ever accepted."""
    monkeypatch.setattr(services, "obstacles_of", lambda items: {one.pk: [] for one in items})
    waiting = item(archive_class=archive_class(), period="D10")
    archivist = make_user("archivist")
    services.accept(waiting.pk, archivist)
    assert due(waiting) == (None, False)
    services.void_acceptance(waiting.pk, archivist, "归错年度")
    assert due(waiting)[0] is not None

    newer = bare_record(
        source_id=waiting.record.source_id,
        previous=waiting.record,
        version=2,
        state=RecordState.CAPTURED,
    )
    take_in(newer.pk)
    assert due(waiting) == (None, False)
