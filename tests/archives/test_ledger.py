"""Nothing in the ledger changes: it is refused, and where it is forced it is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from wagtail.models import Page

from portal.archives import file_access, ledger, triggers
from portal.archives.models import EntryPayload, LedgerEntry, Record, RecordFile
from portal.archives.renders import work_all
from tests.archives.observation import assert_recorded, assert_sound, events, records, stored
from tests.factories.files import make_document, make_picture
from tests.factories.pages import change_draft, make_news_page

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

TABLE = LedgerEntry._meta.db_table


def run(command: str, *arguments: str) -> tuple[dict[str, Any], int]:
    """Run a command with --json; return what it printed and its exit code."""
    output, code = StringIO(), 0
    try:
        call_command(command, "--json", *arguments, stdout=output, stderr=StringIO())
    except SystemExit as ended:
        code = int(ended.code or 0)
    printed: dict[str, Any] = json.loads(output.getvalue())
    return printed, code


def execute(statement: str, parameters: Any = None) -> None:
    """Run a statement below the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def vendor_statements() -> list[str]:
    """Statements that change the ledger, as the database at hand knows them."""
    statements = [
        f"UPDATE {TABLE} SET kind = 'end' WHERE sequence = 1",
        f"UPDATE {TABLE} SET sequence = sequence",
        f"DELETE FROM {TABLE} WHERE sequence = 1",
        f"DELETE FROM {TABLE}",
    ]
    if connection.vendor == "sqlite":
        return [
            *statements,
            f"INSERT OR REPLACE INTO {TABLE} SELECT sequence, 'end', record_id, commitment,"
            f" previous_hash, entry_hash FROM {TABLE} WHERE sequence = 1",
            f"REPLACE INTO {TABLE} SELECT 999, kind, record_id, commitment, previous_hash,"
            f" entry_hash FROM {TABLE} WHERE sequence = 1",
            f"INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE sequence = 1"
            " ON CONFLICT (sequence) DO UPDATE SET kind = 'end'",
        ]
    return [
        *statements,
        f"TRUNCATE {TABLE}",
        f"TRUNCATE {TABLE} CASCADE",
        f"SET LOCAL session_replication_role = replica; DELETE FROM {TABLE}",
        f"INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE sequence = 1"
        " ON CONFLICT (sequence) DO UPDATE SET kind = 'end'",
    ]


def orm_attempts() -> list[Callable[[], Any]]:
    """The ORM's ways to change a row."""
    entry = LedgerEntry.objects.get(sequence=1)
    entry.kind = "end"
    copy = LedgerEntry(
        **{field.attname: getattr(entry, field.attname) for field in entry._meta.fields}
    )
    return [
        entry.save,
        LedgerEntry.objects.get(sequence=1).delete,
        LedgerEntry.objects.all().delete,
        lambda: LedgerEntry.objects.filter(sequence=1).update(kind="end"),
        lambda: LedgerEntry.objects.bulk_update([entry], ["kind"]),
        lambda: LedgerEntry.objects.update_or_create(sequence=1, defaults={"kind": "end"}),
        lambda: LedgerEntry.objects.bulk_create(
            [copy], update_conflicts=True, unique_fields=["sequence"], update_fields=["kind"]
        ),
    ]


def test_every_way_to_change_the_ledger_is_refused():
    make_news_page(title="甲", live=True)
    before = list(LedgerEntry.objects.values())

    attempts: list[Callable[[], Any]] = [
        *orm_attempts(),
        *(lambda statement=statement: execute(statement) for statement in vendor_statements()),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert list(LedgerEntry.objects.values()) == before
    assert triggers.missing(connection) == []


def test_the_guards_come_back_after_a_table_was_remade():
    make_news_page(title="甲", live=True)
    if connection.vendor == "sqlite":
        with connection.schema_editor() as editor:
            # What an ordinary AlterField of a later release does.
            editor._remake_table(LedgerEntry)  # type: ignore[attr-defined]
        assert triggers.missing(connection), "SQLite drops triggers with the table it remakes"
    else:
        execute(f"ALTER TABLE {TABLE} ADD COLUMN later varchar(30) NOT NULL DEFAULT ''")
        execute(f"ALTER TABLE {TABLE} DROP COLUMN later")
        execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_no_change")
        assert triggers.missing(connection) == [f"{TABLE}_no_change"]

    triggers.install(connection)

    assert triggers.missing(connection) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(f"DELETE FROM {TABLE}")
    assert_sound()


def test_migrate_installs_the_guards_and_the_worker_asks_for_them():
    from django.core.management.base import CommandError

    triggers.remove(connection)
    try:
        assert triggers.missing(connection)
        with pytest.raises(CommandError):
            call_command("archive_worker", "--once", "--no-schedule")
        call_command("migrate", verbosity=0)
        assert triggers.missing(connection) == []
    finally:
        triggers.install(connection)


# ---- What is forced is found


def flip_a_bit(path: Path) -> None:
    """Change one bit in the middle of a file."""
    path.chmod(0o640)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(bytes(body))


def put_in_place_of(path: Path, body: bytes) -> None:
    """Write other bytes where stored ones lie."""
    path.chmod(0o640)
    path.write_bytes(body)


def file_of(record: Record, role: str) -> RecordFile:
    """One file of a record."""
    return RecordFile.objects.get(record=record, role=role)


def path_of(record: Record, role: str) -> Path:
    """Where the bytes of a file of a record lie."""
    return file_access.path_of(file_of(record, role))


def swap(first: Path, second: Path) -> None:
    """Exchange the bytes of two stored files."""
    one, other = first.read_bytes(), second.read_bytes()
    put_in_place_of(first, other)
    put_in_place_of(second, one)


def forced(statement: str, *parameters: Any) -> Callable[[Record], None]:
    """Return a change made below the ORM with the guards taken away."""

    def change(record: Record) -> None:
        sequence = LedgerEntry.objects.get(record_id=record.pk, kind="capture").sequence
        execute(statement, [*parameters, sequence])

    return change


def flip_a_bit_of(column: str) -> Callable[[Record], None]:
    """Return a change of one bit in a hexadecimal column of the ledger."""

    def change(record: Record) -> None:
        entry = LedgerEntry.objects.get(record_id=record.pk, kind="capture")
        value = getattr(entry, column)
        flipped = f"{int(value[0], 16) ^ 1:x}{value[1:]}"
        execute(f"UPDATE {TABLE} SET {column} = %s WHERE sequence = %s", [flipped, entry.sequence])

    return change


def swap_rows(record: Record) -> None:
    """Exchange two rows of the ledger."""
    for old, new in ((1, 100_001), (2, 1), (100_001, 2)):
        execute(f"UPDATE {TABLE} SET sequence = %s WHERE sequence = %s", [new, old])


def rewrite_with_right_hash(record: Record) -> None:
    """Change a row and recompute its hash: the next row still knows the old one."""
    entry = LedgerEntry.objects.get(record_id=record.pk, kind="capture")
    fresh = ledger.entry_hash(
        entry.sequence, "end", entry.record_id, entry.commitment, entry.previous_hash
    )
    execute(
        f"UPDATE {TABLE} SET kind = 'end', entry_hash = %s WHERE sequence = %s",
        [fresh, entry.sequence],
    )


def change_a_letter_of_the_payload(record: Record) -> None:
    """Change one character in the middle of what lies behind the capture, plain or sealed."""
    sequence = LedgerEntry.objects.get(record_id=record.pk, kind="capture").sequence
    body = EntryPayload.objects.get(sequence=sequence).body
    place = len(body) // 2
    other = "A" if body[place] != "A" else "B"
    EntryPayload.objects.filter(sequence=sequence).update(
        body=body[:place] + other + body[place + 1 :]
    )


TAMPERING: dict[str, tuple[Callable[[Record], object], str]] = {
    "one bit of a hash": (flip_a_bit_of("entry_hash"), "ledger:{capture}"),
    "one bit of a commitment": (flip_a_bit_of("commitment"), "ledger:{capture}"),
    "another event": (
        forced(f"UPDATE {TABLE} SET kind = %s WHERE sequence = %s", "end"),
        "ledger:{capture}",
    ),
    "another event with its right hash": (rewrite_with_right_hash, "ledger:"),
    "a row deleted": (forced(f"DELETE FROM {TABLE} WHERE sequence = %s"), "ledger:"),
    "rows swapped": (swap_rows, "ledger:1"),
    "a changed payload": (change_a_letter_of_the_payload, "ledger:{capture}"),
    "a payload erased without a tombstone": (
        forced("DELETE FROM archives_entrypayload WHERE sequence = %s"),
        "ledger:{capture}",
    ),
    "a changed title": (
        lambda record: Record.objects.filter(pk=record.pk).update(title="乙") and None,
        "record:{record}",
    ),
    "a changed date": (
        lambda record: (
            Record.objects.filter(pk=record.pk).update(business_date="2001-01-01") and None
        ),
        "record:{record}",
    ),
    "a record deleted": (
        lambda record: Record.objects.filter(pk=record.pk).delete() and None,
        "ledger:{capture}",
    ),
    "another digest for a file": (
        lambda record: (
            RecordFile.objects.filter(record=record, role="pdf").update(
                sha256=file_of(record, "snapshot").sha256
            )
            and None
        ),
        "record:{record}",
    ),
    "a file's row deleted": (
        lambda record: RecordFile.objects.filter(record=record, role="pdf").delete() and None,
        "record:{record}",
    ),
    "one bit of a stored file": (
        lambda record: flip_a_bit(path_of(record, "document")),
        "file:{record}:",
    ),
    "a stored file cut short": (
        lambda record: put_in_place_of(path_of(record, "pdf"), b"%PDF-1.7"),
        "file:{record}:",
    ),
    "two stored files swapped": (
        lambda record: swap(path_of(record, "pdf"), path_of(record, "document")),
        "file:{record}:",
    ),
    "a stored file gone": (
        lambda record: path_of(record, "snapshot").unlink(),
        "file:{record}:",
    ),
}


@pytest.fixture(params=["public", "employees"])
def record(request, tmp_path, settings) -> Record:
    """The middle one of three records with their files, stored plain or sealed."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    for title in ("前", "甲", "后"):
        body = [("attachments", {"title": "", "attachments": [{"document": make_document()}]})]
        make_news_page(
            title=title, live=True, audience=request.param, picture=make_picture(), body=body
        )
    work_all()
    assert run("archive_verify") == (
        {
            "entries": LedgerEntry.objects.count(),
            "records": Record.objects.count(),
            "destroyed": [],
            "faults": [],
        },
        0,
    )
    found = Record.objects.get(title="甲")
    found.refresh_from_db()
    return found


@pytest.fixture
def unguarded():
    """The ledger without its guards, as for somebody who owns the database."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


@pytest.mark.slow
def test_whatever_is_tampered_with_is_found_and_named(record, unguarded, tmp_path):
    """Each change in turn, on its own savepoint and with its own copy of the stored files."""
    import shutil

    archive = tmp_path / "archive"
    shutil.copytree(archive, tmp_path / "kept")
    capture = LedgerEntry.objects.get(record_id=record.pk, kind="capture").sequence
    for name, (tamper, expected) in TAMPERING.items():
        with transaction.atomic():
            tamper(record)
            printed, code = run("archive_verify")
            transaction.set_rollback(True)
        shutil.rmtree(archive)
        shutil.copytree(tmp_path / "kept", archive)
        places = [fault["place"] for fault in printed["faults"]]
        wanted = expected.format(record=record.pk, capture=capture)
        assert code == 1, name
        assert any(place.startswith(wanted) for place in places), (name, places)
    assert run("archive_verify")[1] == 0


def test_a_destruction_with_its_tombstone_is_no_fault():
    page = make_news_page(title="甲", live=True)
    record = records(page)[0]
    with transaction.atomic():
        EntryPayload.objects.filter(
            sequence__in=LedgerEntry.objects.filter(record_id=record.pk).values("sequence")
        ).delete()
        ledger.append([ledger.Draft(ledger.DESTROY, record.pk, {"record": record.pk})])
    assert list(ledger.faults()) == []


# ---- Reconciliation


def test_reconciliation_finds_what_went_past_the_capture_and_repairs_it_openly():
    past = make_news_page(title="绕过登记")
    changed = make_news_page(title="改动", live=True)
    ghost = make_news_page(title="下线", live=True)
    Page.objects.filter(pk=past.pk).update(live=True)
    Page.objects.filter(pk=changed.pk).update(title="绕过改动")
    Page.objects.filter(pk=ghost.pk).update(live=False)

    found, code = run("archive_reconcile")
    assert code == 1
    assert {(one["problem"], one["source_id"]) for one in found["found"]} == {
        ("missing", str(past.pk)),
        ("changed", str(changed.pk)),
        ("orphan", str(ghost.pk)),
    }
    assert records(past) == []

    repaired, code = run("archive_reconcile", "--repair", "--reason", "批量导入未登记")
    assert (repaired["repaired"], repaired["remaining"], code) == (3, 0, 0)

    assert_recorded(past, "绕过登记")
    assert_recorded(changed, "改动", "绕过改动")
    late = records(past)[0]
    assert late.late
    assert events(past) == ["late-capture"]
    assert events(ghost) == ["capture", "end"]
    entry = LedgerEntry.objects.get(record_id=late.pk)
    assert ledger.payload_of(entry.sequence)["reason"] == "批量导入未登记"
    assert run("archive_reconcile")[1] == 0


def test_a_record_that_was_deleted_is_found():
    page = make_news_page(title="甲", live=True)
    Record.objects.filter(pk=records(page)[0].pk).delete()
    found, code = run("archive_reconcile")
    assert code == 1
    assert [one["problem"] for one in found["found"]] == ["missing"]


def test_a_late_version_does_not_take_the_place_of_the_open_one():
    page = make_news_page(title="第一版", live=True)
    Page.objects.filter(pk=page.pk).update(title="第二版")
    run("archive_reconcile", "--repair", "--reason", "x")
    change_draft(stored(page), None, title="第三版").publish()
    assert_recorded(page, "第一版", "第二版", "第三版")
    assert [record.late for record in records(page)] == [False, True, False]
