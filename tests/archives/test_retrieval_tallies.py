"""The counts of alike records are right after everything that can happen to a record."""

from __future__ import annotations

import datetime
import threading
import uuid

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from portal.archives.models import Record, RecordTally
from portal.archives.retrieval import tallies
from tests.archives.found_records import make_record
from tests.factories.organizations import make_branch

pytestmark = [pytest.mark.database]


def counted() -> int:
    """How many records the counts say there are."""
    return RecordTally.objects.aggregate(number=Sum("number"))["number"] or 0


@pytest.mark.django_db
def test_counts_follow_records_that_appear_change_and_go():
    before = Record.objects.count()
    assert counted() == before
    records = [make_record() for _ in range(5)]
    assert counted() == before + 5

    Record.objects.filter(pk=records[0].pk).update(state="pool", class_code="DQ01", period="Y")
    records[1].unit = make_branch()
    records[1].access_level = "open"
    records[1].save()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archives_record SET state = 'accepted' WHERE kind = 'news'")
    Record.objects.filter(pk=records[2].pk).update(title="题名不计数")
    records[3].render.delete()
    Record.objects.filter(pk=records[3].pk).delete()

    assert tallies.differences(connection) == 0
    assert counted() == before + 4


@pytest.mark.django_db
def test_a_change_of_nothing_that_is_counted_adds_no_row():
    record = make_record()
    before = RecordTally.objects.count()

    record.title = "另一个题名"
    record.save()

    assert RecordTally.objects.count() == before


@pytest.mark.django_db
def test_tidying_up_keeps_the_counts_and_drops_what_cancels_out():
    for _ in range(6):
        make_record(kind="policy")
    Record.objects.filter(kind="policy").update(state="pool")
    Record.objects.filter(kind="policy").update(state="accepted")
    number = counted()

    assert tallies.compact(at_least=1_000) == 0
    assert tallies.compact(at_least=1) > 0

    assert tallies.differences(connection) == 0
    assert counted() == number
    assert RecordTally.objects.get(kind="policy").number == 6
    assert not RecordTally.objects.filter(loose=True).exists()


@pytest.mark.django_db
def test_lost_triggers_come_back_after_migrate_with_right_counts():
    tallies.remove(connection)
    assert tallies.missing(connection)
    make_record()
    assert tallies.differences(connection) == 1

    tallies.install_after_migrate()

    assert tallies.missing(connection) == []
    assert tallies.differences(connection) == 0
    make_record()
    assert tallies.differences(connection) == 0


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_counted():
    before = counted()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_record()
        _ = 1 / 0
    assert counted() == before


@pytest.mark.django_db(transaction=True)
def test_tidying_up_while_others_write_loses_nothing():
    stop = threading.Event()
    day = datetime.date(2026, 1, 1)
    faults: list[Exception] = []

    def write() -> None:
        try:
            for number in range(60):
                with transaction.atomic():
                    record = Record.objects.create(
                        id=uuid.uuid4(),
                        source_kind="page",
                        source_id=f"thread-{uuid.uuid4()}",
                        version=1,
                        kind="news",
                        title=f"{number}",
                        business_date=day,
                        year=2026,
                        captured_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
                        content_sha256="0" * 64,
                    )
                    Record.objects.filter(pk=record.pk).update(state="pool")
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    def tidy() -> None:
        try:
            while not stop.is_set():
                tallies.compact(at_least=1)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(3)]
    cleaner = threading.Thread(target=tidy)
    for thread in (*writers, cleaner):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    cleaner.join()

    assert faults == []
    assert tallies.differences(connection) == 0


@pytest.mark.django_db(transaction=True)
def test_room_that_deleted_sums_left_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        assert not tallies.shrink()
        return
    monkeypatch.setattr(tallies, "SMALL_TABLE_BYTES", 0)
    make_record(kind="policy")
    number = counted()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {tallies.TALLIES} (year, kind, state, class_code, period, access_level,"
            " code_series, number, loose)"
            " SELECT 1999, 'x', 'pool', '', '', 'open', '', 1, true FROM generate_series(1, 5000)"
        )
        cursor.execute(f"DELETE FROM {tallies.TALLIES} WHERE year = 1999")

    def size() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_relation_size('{tallies.TALLIES}')")
            return int(cursor.fetchone()[0])

    monkeypatch.setattr(tallies, "MOST_BYTES_OF_A_ROW", 10**9)
    assert not tallies.shrink()
    monkeypatch.setattr(tallies, "MOST_BYTES_OF_A_ROW", 0)
    before = size()
    assert tallies.shrink()
    assert size() < before
    assert counted() == number
    assert tallies.differences(connection) == 0


@pytest.mark.django_db(transaction=True)
def test_a_table_in_use_is_left_for_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL locks tables for that")
    monkeypatch.setattr(tallies, "SMALL_TABLE_BYTES", 0)
    monkeypatch.setattr(tallies, "MOST_BYTES_OF_A_ROW", 0)
    monkeypatch.setattr(tallies, "LOCK_PATIENCE", "50ms")
    reads, done = threading.Event(), threading.Event()

    def read() -> None:
        try:
            with transaction.atomic():
                RecordTally.objects.count()
                reads.set()
                done.wait(10)
        finally:
            connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert reads.wait(10)
        assert not tallies.shrink()
    finally:
        done.set()
        reader.join()
    assert tallies.shrink()
