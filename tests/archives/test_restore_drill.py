"""A backup can be restored, whatever is wrong in it is named, and what was destroyed stays so."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.archives.recovery import reports, uploads
from portal.archives.recovery.backup import (
    CONTENTS,
    OBJECTS,
    PARTIAL,
    contents_of,
    digest_of,
    make_backup,
    newest_backup,
    stored_files,
)
from portal.archives.recovery.drill import drill
from portal.archives.recovery.refusals import RecoveryFailed
from tests.factories.appraisal import (
    EXPIRED_BY,
    accepted_records,
    branch_with_page,
    executed_list,
    people_of_a_list,
)
from tests.factories.files import make_picture
from tests.factories.people import make_user
from tests.factories.uploads import make_stored_file

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of their own, and what the restored portal needs to know of the running one."""
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", ",".join(settings.FIELD_ENCRYPTION_KEYS))
    monkeypatch.setenv("BLIND_INDEX_KEY", settings.BLIND_INDEX_KEY)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where backups lie."""
    return tmp_path / "backups"


def test_a_backup_comes_back_whole_and_the_report_is_signed(target: Path, tmp_path: Path) -> None:
    accepted_records(branch_with_page(), "第一件", "第二件")
    call_command("archive_head")
    backup, contents = make_backup(target)
    report = drill(backup, tmp_path / "place")
    assert (report.faults, report.passed) == ([], True)
    assert (report.entries, report.records) == (contents.entries, contents.records)
    assert report.objects == contents.objects > 0
    assert report.lost_entries == 0

    path = reports.keep(report)
    assert [found for _name, found in reports.kept()] == [report]
    path.chmod(0o600)
    path.write_text(path.read_text().replace('"fault_count":0', '"fault_count":1'))
    ((_name, refused),) = reports.kept()
    assert isinstance(refused, reports.NoReport)


def test_backups_share_what_never_changes_and_tell_what_came_since(
    target: Path, tmp_path: Path
) -> None:
    branch = branch_with_page()
    accepted_records(branch, "第一件")
    backup, first = make_backup(target)
    before = {path: path.stat().st_ino for path in stored_files(target / OBJECTS)}
    accepted_records(branch, "第二件")
    later = target / "backup-later"
    backup.rename(later)
    _newer, second = make_backup(target)
    after = {path: path.stat().st_ino for path in stored_files(target / OBJECTS)}
    assert before.items() < after.items()
    assert second.objects > first.objects
    report = drill(later, tmp_path / "place")
    assert report.passed
    assert report.lost_entries == second.entries - first.entries > 0


def test_each_damage_in_a_backup_is_named(target: Path, tmp_path: Path) -> None:
    accepted_records(branch_with_page(), "第一件", "第二件")
    backup, _contents = make_backup(target)
    damaged, missing, *_others = sorted(stored_files(target / OBJECTS))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    missing.unlink()
    report = drill(backup, tmp_path / "place")
    assert not report.passed
    problems = [fault["problem"] for fault in report.faults]
    assert any("missing" in problem for problem in problems)
    assert report.fault_count == len(report.faults) >= 2


def test_a_row_changed_in_the_copy_is_named(target: Path, tmp_path: Path) -> None:
    accepted_records(branch_with_page(), "第一件")
    backup, contents = make_backup(target)
    if connection.vendor != "sqlite":
        pytest.skip("the copy of PostgreSQL is packed and cannot be changed row by row")
    with sqlite3.connect(backup / contents.database) as copy:
        copy.execute("UPDATE archives_record SET title = '另一件'")
    copy.close()
    faults = [f"{row['place']}: {row['problem']}" for row in drill(backup, tmp_path / "a").faults]
    assert any("SHA-256" in fault for fault in faults)
    assert any("record" in fault for fault in faults)


def test_what_was_destroyed_after_a_backup_does_not_come_back(target: Path, tmp_path: Path) -> None:
    gone, neighbour = accepted_records(branch_with_page(), "销毁的一件", "相邻的一件")
    backup, before = make_backup(target)
    old = target / "backup-old"
    backup.rename(old)
    with time_machine.travel(EXPIRED_BY):
        executed_list(people_of_a_list(), gone)
    report = drill(old, tmp_path / "place")
    assert report.faults == []
    assert (report.replayed, report.destroyed) == (1, 1)
    # The next backup forgets the bytes, so that no medium keeps them.
    _folder, after = make_backup(target)
    assert after.objects < before.objects
    assert len(list(stored_files(target / OBJECTS))) == after.objects
    assert neighbour.files.exists()


def test_what_is_no_backup_is_refused(target: Path, tmp_path: Path, settings: Settings) -> None:
    accepted_records(branch_with_page(), "第一件")
    with pytest.raises(RecoveryFailed, match=r"其他介质|another medium"):
        make_backup(Path(settings.DATA_DIR) / "backups")
    with pytest.raises(RecoveryFailed):
        newest_backup(target)
    backup, contents = make_backup(target)
    assert newest_backup(target) == backup
    assert contents_of(backup) == contents

    full = tmp_path / "full"
    full.mkdir()
    (full / "x").touch()
    with pytest.raises(RecoveryFailed):
        drill(backup, full)
    assert [path.name for path in full.iterdir()] == ["x"]

    interrupted = backup.with_name("backup-20990101T000000Z" + PARTIAL)
    shutil.copytree(backup, interrupted)
    without = target / "backup-20990101T000000Z"
    shutil.copytree(backup, without)
    (without / CONTENTS).unlink()
    assert newest_backup(target) == backup
    with pytest.raises(RecoveryFailed):
        drill(without, tmp_path / "place")
    (backup / CONTENTS).write_text(json.dumps({"made_at": "x"}))
    with pytest.raises(CommandError):
        call_command("archive_restore_drill", str(target), "--backup", backup.name)


def test_a_disk_that_is_full_leaves_no_backup(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted_records(branch_with_page(), "第一件")

    def full(*_arguments: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("portal.archives.recovery.backup.shutil.copyfileobj", full)
    with pytest.raises(CommandError, match="No space"):
        call_command("archive_backup", str(target))
    with pytest.raises(RecoveryFailed):
        newest_backup(target)
    monkeypatch.undo()
    assert make_backup(target)[1].objects > 0


@pytest.fixture
def uploaded(settings: Settings, tmp_path: Path) -> Path:
    """A picture in the library and a private file, in folders of their own; the folder of both."""
    folder = tmp_path / "data"
    settings.MEDIA_ROOT, settings.PRIVATE_FILES_ROOT = folder / "media", folder / "private"
    settings.LEGACY_ROOT, settings.DELIVERIES_ROOT = folder / "legacy", folder / "deliveries"
    make_picture()
    make_stored_file(make_user("employee"))
    (folder / "legacy").mkdir()
    (folder / "legacy" / "目录.xlsx").write_bytes(b"a catalogue that waits")
    return folder


def uploads_of(backup: Path) -> dict[str, str]:
    """The digests that a backup lists, by folder and path."""
    return {f"{one.folder}/{one.path}": one.sha256 for one in uploads.listed(backup)}


def test_uploaded_files_come_back_and_are_proven_against_their_rows(
    target: Path, tmp_path: Path, uploaded: Path
) -> None:
    backup, contents = make_backup(target)
    kept = {
        path.relative_to(uploaded).as_posix(): digest_of(path)
        for path in uploaded.rglob("*")
        if path.is_file()
    }
    assert uploads_of(backup) == kept
    assert contents.uploads == len(kept) >= 3
    report = drill(backup, tmp_path / "place")
    assert (report.faults, report.uploads) == ([], len(kept))
    for place, sha256 in kept.items():
        assert digest_of(tmp_path / "place" / place) == sha256


def test_each_damaged_or_missing_upload_is_named(
    target: Path, tmp_path: Path, uploaded: Path
) -> None:
    backup, contents = make_backup(target)
    by_folder = {
        place.split("/")[0]: (place, sha256) for place, sha256 in uploads_of(backup).items()
    }
    for folder in ("media", "legacy"):
        bytes_of_it = uploads.place_of(target, by_folder[folder][1])
        bytes_of_it.write_bytes(bytes_of_it.read_bytes()[:-1] + b"?")
    uploads.place_of(target, by_folder["private"][1]).unlink()
    report = drill(backup, tmp_path / "place")
    places = {fault["place"] for fault in report.faults}
    assert {place for place, _sha256 in by_folder.values()} <= places
    # The database is asked as well, but it knows nothing of a catalogue that waits.
    assert report.fault_count == 5
    assert report.uploads == contents.uploads - 3


def test_a_changed_list_of_uploads_is_no_list(target: Path, tmp_path: Path, uploaded: Path) -> None:
    backup, contents = make_backup(target)
    listed = backup / uploads.LIST
    listed.write_text("".join(listed.read_text().splitlines(keepends=True)[1:]))
    for sha256 in (contents.uploads_sha256, ""):
        count, faults = uploads.lay_out(backup, tmp_path / "place", sha256)
        assert (count, [fault["place"] for fault in faults]) == (0, [uploads.LIST])


def test_unchanged_uploads_are_not_copied_again_and_deleted_ones_leave_with_their_backups(
    target: Path, uploaded: Path
) -> None:
    backup, _contents = make_backup(target)
    first = target / "backup-first"
    backup.rename(first)
    before = {path: path.stat().st_ino for path in (target / uploads.BYTES).rglob("*")}
    gone = uploaded / "legacy" / "目录.xlsx"
    sha256 = digest_of(gone)
    gone.unlink()
    (uploaded / "legacy" / "新目录.xlsx").write_bytes(b"another one")
    second, _contents = make_backup(target)
    after = {path: path.stat().st_ino for path in (target / uploads.BYTES).rglob("*")}
    assert before.items() <= after.items()
    assert "legacy/目录.xlsx" not in uploads_of(second)
    assert uploads.place_of(target, sha256).is_file()
    shutil.rmtree(first)
    second.rename(target / "backup-second")
    make_backup(target)
    assert not uploads.place_of(target, sha256).exists()


def test_the_office_reads_when_the_last_drill_was(target: Path, tmp_path: Path) -> None:
    accepted_records(branch_with_page(), "第一件")
    client = Client()
    client.force_login(make_user("archivist"))
    address = reverse("archive_drills")
    assert "还没有进行恢复演练" in client.get(address).content.decode()
    backup, _contents = make_backup(target)
    reports.keep(drill(backup, tmp_path / "place"))
    page = client.get(address).content.decode()
    assert "通过" in page and "0处错误" not in page
    auditor, employee = Client(), Client()
    auditor.force_login(make_user("discipline_auditor"))
    employee.force_login(make_user("employee"))
    assert auditor.get(address).status_code == 200
    assert employee.get(address).status_code == 403
