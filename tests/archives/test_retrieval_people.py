"""Who is in a record: written by the worker from what was captured, once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from portal.archives.models import EntryPayload, LedgerEntry, Record, RecordPerson
from portal.archives.renders import work_all
from portal.archives.retrieval.people import write_people
from tests.archives.found_records import make_record
from tests.factories.organizations import make_branch
from tests.factories.pages import approve, make_activity_page, make_branch_page, submit
from tests.factories.people import make_user

pytestmark = [pytest.mark.database]


def people(record: Record) -> set[tuple[str, str]]:
    return set(record.people.values_list("name", "part"))


@pytest.mark.django_db(transaction=True)
def test_the_worker_writes_everybody_who_made_the_page_or_is_named(tmp_path, settings):
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    branch = make_branch("甲队党支部")
    author = make_user("organization_member", unit=branch, name="林晓岚")
    reviewer = make_user("branch_secretary", unit=branch, name="沈维钧")
    page = make_activity_page(
        make_branch_page(branch), author, "主题党日", host_name="岑芮", recorder_name="闻沅"
    )
    approve(submit(page, author), reviewer)
    record = Record.objects.get(source_id=str(page.pk))
    assert people(record) == set()

    Record.objects.exclude(pk=record.pk).update(title="其他")
    record.render.__class__.objects.exclude(record=record).update(status="done")
    work_all()

    assert people(record) == {
        ("林晓岚", "draft"),
        ("林晓岚", "submit"),
        ("沈维钧", "approve"),
        ("沈维钧", "publish"),
        ("岑芮", "named"),
        ("闻沅", "named"),
    }


@pytest.mark.django_db
def test_writing_twice_changes_nothing_and_erased_payloads_leave_nobody():
    record = make_record(people=[("draft", "闻沅"), ("draft", "闻沅"), ("publish", "")])
    assert people(record) == {("闻沅", "draft")}
    write_people(record)
    assert people(record) == {("闻沅", "draft")}

    entry = LedgerEntry.objects.get(record_id=record.pk)
    EntryPayload.objects.filter(sequence=entry.sequence).delete()
    write_people(record)

    assert people(record) == set()


@pytest.mark.django_db
def test_the_command_fills_in_what_an_upgrade_left_out(capsys):
    Record.objects.all().update(access_level="controlled")
    record = make_record(people=[("draft", "闻沅")])
    waiting = make_record(people=[("draft", "岑芮")], made=False)
    RecordPerson.objects.all().delete()

    call_command("archive_people")

    assert people(record) == {("闻沅", "draft")}
    assert people(waiting) == set()


@pytest.mark.django_db(transaction=True)
def test_others_may_write_while_people_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [make_record(people=[("draft", "闻沅")]) for _ in range(250)]
    RecordPerson.objects.all().delete()

    def write() -> None:
        Record.objects.filter(pk=records[0].pk).update(title="另有人改")
        connections.close_all()

    def after_another(record: Any) -> None:
        if record.pk == records[-5].pk:
            other = threading.Thread(target=write)
            other.start()
            other.join()
        write_people(record)

    monkeypatch.setattr(
        "portal.archives.management.commands.archive_people.write_people", after_another
    )
    call_command("archive_people")
    assert all(people(record) == {("闻沅", "draft")} for record in records)
