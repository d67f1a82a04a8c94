"""Fixity: every file is read within its days, damage is named once, and repaired if possible."""

from __future__ import annotations

import datetime
import json
import os
import random
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from portal.archives import file_access, ledger, store
from portal.archives.fixity import faults, mirror, repairs, services, strays
from portal.archives.models import (
    AccessLevel,
    FixityFault,
    FixityProblem,
    LedgerEntry,
    Record,
    RecordFile,
    Render,
)
from portal.archives.renders import work_all
from tests.archives.mutations.intact import accepted, plain_record
from tests.archives.observation import assert_sound
from tests.factories.archives import bare_record
from tests.factories.files import make_document
from tests.factories.pages import make_news_page

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

FULL = os.environ.get("PORTAL_FAULTS") == "full"


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """Stores and a library of their own for every test."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    settings.ARCHIVE_MIRROR_ROOT = None
    Render.objects.update(available_at=timezone.now() + datetime.timedelta(days=3650))


@pytest.fixture
def second_store(tmp_path, settings) -> Path:
    """A second store."""
    settings.ARCHIVE_MIRROR_ROOT = tmp_path / "mirror"
    return tmp_path / "mirror"


def small_files(count: int, record: Record | None = None) -> list[RecordFile]:
    """Store small files of one open record, each with other bytes."""
    record = record or bare_record(access_level=AccessLevel.OPEN)
    now = timezone.now()
    rows = []
    for number in range(count):
        kept = store.put([f"第 {number} 号文件 {record.pk}\n".encode() * 3])
        rows.append(
            RecordFile(
                record=record,
                role="document",
                name=f"{number}.txt",
                media_type="text/plain",
                size=kept.size,
                sha256=kept.sha256,
                sm3=kept.sm3,
                source_object_id=number,
                stored_at=now,
            )
        )
    return RecordFile.objects.bulk_create(rows)


def published(title: str = "甲", **fields: Any) -> Record:
    """A record of a live page that cites a document, its files made."""
    body = [("attachments", {"title": "", "attachments": [{"document": make_document()}]})]
    make_news_page(title=title, live=True, body=body, **fields)
    work_all()
    return Record.objects.get(title=title)


def overwrite(file: RecordFile, body: bytes) -> None:
    """Write other bytes where a file lies."""
    path = file_access.path_of(file)
    path.unlink(missing_ok=True)
    path.write_bytes(body)


def flip(file: RecordFile) -> None:
    """Turn over one bit in the middle of a stored file."""
    body = bytearray(file_access.path_of(file).read_bytes())
    body[len(body) // 2] ^= 1
    overwrite(file, bytes(body))


def run(*arguments: str) -> tuple[dict[str, Any], int]:
    """Run archive_fixity; return its answer and its exit code."""
    output, code = StringIO(), 0
    try:
        call_command("archive_fixity", "--json", *arguments, stdout=output)
    except SystemExit as ended:
        code = int(ended.code or 0)
    answer: dict[str, Any] = json.loads(output.getvalue())
    return answer, code


def old(path: Path) -> None:
    """Let a file be older than what a worker writes at the moment."""
    os.utime(path, (0, 0))


# ---- What is found


@pytest.mark.faults
def test_intact_files_raise_no_alarm(caplog):
    count = 10_000 if FULL else 500
    small_files(count)
    entries = LedgerEntry.objects.count()
    answer, code = run("--all")
    assert (answer["read"], answer["faults"], code) == (count, [], 0)
    assert "ERROR" not in [record.levelname for record in caplog.records]
    assert LedgerEntry.objects.count() == entries


def test_every_kind_of_damage_is_found_and_named(caplog):
    files = small_files(60)
    order = random.Random(7)
    bad = order.sample(files, 8)
    missing, cut, longer, one_bit, first, second, empty, folder = bad
    file_access.path_of(missing).unlink()
    overwrite(cut, file_access.read(cut)[:-1])
    overwrite(longer, file_access.read(longer) + b"x")
    flip(one_bit)
    one, other = file_access.read(first), file_access.read(second)
    overwrite(first, other)
    overwrite(second, one)
    overwrite(empty, b"")
    file_access.path_of(folder).unlink()
    file_access.path_of(folder).mkdir()
    stray = store.path_of(store.put([b"nobody knows me"]).sha256)
    odd = stray.parent / "别人的.txt"
    odd.write_text("x")
    old(stray)
    old(odd)

    answer, code = run("--all")
    assert code == 1
    found = {fault["place"]: fault["problem"] for fault in answer["faults"]}
    root = store.path_of("0" * 64).parents[2]
    places = {file.pk: faults.place_of(file) for file in bad}
    swapped_kind = FixityProblem.CHANGED if len(one) == len(other) else FixityProblem.SIZE
    assert found == {
        places[missing.pk]: FixityProblem.MISSING,
        places[cut.pk]: FixityProblem.SIZE,
        places[longer.pk]: FixityProblem.SIZE,
        places[one_bit.pk]: FixityProblem.CHANGED,
        places[first.pk]: swapped_kind,
        places[second.pk]: swapped_kind,
        places[empty.pk]: FixityProblem.SIZE,
        places[folder.pk]: FixityProblem.UNREADABLE,
        stray.relative_to(root).as_posix(): FixityProblem.STRAY,
        odd.relative_to(root).as_posix(): FixityProblem.STRAY,
    }
    assert caplog.text.count("Damaged file of record") == 8
    assert caplog.text.count("belongs to no record") == 2
    assert stray.exists() and odd.exists(), "named, never removed"
    assert list(ledger.faults()) == []


def test_a_flipped_bit_is_found_in_any_file():
    files = small_files(40)
    for file in files:
        body = file_access.read(file)
        flip(file)
        reading = services.read_share(everything=True)
        assert [fault.file_id for fault in reading.damaged] == [file.pk]
        overwrite(file, body)
    services.read_share(everything=True)
    assert faults.open_faults() == 0


def test_sealed_files_are_read_as_well():
    record = published(audience="employees")
    assert record.access_level != AccessLevel.OPEN
    file = record.files.get(role="snapshot")
    assert file.sealed
    flip(file)
    (fault,) = services.read_share(everything=True).damaged
    assert (fault.file_id, fault.problem) == (file.pk, FixityProblem.CHANGED)


def test_a_row_with_another_digest_does_not_hide_behind_a_file_that_is_right():
    first, second = small_files(2)
    RecordFile.objects.filter(pk=second.pk).update(sha256=first.sha256, size=first.size + 1)
    (fault,) = services.read_share(everything=True).damaged
    assert (fault.file_id, fault.problem) == (second.pk, FixityProblem.SIZE)


def test_others_may_write_while_everything_is_read(monkeypatch):
    """As every other process of the portal does; SQLite minds a statement that stays open."""
    files = small_files(6)
    monkeypatch.setattr(services, "ROWS_AT_ONCE", 2)
    measured = services.measured

    def measured_beside_another(file):
        def write():
            Record.objects.filter(pk=file.record_id).update(title=f"第{file.pk}次改名")
            connections.close_all()

        other = threading.Thread(target=write)
        other.start()
        other.join()
        return measured(file)

    monkeypatch.setattr(services, "measured", measured_beside_another)
    assert services.read_share(everything=True).files == len(files)
    assert RecordFile.objects.filter(checked_at__isnull=False).count() == len(files)


# ---- One fault, one alarm


def test_damage_that_lasts_is_one_fault_and_one_entry(caplog):
    record = published()
    file = record.files.get(role="pdf")
    flip(file)
    for _ in range(3):
        services.read_share(everything=True)
    fault = FixityFault.objects.get()
    assert fault.seen_at > fault.found_at
    assert caplog.text.count("Damaged file of record") == 1
    entry = LedgerEntry.objects.get(kind=faults.DAMAGE)
    assert entry.record_id == record.pk
    payload = ledger.payload_of(entry.sequence)
    assert (payload["role"], payload["problem"]) == ("pdf", "changed")

    flip(file)
    services.read_share(everything=True)
    fault.refresh_from_db()
    assert (fault.closed_at is not None, fault.remedy) == (True, faults.BY_HAND)
    assert faults.open_faults() == 0
    assert_sound()

    flip(file)
    services.read_share(everything=True)
    assert FixityFault.objects.count() == 2, "new damage is a new fault"


def test_a_stray_that_is_gone_closes_its_fault():
    stray = store.path_of(store.put([b"stray"]).sha256)
    old(stray)
    assert faults.note_strays(strays.find()) == 1
    assert faults.note_strays(strays.find()) == 0
    stray.unlink()
    faults.note_strays(strays.find())
    assert FixityFault.objects.get().remedy == faults.GONE


def test_a_file_that_is_being_stored_is_no_stray():
    record = published()
    kept = store.put([b"its row comes later"])
    assert strays.find() == {}
    assert list(strays.find(youngest_seconds=0)) == [
        store.path_of(kept.sha256).relative_to(store.path_of("0" * 64).parents[2]).as_posix()
    ]
    assert record.files.count() == 4


# ---- The schedule


def test_every_file_is_read_within_its_days_whatever_is_stored_meanwhile(time_machine, settings):
    settings.FIXITY_DAYS = 30
    begin = datetime.datetime(2026, 11, 1, 1, tzinfo=datetime.UTC)
    time_machine.move_to(begin, tick=False)
    small_files(90)
    most = 0
    for day in range(1, 76):
        time_machine.move_to(begin + datetime.timedelta(days=day), tick=False)
        if day % 10 == 0:
            small_files(30)
        if day in (20, 21):
            continue  # nothing ran for two days
        most = max(most, services.read_share().files)
        assert services.overdue() == 0, day
    assert most <= 100, "the load is spread"
    assert RecordFile.objects.filter(checked_at=None).count() <= 90


def test_a_second_run_on_the_same_day_reads_nothing_more(time_machine, settings):
    settings.FIXITY_DAYS = 10
    time_machine.move_to("2026-11-01 08:00+08:00", tick=False)
    small_files(50)
    time_machine.move_to("2026-11-02 08:00+08:00", tick=False)
    assert services.read_share().files >= 5
    time_machine.move_to("2026-11-02 09:00+08:00", tick=False)
    assert services.read_share().files == 0
    time_machine.move_to("2026-11-03 09:00+08:00", tick=False)
    assert services.read_share().files >= 5


def test_what_was_not_read_in_time_is_caught_up_at_once(time_machine, settings):
    time_machine.move_to("2026-01-01 08:00+08:00", tick=False)
    small_files(20)
    time_machine.move_to("2026-11-01 08:00+08:00", tick=False)
    assert services.overdue() == 20
    assert services.read_share().files == 20
    assert services.overdue() == 0


# ---- The second store


def test_new_files_are_copied_and_damage_is_repaired_from_the_copy(second_store):
    record = published(audience="employees")
    files = list(record.files.all())
    assert mirror.mirror_new() == len(files)
    assert mirror.mirror_new() == 0
    assert {file.mirrored for file in record.files.all()} == {mirror.SEALED}

    bodies = {file.pk: file_access.read(file) for file in files}
    snapshot = record.files.get(role="snapshot")
    pdf = record.files.get(role="pdf")
    flip(snapshot)
    file_access.path_of(pdf).unlink()
    answer, code = run("--all", "--repair")
    assert (answer["repaired"], answer["faults"], code) == (2, [], 0)
    for file in files:
        assert file_access.read(file) == bodies[file.pk]
    assert {fault.remedy for fault in FixityFault.objects.all()} == {repairs.FROM_MIRROR}
    assert LedgerEntry.objects.filter(record_id=record.pk, kind=faults.REPAIR).count() == 2
    assert_sound()


def test_a_damaged_copy_repairs_nothing_and_damage_is_never_copied(second_store):
    good, bad = small_files(2)
    flip(bad)
    assert mirror.mirror_new() == 1
    assert faults.open_faults() == 1
    copy = mirror.mirrored_path(good)
    assert copy is not None
    copy.chmod(0o640)
    copy.write_bytes(b"other bytes")
    flip(good)
    answer, code = run("--all", "--repair")
    assert (answer["repaired"], code) == (0, 1)
    assert len(answer["faults"]) == 2


def test_originals_come_back_from_the_library_without_a_second_store():
    record = published()
    document = record.files.get(role="document")
    flip(document)
    answer, _code = run("--all", "--repair")
    assert answer["repaired"] == 1
    assert FixityFault.objects.get().remedy == repairs.FROM_LIBRARY
    assert_sound()


def test_a_copy_changes_its_form_with_the_file(second_store):
    record = bare_record(access_level=AccessLevel.OPEN)
    (file,) = small_files(1, record)
    mirror.mirror_new()
    plain = mirror.mirrored_path(file)
    assert plain is not None and plain.exists()

    from portal.archives.access.keys import ensure_key
    from portal.archives.access.vault import Vault

    body = file_access.read(file)
    Vault(record.pk, ensure_key(record.pk)).put([body])
    store.path_of(file.sha256).unlink()
    RecordFile.objects.filter(pk=file.pk).update(sealed=True)
    assert mirror.mirror_new() == 1
    file.refresh_from_db()
    copy = mirror.mirrored_path(file)
    assert copy is not None and copy.exists()
    assert body not in copy.read_bytes()
    assert not plain.exists(), "no plain copy of a sealed file stays"


def test_documents_that_are_made_again_are_copied_again_and_the_old_copies_go(second_store):
    record = plain_record()
    mirror.mirror_new()
    before = {file.role: mirror.mirrored_path(file) for file in record.files.all()}
    services.read_share(everything=True)

    accepted(record)
    made_again = record.files.get(role="metadata")
    assert (made_again.checked_at, made_again.mirrored) == (None, "")
    old_copy, new_copy = before["metadata"], mirror.mirrored_path(made_again)
    assert old_copy is not None and new_copy is not None and old_copy != new_copy
    assert not old_copy.exists()
    mirror.mirror_new()
    assert new_copy.exists()
    assert strays.find(youngest_seconds=0) == {}
