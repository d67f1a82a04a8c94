"""Payload and files of records that not everybody reads: sealed at rest, found when changed."""

from __future__ import annotations

import json
import os
import tempfile
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.archives import file_access, ledger, store
from portal.archives.access import checks, keys, payloads, sealing
from portal.archives.access.refusals import (
    RecordKeyGone,
    RecordKeyUnreadable,
    SealBroken,
    SealedUnreadable,
)
from portal.archives.access.services import change_level
from portal.archives.capture import capture_payload
from portal.archives.models import (
    EntryPayload,
    LedgerEntry,
    Record,
    RecordFile,
    RecordKey,
    SealingTask,
)
from portal.archives.renders import work_all
from tests.archives.observation import assert_sound
from tests.archives.test_ledger import flip_a_bit, put_in_place_of, swap
from tests.archives.test_verification import verify
from tests.factories.files import make_document
from tests.factories.pages import make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True)]

SECRET = "井口值班人员的家庭住址"
NEW_KEY = "bmV3LWtleS1vZi10aGUtcG9ydGFsLTMyLWJ5dGVzLS0="


@pytest.fixture(autouse=True)
def archive(tmp_path, settings) -> Path:
    """An archive, a library and a folder for temporary files of this test's own."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    return tmp_path / "archive"


def publish(title: str = "甲", audience: str = "employees", made: bool = True) -> Record:
    """Publish a page with a document; return its record."""
    document = make_document(body=f"{SECRET} {title}".encode())
    body = [
        ("text", f"<p>{SECRET}。</p>"),
        ("attachments", {"title": "", "attachments": [{"document": document}]}),
    ]
    page = make_news_page(title=title, live=True, audience=audience, body=body)
    if made:
        work_all()
    return Record.objects.get(source_id=str(page.pk))


def capture_of(record: Record) -> EntryPayload:
    """What lies behind the capture of a record."""
    entry = LedgerEntry.objects.get(record_id=record.pk, kind="capture")
    return EntryPayload.objects.get(sequence=entry.sequence)


def tells(text: str) -> bool:
    """Whether a payload holds the secret; bodies of pages are JSON inside JSON."""
    return json.dumps(SECRET)[1:-1].replace("\\", "\\\\") in text or SECRET in text


def signed_in(*roles: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_user(*roles))
    return client


def plain_text_in(folder: Path) -> list[Path]:
    """Files below a folder that hold the secret as it is."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]


# ---- At rest


def test_a_capture_pays_one_insert_for_its_key_at_most():
    make_news_page(live=True, audience="employees")
    costs = {}
    for audience in ("public", "employees"):
        with CaptureQueriesContext(connection) as queries:
            make_news_page(live=True, audience=audience)
        costs[audience] = len(queries)
        written = [one["sql"] for one in queries if "archives_recordkey" in one["sql"]]
        assert len(written) == (0 if audience == "public" else 1)
        assert all("INSERT INTO" in sql for sql in written)
    # PostgreSQL takes the key in the same statement as the record.
    more = 0 if connection.vendor == "postgresql" else 1
    assert costs["employees"] == costs["public"] + more


def test_the_payload_is_sealed_and_the_commitment_is_that_of_the_plain_one():
    plain, sealed = publish("公开", "public", False), publish("内部", "employees", False)
    assert tells(capture_of(plain).body)
    kept = capture_of(sealed)
    assert (tells(kept.body), kept.salt) == (False, "")
    assert not RecordKey.objects.filter(pk=plain.pk).exists()
    entry = LedgerEntry.objects.get(sequence=kept.sequence)
    opened = ledger.payloads_of([kept.sequence])[kept.sequence]
    assert ledger.commit_to(opened.salt, opened.body) == entry.commitment
    assert json.loads(opened.body) == capture_payload(sealed)
    assert tells(opened.body)
    assert_sound()


def test_files_lie_sealed_for_each_record_alone(archive):
    document = make_document(body=f"{SECRET}，同一份附件".encode())
    body = [("attachments", {"title": "", "attachments": [{"document": document}]})]
    records = []
    for audience in ("employees", "employees", "public"):
        page = make_news_page(live=True, audience=audience, body=body)
        records.append(Record.objects.get(source_id=str(page.pk)))
    work_all()
    files = [record.files.get(role="document") for record in records]
    assert len({file.sha256 for file in files}) == 1
    assert len({file_access.path_of(file) for file in files}) == 3
    assert [file.sealed for file in files] == [True, True, False]
    first, second, third = (file_access.path_of(file).read_bytes() for file in files)
    assert first != second and SECRET.encode() not in first + second
    assert third == b"".join(file_access.open_chunks(files[0]))
    for record in records[:2]:
        assert {file.sealed for file in record.files.all()} == {True}
        assert not store.exists(record.files.get(role="pdf").sha256)
    assert_sound()


def test_nothing_plain_is_left_behind_while_files_are_made(archive, tmp_path, monkeypatch):
    """Watched at every file the process opens for writing while the record's files are made."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    record = publish(made=False)
    written: list[bytes] = []
    replace = os.replace

    def watched(origin: Any, target: Any) -> None:
        written.append(Path(origin).read_bytes())
        replace(origin, target)

    monkeypatch.setattr(os, "replace", watched)
    work_all()
    assert len(written) >= record.files.count() == 4
    assert not any(SECRET.encode() in body for body in written)
    assert plain_text_in(archive) == plain_text_in(temporary) == []
    assert SECRET in file_access.read(record.files.get(role="snapshot")).decode()


def test_a_damaged_sealed_original_comes_back_sealed():
    record = publish()
    file = record.files.get(role="document")
    flip_a_bit(file_access.path_of(file))
    printed, code = verify("--repair")
    assert (f"file:{record.pk}:{file.name}: copied from the library again" in printed, code) == (
        True,
        0,
    )
    assert SECRET.encode() not in file_access.path_of(file).read_bytes()
    assert SECRET in file_access.read(file).decode()


def said_of(record: Record) -> list[EntryPayload]:
    """All payloads behind the entries of a record."""
    entries = LedgerEntry.objects.filter(record_id=record.pk)
    return list(EntryPayload.objects.filter(sequence__in=entries.values("sequence")))


def remark(record: Record, kind: str = "return") -> LedgerEntry:
    """Write an event with words that somebody typed."""
    with transaction.atomic():
        (entry,) = ledger.append([ledger.Draft(kind, record.pk, {"remark": SECRET})])
    return entry


def test_whatever_was_said_of_a_sealed_record_is_sealed_and_opened_with_it():
    record = publish(audience="public", made=False)
    early = remark(record)
    assert all(not payloads.is_sealed(payload.body) for payload in said_of(record))
    archivist = make_user("archivist")
    for level, sealed in (("internal", True), ("open", False), ("controlled", True)):
        change_level(record.pk, level, by=archivist, reason=SECRET)
        late = [remark(record, kind) for kind in ("return", "answer", "void-code", "end")]
        said = said_of(record)
        assert {payloads.is_sealed(payload.body) for payload in said} == {sealed}
        assert {payload.salt == "" for payload in said} == {sealed}
        assert any(tells(payload.body) for payload in said) is not sealed
        for entry in (early, *late):
            assert ledger.payload_of(entry.sequence) == {"remark": SECRET}
        assert list(ledger.faults()) == []


def test_many_events_pay_one_look_at_the_keys():
    records = [publish(title, made=False) for title in "甲乙丙"]
    costs = []
    for some in (records[:1], records):
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            ledger.append([ledger.Draft("return", one.pk, {"remark": SECRET}) for one in some])
        costs.append(sum("archives_recordkey" in one["sql"] for one in queries))
    assert costs == [1, 1]


def test_a_missing_key_stops_no_event_and_it_is_sealed_later(settings):
    record = publish(made=False)
    ring = django_settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY]
    entry = remark(record, "fixity-damage")
    assert not payloads.is_sealed(EntryPayload.objects.get(sequence=entry.sequence).body)
    assert sealing.work() == 0
    settings.FIELD_ENCRYPTION_KEYS = ring
    assert sealing.work() == 1
    assert payloads.is_sealed(EntryPayload.objects.get(sequence=entry.sequence).body)
    assert list(ledger.faults()) == []


def test_the_upgrade_seals_what_was_said_before():
    first, second = publish("甲", made=False), publish("乙", made=False)
    publish("丙", "public", made=False)
    entry = remark(first)
    said = ledger.payloads_of([entry.sequence])[entry.sequence]
    EntryPayload.objects.filter(sequence=entry.sequence).update(salt=said.salt, body=said.body)
    sealing.order(second)
    upgrade = import_module("portal.archives.migrations.0012_seal_all_payloads")
    with connection.schema_editor() as editor:
        upgrade.list_what_is_to_be_sealed(apps, editor)
    assert set(SealingTask.objects.values_list("pk", flat=True)) == {first.pk, second.pk}
    assert sealing.work() == 2
    assert payloads.is_sealed(EntryPayload.objects.get(sequence=entry.sequence).body)
    assert ledger.payload_of(entry.sequence) == {"remark": SECRET}


# ---- What is changed is found


def test_a_payload_belongs_to_its_entry_and_record():
    first, second = publish("甲", made=False), publish("乙", made=False)
    mine, other = capture_of(first), capture_of(second)
    for body in (
        other.body,
        other.body.replace(second.pk.hex, first.pk.hex),
        mine.body[:-8],
        mine.body[: len("sealed:v1:") + 32],
        "sealed:v1:",
    ):
        EntryPayload.objects.filter(sequence=mine.sequence).update(body=body)
        printed, code = verify()
        assert code == 1, body
        assert f"ledger:{mine.sequence}: the sealed bytes were changed" in printed
        with pytest.raises(SealBroken):
            capture_payload(first)
    EntryPayload.objects.filter(sequence=mine.sequence).update(body=mine.body)
    assert verify()[1] == 0


def test_sealed_files_that_are_changed_are_faults_of_their_own(tmp_path):
    record, other = publish("甲"), publish("乙")
    file = record.files.get(role="pdf")
    path = file_access.path_of(file)
    kept = path.read_bytes()
    theirs = file_access.path_of(other.files.get(role="pdf"))
    place = f"file:{record.pk}:{file.name}: "
    changes = {
        "a bit": lambda: flip_a_bit(path),
        "cut short": lambda: put_in_place_of(path, kept[:-1]),
        "of another record": lambda: swap(path, theirs),
        "plain": lambda: put_in_place_of(path, b"%PDF-1.7"),
    }
    for name, change in changes.items():
        was = theirs.read_bytes()
        change()
        printed, code = verify()
        assert (code, place + SealBroken.problem in printed) == (1, True), (name, printed)
        put_in_place_of(path, kept)
        put_in_place_of(theirs, was)
    path.unlink()
    assert place + "the stored file is missing" in verify()[0]
    path.write_bytes(kept)
    assert verify()[1] == 0


def test_a_lost_key_is_a_fault_of_its_own(settings):
    record = publish()
    file = record.files.get(role="pdf")
    sequence = capture_of(record).sequence
    row = RecordKey.objects.get(pk=record.pk)
    RecordKey.objects.filter(pk=record.pk).delete()
    printed, code = verify()
    assert code == 1
    assert f"ledger:{sequence}: the key of its record is gone" in printed
    assert f"file:{record.pk}:{file.name}: the key of its record is gone" in printed
    with pytest.raises(RecordKeyGone):
        file_access.read(file)
    row.save(force_insert=True)
    assert verify()[1] == 0

    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY]
    printed, code = verify()
    assert code == 1
    assert f"ledger:{sequence}: no configured key opens the key of its record" in printed
    with pytest.raises(RecordKeyUnreadable):
        capture_payload(record)


def test_a_key_of_another_record_opens_nothing():
    record, other = publish("甲", made=False), publish("乙", made=False)
    theirs = RecordKey.objects.get(pk=other.pk)
    RecordKey.objects.filter(pk=record.pk).update(wrapped=theirs.wrapped)
    with pytest.raises(RecordKeyUnreadable):
        capture_payload(record)


# ---- Keys


def test_pages_say_in_chinese_that_a_key_is_missing_and_do_not_fail(settings):
    ring = django_settings.FIELD_ENCRYPTION_KEYS
    client = signed_in("archivist")
    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY, *ring]
    record = publish()
    file = record.files.get(role="snapshot")
    settings.FIELD_ENCRYPTION_KEYS = ring
    page = client.get(record.get_absolute_url())
    assert page.status_code == 200
    assert client.get(reverse("archive_records")).status_code == 200
    response = client.get(reverse("archive_file", args=[record.pk, file.pk]))
    assert response.status_code == 503
    assert "FIELD_ENCRYPTION_KEYS" in response.content.decode()
    assert "系统缺少打开这份档案的密钥" in response.content.decode()
    RecordKey.objects.filter(pk=record.pk).delete()
    assert client.get(record.get_absolute_url()).status_code == 200
    response = client.get(reverse("archive_file", args=[record.pk, file.pk]))
    assert (response.status_code, "加密内容无法打开" in response.content.decode()) == (503, True)


def test_the_check_names_the_keys_that_are_missing(settings):
    assert checks.record_keys(None, databases=["default"]) == []
    publish(made=False)
    assert checks.record_keys(None, databases=["default"]) == []
    number = RecordKey.objects.get().key_id
    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY]
    (error,) = checks.record_keys(None, databases=["default"])
    assert (error.id, number in error.msg) == ("archives.E010", True)
    assert checks.record_keys(None, databases=None) == []
    with pytest.raises(Exception, match=r"archives\.E010"):
        call_command("check", database=["default"])


def test_renew_encryption_renews_the_keys_and_the_old_one_can_go(settings, monkeypatch):
    monkeypatch.setattr(keys, "ROWS_AT_ONCE", 2)
    records = [publish(title, made=False) for title in "甲乙丙"]
    bodies = [capture_of(record).body for record in records]
    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY, *django_settings.FIELD_ENCRYPTION_KEYS]
    call_command("renew_encryption", stdout=StringIO())
    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY]
    assert keys.renew() == 0
    assert [capture_of(record).body for record in records] == bodies, "only the keys are sealed"
    assert [capture_payload(record)["title"] for record in records] == list("甲乙丙")

    settings.FIELD_ENCRYPTION_KEYS = ["b3RoZXIta2V5LW9mLXRoZS1wb3J0YWwtb2YtMzItLS0="]
    with pytest.raises(CommandError):
        call_command("renew_encryption", stdout=StringIO())


def test_the_worker_makes_no_files_without_the_key_and_goes_on_with_it(settings):
    from portal.archives.models import Render, RenderStatus

    record = publish(made=False)
    ring = django_settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [NEW_KEY]
    work_all()
    render = Render.objects.get(record=record)
    assert render.status == RenderStatus.WAITING
    assert "RecordKeyUnreadable" in render.last_error
    assert not RecordFile.objects.filter(record=record, stored_at__isnull=False).exists()
    settings.FIELD_ENCRYPTION_KEYS = ring
    Render.objects.update(available_at=record.captured_at)
    work_all()
    assert Render.objects.get(record=record).status == RenderStatus.DONE


def test_payloads_are_opened_in_bulk(monkeypatch):
    costs = []
    for _number in (1, 10):
        for _record in range(_number):
            publish(made=False)
        with CaptureQueriesContext(connection) as queries:
            assert list(ledger.faults()) == []
        costs.append(len(queries))
        sequences = list(LedgerEntry.objects.values_list("sequence", flat=True))
        with CaptureQueriesContext(connection) as queries:
            ledger.payloads_of(sequences)
        costs.append(len(queries))
    assert costs[:2] == costs[2:]
    assert costs[1] == 2


# ---- Handing out


def test_a_file_is_handed_out_whole_or_in_part(monkeypatch):
    from portal.archives.access import stream

    monkeypatch.setattr(stream, "PIECE_BYTES", 50)
    client = signed_in("archivist")
    for audience in ("employees", "public"):
        record = publish(audience=audience)
        file = record.files.get(role="snapshot")
        body = file_access.read(file)
        address = reverse("archive_file", args=[record.pk, file.pk])

        def part(header: str, address: str = address) -> tuple[int, bytes, str]:
            response = client.get(address, headers={"Range": header})
            return (
                response.status_code,
                b"".join(response),
                response.headers.get("Content-Range", ""),
            )

        whole = client.get(address)
        assert (whole.status_code, b"".join(whole)) == (200, body)
        assert whole["Content-Length"] == str(len(body)) == str(file.size)
        size = len(body)
        assert part("bytes=0-9") == (206, body[:10], f"bytes 0-9/{size}")
        assert part("bytes=45-120") == (206, body[45:121], f"bytes 45-120/{size}")
        assert part("bytes=100-") == (206, body[100:], f"bytes 100-{size - 1}/{size}")
        assert part("bytes=-7") == (206, body[-7:], f"bytes {size - 7}-{size - 1}/{size}")
        assert part(f"bytes=0-{size + 5}")[1] == body
        assert part(f"bytes={size}-") == (416, b"", f"bytes */{size}")
        for odd in ("bytes=9-1", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=x-y"):
            assert part(odd) == (200, body, ""), odd


def test_a_missing_file_is_said_so():
    record = publish()
    file = record.files.get(role="pdf")
    file_access.path_of(file).unlink()
    response = signed_in("archivist").get(reverse("archive_file", args=[record.pk, file.pk]))
    assert response.status_code == 404
    with pytest.raises(store.MissingFile):
        file_access.read(file)


# ---- What was there before


def make_as_before(record: Record) -> None:
    """Give a record the form that everything had before there were keys."""
    Record.objects.filter(pk=record.pk).update(access_level="open")
    sealing.settle(record.pk)
    Record.objects.filter(pk=record.pk).update(access_level="internal")
    RecordKey.objects.filter(pk=record.pk).delete()
    record.refresh_from_db()
    sealing.order(record)


def test_what_was_stored_before_is_sealed_in_steps(archive, capsys):
    records = [publish(title) for title in "甲乙丙"]
    kept = publish("公开", "public")
    for record in records:
        make_as_before(record)
    assert len(plain_text_in(archive)) >= 6
    assert verify()[1] == 0

    call_command("archive_seal", "--limit", "1")
    assert "1 records done, 2 wait." in capsys.readouterr().out
    assert verify()[1] == 0
    call_command("archive_seal")
    assert "2 records done, 0 wait." in capsys.readouterr().out
    assert verify()[1] == 0
    for record in records:
        assert {file.sealed for file in record.files.all()} == {True}
        assert not tells(capture_of(record).body)
    left = {store.path_of(file.sha256) for file in kept.files.all()}
    assert set(plain_text_in(archive)) <= left
    call_command("archive_seal")


def test_what_cannot_be_sealed_is_named_and_stops_no_other(archive, capsys):
    bad, good = publish("甲"), publish("乙")
    for record in (bad, good):
        make_as_before(record)
    put_in_place_of(file_access.path_of(bad.files.get(role="pdf")), b"%PDF-1.7 damaged")
    with pytest.raises(SystemExit):
        call_command("archive_seal")
    printed = capsys.readouterr().out
    assert "1 records done, 1 wait." in printed
    assert f"record:{bad.pk}: DamagedFile" in printed
    assert {file.sealed for file in good.files.all()} == {True}
    assert bad.files.get(role="pdf").sealed is False


def test_errors_of_sealed_content_are_refusals_with_words():
    for refusal in (SealedUnreadable, RecordKeyGone, RecordKeyUnreadable, SealBroken):
        assert str(refusal.standard().message)
        assert refusal.standard().status == 503
