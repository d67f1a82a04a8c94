"""archive_verify names every kind of tampering and never stops at one."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from wagtail.models import Page

from portal.archives import triggers
from portal.archives.models import EntryPayload, LedgerEntry, Record, RecordFile, Render
from portal.archives.renders import work_all
from tests.factories.files import make_document
from tests.factories.organizations import make_branch
from tests.factories.pages import make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def verify(*arguments: str) -> tuple[str, int]:
    """Run archive_verify; return what it printed and its exit code."""
    output, code = StringIO(), 0
    try:
        call_command("archive_verify", *arguments, stdout=output, stderr=StringIO())
    except SystemExit as ended:
        code = int(ended.code or 0)
    return output.getvalue(), code


@pytest.fixture
def archive(tmp_path, settings) -> Path:
    """An archive and a library of this test's own."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    return tmp_path / "archive"


@pytest.fixture
def unguarded():
    """The ledger without its guards, as for somebody who owns the database."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


def published(title: str = "甲") -> Record:
    """A record that everybody reads of a live page that cites a document, its files made."""
    body = [("attachments", {"title": "", "attachments": [{"document": make_document()}]})]
    make_news_page(title=title, live=True, audience="public", body=body)
    work_all()
    return Record.objects.get(title=title)


def capture_of(record: Record) -> LedgerEntry:
    """The ledger entry that captured a record."""
    return LedgerEntry.objects.get(record_id=record.pk, kind="capture")


def change_payload(record: Record, **changes: Any) -> None:
    """Write other columns into the payload behind a capture."""
    EntryPayload.objects.filter(sequence=capture_of(record).sequence).update(**changes)


def without(record: Record, key: str) -> None:
    """Take a key out of the payload."""
    body = json.loads(EntryPayload.objects.get(sequence=capture_of(record).sequence).body)
    del body[key]
    change_payload(record, body=json.dumps(body))


def second_capture(record: Record) -> None:
    """Add another capture of the same record to the end of the ledger."""
    entry = capture_of(record)
    newest = LedgerEntry.objects.latest("sequence").sequence
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                sequence=newest + 1,
                kind="capture",
                record_id=record.pk,
                commitment=entry.commitment,
                previous_hash=entry.previous_hash,
                entry_hash="0" * 64,
            )
        ]
    )


def assert_each_is_named(
    cases: dict[str, tuple[Callable[[Record], Any], tuple[str, ...]]], record: Record
) -> None:
    """Tamper in every way in turn, on a savepoint of its own; each is printed."""
    capture = capture_of(record).sequence
    for name, (tamper, expected) in cases.items():
        with transaction.atomic():
            tamper(record)
            printed, code = verify()
            transaction.set_rollback(True)
        assert code == 1, name
        for line in expected:
            wanted = line.format(record=record.pk, capture=capture)
            assert wanted in printed, (name, printed)
    assert verify()[1] == 0


LEDGER, RECORD = "ledger:{capture}: ", "record:{record}: "

TAMPERING: dict[str, tuple[Callable[[Record], Any], tuple[str, ...]]] = {
    "a payload that is no JSON": (
        lambda record: change_payload(record, body="{"),
        (LEDGER + "the payload does not match its commitment", LEDGER + "the payload is no JSON"),
    ),
    "a payload that is another kind of JSON": (
        lambda record: change_payload(record, body="[1]"),
        (LEDGER + "the payload is no JSON object",),
    ),
    "a salt that is no number": (
        lambda record: change_payload(record, salt="盐"),
        (LEDGER + "the salt is no hexadecimal number",),
    ),
    "a second capture": (second_capture, (RECORD + "2 ledger entries captured it, not one",)),
    "the render deleted": (
        lambda record: Render.objects.filter(record=record).delete(),
        (RECORD + "its render is gone",),
    ),
    "a payload without a title": (
        lambda record: without(record, "title"),
        (RECORD + "title differs from what was captured",),
    ),
    "a payload without files": (
        lambda record: without(record, "files"),
        (RECORD + "the captured list of files cannot be read",),
    ),
}


def column(**values: Any) -> Callable[[Record], Any]:
    """Return a change of columns of the record row."""
    return lambda record: Record.objects.filter(pk=record.pk).update(**values)


def cited(**values: Any) -> Callable[[Record], Any]:
    """Return a change of columns of the row of a cited file."""
    return lambda record: RecordFile.objects.filter(record=record, role="document").update(**values)


LONG_AGO = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
DIFFERS = " differs from what was captured"

COLUMNS: dict[str, tuple[Callable[[Record], Any], tuple[str, ...]]] = {
    "unit": (
        lambda record: column(unit=make_branch("采煤一队党支部"))(record),
        (RECORD + "unit_id is not what its ledger entries lead to",),
    ),
    "year": (column(year=2001), (RECORD + "year" + DIFFERS,)),
    "previous": (
        lambda record: column(previous=Record.objects.exclude(pk=record.pk).first())(record),
        (RECORD + "previous_id" + DIFFERS,),
    ),
    "captured_at": (column(captured_at=LONG_AGO), (RECORD + "captured_at" + DIFFERS,)),
    "captured_by": (
        lambda record: column(captured_by=make_user("archivist"))(record),
        (RECORD + "captured_by_id" + DIFFERS,),
    ),
    "ended_at without an end": (
        column(ended_at=LONG_AGO),
        (RECORD + "ended_at is set, but no ledger entry ended it",),
    ),
    "name of a cited file": (cited(name="别的.txt"), (RECORD + "the cited document",)),
    "format of a cited file": (cited(media_type="text/html"), (RECORD + "the cited document",)),
    "size of a cited file": (cited(size=1), (RECORD + "the cited document",)),
    "stored_at of a cited file": (cited(stored_at=None), (RECORD, "is not marked as stored")),
    "name of a made file": (
        lambda record: RecordFile.objects.filter(record=record, role="pdf").update(name="x.pdf"),
        (RECORD + "its files differ from those the ledger proves",),
    ),
    "a render said to wait": (
        lambda record: Render.objects.filter(record=record).update(status="waiting"),
        (RECORD + "1 entries prove its files, not 0",),
    ),
}


def test_every_column_is_compared_with_what_was_captured(archive):
    published("乙")
    assert_each_is_named(COLUMNS, published())


def test_the_end_of_a_publication_is_compared_with_the_ledger(archive):
    record = published()
    page = Page.objects.get(pk=int(record.source_id)).specific
    page.unpublish()
    ended: dict[str, tuple[Callable[[Record], Any], tuple[str, ...]]] = {
        "taken away": (
            column(ended_at=None),
            (RECORD + "ended_at is empty, but the ledger has its end",),
        ),
        "another moment": (
            column(ended_at=LONG_AGO),
            (RECORD + "ended_at differs from what was recorded",),
        ),
    }
    assert_each_is_named(ended, record)


def test_no_tampering_stops_the_verification(archive, unguarded):
    assert_each_is_named(TAMPERING, published())


def test_what_was_found_is_printed_before_whatever_stops_the_command(
    archive, monkeypatch, unguarded
):
    record = published()
    change_payload(record, salt="盐")
    monkeypatch.setattr(
        "portal.archives.verification.file_faults",
        lambda file: 1 // 0,  # a disk that fails
    )
    output = StringIO()
    with pytest.raises(ZeroDivisionError):
        call_command("archive_verify", stdout=output, stderr=StringIO())
    assert "the salt is no hexadecimal number" in output.getvalue()
