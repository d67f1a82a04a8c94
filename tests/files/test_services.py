"""Stored, handed in, replaced, removed: sealed on the disk, all or nothing."""

from __future__ import annotations

import base64
import datetime
import errno
import os
import time
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from portal.files import services, storage
from portal.files.checking import check
from portal.files.models import FileState, StoredFile
from portal.files.refusals import FileRefused, FileTaken, FileUnreadable
from portal.roles.daily_jobs import DAILY_JOBS
from tests.factories.people import make_user
from tests.factories.uploads import make_stored_file, pdf_bytes, photo_bytes, upload
from tests.infrastructure.at_once import failures, together

pytestmark = pytest.mark.django_db

OLD, NEW = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b"))


def content(file: StoredFile) -> bytes:
    return b"".join(services.read(file))


def on_disk(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def full(*arguments: Any, **keywords: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_lies_on_the_disk_tells_nothing(private_root: Path) -> None:
    body = pdf_bytes()
    file = make_stored_file(make_user(), body=body, name="张三残疾证.pdf")
    (path,) = on_disk(private_root)
    stored = path.read_bytes()
    assert body not in stored
    assert b"%PDF" not in stored
    assert path.stat().st_mode & 0o077 == 0
    assert private_root.stat().st_mode & 0o077 == 0
    assert file.pk.hex not in str(path)
    assert str(file.pk) not in str(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT original_name, storage_name FROM files_storedfile")
        name, place = cursor.fetchone()
    assert name.startswith("v1:")
    assert path.name == place
    assert content(file) == body
    assert StoredFile.objects.get(pk=file.pk).original_name == "张三残疾证.pdf"
    for said in (str(file), repr(file)):
        assert "张三" not in said


def test_a_part_is_read_without_the_rest() -> None:
    body = pdf_bytes()
    file = make_stored_file(body=body, name="a.pdf")
    assert b"".join(services.read(file, 5, 20)) == body[5:20]


def test_a_file_that_was_changed_or_swapped_is_not_handed_out() -> None:
    first, second = (make_stored_file(body=pdf_bytes(), name="a.pdf") for _number in range(2))
    path, other = storage.path_of(first.storage_name), storage.path_of(second.storage_name)
    sealed = path.read_bytes()
    path.write_bytes(other.read_bytes())
    with pytest.raises(FileUnreadable):
        content(first)
    for place in (0, 30, len(sealed) // 2, len(sealed) - 1):
        path.write_bytes(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
        with pytest.raises(FileUnreadable):
            content(first)
    path.write_bytes(sealed[:-1])
    with pytest.raises(FileUnreadable):
        content(first)
    path.unlink()
    with pytest.raises(FileUnreadable):
        content(first)


def test_a_key_of_one_file_does_not_open_another() -> None:
    first, second = make_stored_file(), make_stored_file()
    first.key_id, first.wrapped_key = second.key_id, second.wrapped_key
    with pytest.raises(FileUnreadable):
        content(first)


def test_a_refused_upload_leaves_nothing(private_root: Path) -> None:
    with pytest.raises(FileRefused):
        services.receive(upload(b"MZ"), user=None)
    assert not StoredFile.objects.exists()
    assert on_disk(private_root) == []


def test_a_full_disk_leaves_nothing(private_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileRefused) as caught:
        services.receive(upload(), user=make_user())
    assert caught.value.reason == "full"
    assert not StoredFile.objects.exists()
    assert on_disk(private_root) == []


def test_a_row_that_cannot_be_written_leaves_no_bytes(
    private_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StoredFile, "save", full)
    with pytest.raises(OSError, match="space"):
        services.receive(upload(), user=None)
    assert on_disk(private_root) == []


def test_a_checked_upload_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = check(upload())
    monkeypatch.setattr("portal.files.services.check", full)
    file = services.receive(checked, user=None)
    assert len(content(file)) == file.size
    assert checked.file.closed


# ---- Handing in


def test_handing_in_is_all_or_nothing() -> None:
    user, stranger = make_user(), make_user()
    own, other = make_stored_file(user), make_stored_file(stranger)
    with pytest.raises(FileTaken):
        services.claim([own, other], "test", "1", by=user)
    assert not services.files_of("test", "1").exists()
    services.claim([own], "test", "1", by=user)
    assert list(services.files_of("test", "1")) == [own]
    with pytest.raises(FileTaken):
        services.claim([own], "test", "2", by=user)


def test_more_files_than_allowed_are_refused(settings: Settings) -> None:
    settings.FILE_MOST_PER_OWNER = 2
    files = [make_stored_file() for _number in range(3)]
    services.claim(files[:2], "test", "1")
    with pytest.raises(FileRefused) as caught:
        services.claim(files[2:], "test", "1")
    assert caught.value.reason == "too-many"
    # A newer one in the place of an old one is not one more.
    services.replace(files[0], files[2])
    assert set(services.files_of("test", "1")) == {files[1], files[2]}


def test_a_replaced_file_is_kept() -> None:
    user = make_user()
    old = make_stored_file(user, owner=("test", "1"), purpose="id-card")
    new = make_stored_file(user, purpose="other", body=photo_bytes(colour="#111111"))
    services.replace(old, new, by=user)
    kept = StoredFile.objects.get(pk=old.pk)
    assert (kept.state, kept.owner_id) == (FileState.REPLACED, "1")
    assert content(kept)
    assert (new.replaces, new.purpose, new.state) == (kept, "id-card", FileState.CLAIMED)
    assert list(services.files_of("test", "1")) == [new]
    with pytest.raises(FileTaken):
        services.replace(kept, make_stored_file(user), by=user)


def test_a_failed_replacement_changes_nothing() -> None:
    old = make_stored_file(owner=("test", "1"))
    with pytest.raises(FileTaken):
        services.replace(old, make_stored_file(make_user()), by=make_user())
    assert StoredFile.objects.get(pk=old.pk).state == FileState.CLAIMED


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_replacements_at_once_one_is_told() -> None:
    """Two people replace one file at the same moment."""
    old = make_stored_file(owner=("test", "1"))
    newer = [make_stored_file() for _number in range(2)]
    results = together(*(partial(services.replace, old, new) for new in newer))
    assert [type(error) for error in failures(results)] == [FileTaken]
    assert services.files_of("test", "1").count() == 1


# ---- Removing


@pytest.mark.django_db(transaction=True)
def test_files_of_an_owner_are_removed_when_that_is_certain(private_root: Path) -> None:
    old = make_stored_file(owner=("test", "1"))
    services.replace(old, make_stored_file())
    other = make_stored_file(owner=("test", "2"))

    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        services.remove_of("test", "1")
        raise Undone
    assert len(on_disk(private_root)) == 3
    assert services.remove_of("test", "1") == 2
    assert on_disk(private_root) == [storage.path_of(other.storage_name)]
    assert list(StoredFile.objects.all()) == [other]


@pytest.mark.django_db(transaction=True)
def test_only_the_uploader_takes_a_file_back(private_root: Path) -> None:
    user = make_user()
    file = make_stored_file(user)
    with pytest.raises(FileTaken):
        services.remove_temporary(file, by=make_user())
    services.remove_temporary(file, by=user)
    assert on_disk(private_root) == []
    handed_in = make_stored_file(user, owner=("test", "1"))
    with pytest.raises(FileTaken):
        services.remove_temporary(handed_in, by=user)


@pytest.mark.django_db(transaction=True)
def test_the_sweep_takes_what_nobody_handed_in(private_root: Path) -> None:
    old, claimed, young = make_stored_file(), make_stored_file(), make_stored_file()
    services.claim([claimed], "test", "1")
    yesterday = timezone.now() - datetime.timedelta(hours=25)
    StoredFile.objects.exclude(pk=young.pk).update(uploaded_at=yesterday)
    stray, fresh = private_root / "ab" / ("ab" + "0" * 38), private_root / "ab" / "ab1"
    half = private_root / "incoming-x"
    stray.parent.mkdir(exist_ok=True)
    for path in (stray, fresh, half):
        path.write_bytes(b"x")
    for path in (stray, half, storage.path_of(claimed.storage_name)):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert DAILY_JOBS["private files"].run() == "3 private files that nobody handed in removed"
    assert set(StoredFile.objects.all()) == {claimed, young}
    kept = {storage.path_of(file.storage_name) for file in (claimed, young)}
    assert set(on_disk(private_root)) == kept | {fresh}
    assert not storage.path_of(old.storage_name).exists()


# ---- Keys


@pytest.mark.database
def test_after_the_renewal_the_old_key_is_not_needed(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    body = pdf_bytes()
    file = make_stored_file(body=body, name="发票.pdf")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    late = make_stored_file()
    output = StringIO()
    call_command("renew_encryption", stdout=output)
    assert "keys of private files: 1 renewed" in output.getvalue()
    assert "files.StoredFile.original_name: 1 renewed" in output.getvalue()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    again = StoredFile.objects.get(pk=file.pk)
    assert (content(again), again.original_name) == (body, "发票.pdf")
    assert content(StoredFile.objects.get(pk=late.pk))
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    with pytest.raises(FileUnreadable):
        content(again)
