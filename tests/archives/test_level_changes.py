"""A level is changed by the archivist alone, at once for readers; the bytes follow in any case."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from portal.archives import file_access, ledger, renders, store
from portal.archives.access import sealing, services
from portal.archives.access.refusals import SameLevel
from portal.archives.access.services import change_level, raise_level
from portal.archives.access.vault import sealed_folder
from portal.archives.models import (
    AccessLevel,
    LedgerEntry,
    Record,
    RecordFile,
    Render,
    RenderStatus,
    SealingTask,
)
from portal.archives.refusals import AlreadyHandled, NotArchivist
from portal.archives.renders import work_all
from portal.roles.table import ROLES
from portal.search.models import SearchChunk, SearchDocument
from portal.search.storage import object_key, root_type
from tests.archives.observation import assert_sound
from tests.archives.test_sealed_records import (
    SECRET,
    archive,
    capture_of,
    plain_text_in,
    publish,
    signed_in,
    tells,
)
from tests.archives.test_verification import verify
from tests.factories.people import make_user

__all__ = ["archive"]  # the fixture

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

OPEN, INTERNAL, CONTROLLED = AccessLevel.OPEN, AccessLevel.INTERNAL, AccessLevel.CONTROLLED


@pytest.fixture
def archivist() -> Any:
    return make_user("archivist", name="顾档")


def assert_form(record: Record, sealed: bool, folder: Path) -> None:
    """Payload and files have this form, no other copy is left, and all fits."""
    files = list(record.files.filter(stored_at__isnull=False))
    assert {file.sealed for file in files} == {sealed}
    assert tells(capture_of(record).body) is not sealed
    for file in files:
        assert file_access.digests(file).sha256 == file.sha256
        assert store.exists(file.sha256) is not sealed
    assert sealed_folder(record.pk).exists() is sealed
    assert bool(plain_text_in(folder)) is not sealed
    assert not SealingTask.objects.filter(record=record).exists()
    assert_sound()


def test_up_and_down_and_what_the_ledger_says(archive, archivist):
    record = publish(audience="public")
    assert_form(record, False, archive)
    for level, reason in ((INTERNAL, "含住址"), (CONTROLLED, "含病情"), (OPEN, "已隐去")):
        changed = change_level(record.pk, level, by=archivist, reason=reason)
        assert changed.access_level == level
        record.refresh_from_db()
        assert_form(record, level != OPEN, archive)
    entries = LedgerEntry.objects.filter(record_id=record.pk, kind="access-level")
    said = [ledger.payload_of(entry.sequence) for entry in entries.order_by("sequence")]
    assert [(one["from"], one["to"], one["reason"], one["account"]) for one in said] == [
        ("open", "internal", "含住址", archivist.pk),
        ("internal", "controlled", "含病情", archivist.pk),
        ("controlled", "open", "已隐去", archivist.pk),
    ]
    assert {one["person"] for one in said} == {"顾档"}


def test_a_level_changed_past_the_ledger_is_found(archivist):
    record = publish(made=False)
    place = f"record:{record.pk}: access_level differs from what was recorded"
    Record.objects.filter(pk=record.pk).update(access_level=OPEN)
    printed, code = verify()
    assert (code, place in printed) == (1, True)
    Record.objects.filter(pk=record.pk).update(access_level=INTERNAL)
    change_level(record.pk, CONTROLLED, by=archivist, reason="x")
    assert verify()[1] == 0
    Record.objects.filter(pk=record.pk).update(access_level=INTERNAL)
    assert place in verify()[0]


def test_only_the_archivist_changes_a_level():
    record = publish(made=False)
    for role in ROLES:
        user = make_user(role)
        if role == "archivist":
            change_level(record.pk, OPEN, by=user, reason="x")
            continue
        with pytest.raises(NotArchivist):
            change_level(record.pk, CONTROLLED, by=user, reason="x")
    with pytest.raises(NotArchivist):
        change_level(record.pk, CONTROLLED, by=AnonymousUser(), reason="x")
    record.refresh_from_db()
    assert record.access_level == OPEN


def test_of_two_who_change_a_level_the_second_is_told(archivist):
    record = publish(made=False)
    change_level(record.pk, CONTROLLED, by=archivist, reason="x", seen=INTERNAL)
    with pytest.raises(AlreadyHandled, match="控制"):
        change_level(record.pk, OPEN, by=archivist, reason="x", seen=INTERNAL)
    with pytest.raises(SameLevel):
        change_level(record.pk, CONTROLLED, by=archivist, reason="x")
    assert LedgerEntry.objects.filter(kind="access-level").count() == 1


def test_a_rule_only_raises_and_leaves_the_entry_to_its_caller():
    record = publish(audience="public", made=False)
    for level, expected, count in (("", OPEN, 0), (OPEN, OPEN, 0), (CONTROLLED, CONTROLLED, 1)):
        with transaction.atomic():
            locked = Record.objects.select_for_update().get(pk=record.pk)
            drafts = raise_level(locked, level, clause="第三条")
            ledger.append(drafts)
        assert (locked.access_level, len(drafts)) == (expected, count)
    with transaction.atomic():
        locked = Record.objects.select_for_update().get(pk=record.pk)
        assert raise_level(locked, INTERNAL) == []
    record.refresh_from_db()
    assert record.access_level == CONTROLLED
    assert not tells(capture_of(record).body)
    assert_sound()


def test_a_rule_of_the_scope_table_raises_what_is_taken_into_the_pool(archive):
    from portal.archives.models import ScopeRule
    from portal.archives.pool.intake import take_in

    ScopeRule.objects.filter(kind="news").update(access_level=CONTROLLED)
    record = publish(audience="public")
    take_in(record.pk)
    record.refresh_from_db()
    assert record.access_level == CONTROLLED
    assert_form(record, True, archive)


def test_large_files_are_left_to_the_worker(archive, archivist, monkeypatch):
    record = publish(audience="public")
    monkeypatch.setattr(services, "AT_ONCE_BYTES", 10)
    change_level(record.pk, CONTROLLED, by=archivist, reason="x")
    assert not Record.objects.visible_to(make_user("party_staff")).filter(pk=record.pk).exists()
    assert SealingTask.objects.get().record_id == record.pk
    assert not tells(capture_of(record).body), "the payload is sealed at once"
    assert verify()[1] == 0
    assert sealing.work(seconds=10) == 1
    assert_form(record, True, archive)


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after"), [("public", INTERNAL), ("employees", OPEN)])
def test_a_process_that_dies_at_any_step_loses_nothing(
    archive, archivist, monkeypatch, before, after
):
    """Every call that changes the disk or a row of a file, and every reading back, in turn."""
    import shutil

    from django.db.models import QuerySet

    record = publish(audience=before)
    monkeypatch.setattr(services, "AT_ONCE_BYTES", -1)
    change_level(record.pk, after, by=archivist, reason="x")
    shutil.copytree(archive, archive.parent / "kept")
    rows = {file.pk: file.sealed for file in record.files.all()}
    originals = {
        (os, "replace"): os.replace,
        (Path, "unlink"): Path.unlink,
        (shutil, "rmtree"): shutil.rmtree,
        (store, "digests"): store.digests,
        (QuerySet, "update"): QuerySet.update,
        (QuerySet, "delete"): QuerySet.delete,
    }
    completed = False
    for step in itertools.count():
        left = itertools.count(step, -1)

        def dying(original: Any, left: Any = left) -> Any:
            def call(*arguments: Any, **named: Any) -> Any:
                if next(left) == 0:
                    raise Killed
                return original(*arguments, **named)

            return call

        with monkeypatch.context() as patched:
            for (owner, name), original in originals.items():
                patched.setattr(owner, name, dying(original))
            try:
                sealing.work()
                completed = True
            except Killed:
                pass
        for file in record.files.all():
            assert file_access.digests(file).sha256 == file.sha256, (step, file.name)
        assert sealing.work() == (0 if completed else 1), step
        store.sweep(0)
        if completed or step % 3 == 0:
            assert_form(record, after != OPEN, archive)
        if completed:
            break
        # Once more from the beginning, to die one step later.
        shutil.rmtree(archive)
        shutil.copytree(archive.parent / "kept", archive)
        for pk, sealed in rows.items():
            RecordFile.objects.filter(pk=pk).update(sealed=sealed)
        sealing.order(record)
    assert step > 12


def test_plain_bytes_that_another_record_needs_stay(archive, archivist):
    from tests.factories.files import make_document
    from tests.factories.pages import make_news_page

    document = make_document(body=SECRET.encode())
    body = [("attachments", {"title": "", "attachments": [{"document": document}]})]
    pages = [make_news_page(live=True, audience="public", body=body) for _number in range(2)]
    work_all()
    first, second = (Record.objects.get(source_id=str(page.pk)) for page in pages)
    change_level(first.pk, INTERNAL, by=archivist, reason="x")
    kept = second.files.get(role="document")
    assert file_access.read(kept) == SECRET.encode()
    # A third one is published and its copy not yet made when the second one is sealed.
    third = make_news_page(live=True, audience="public", body=body)
    change_level(second.pk, INTERNAL, by=archivist, reason="x")
    work_all()
    file = Record.objects.get(source_id=str(third.pk)).files.get(role="document")
    assert file_access.read(file) == SECRET.encode()
    assert verify()[1] == 0


def test_what_becomes_controlled_while_files_are_made_leaves_no_words(
    archive, archivist, monkeypatch
):
    work_all()
    record = publish(title="重要事项", audience="employees", made=False)
    make_files = renders.make_files

    def meanwhile(record: Record) -> list[renders.MadeFile]:
        made = list(make_files(record))
        change_level(record.pk, CONTROLLED, by=archivist, reason="x")
        return made

    monkeypatch.setattr(renders, "make_files", meanwhile)
    assert renders.work_once("worker")
    assert Render.objects.get(record=record).status == RenderStatus.DONE
    document = SearchDocument.objects.get(
        object_id=object_key(record, connection), root_type=root_type(Record)
    )
    texts = SearchChunk.objects.filter(document=document).values_list("text", flat=True)
    assert SECRET not in "".join(texts)
    assert not record.people.exists()


def test_a_level_that_changes_while_files_are_made_makes_them_again(
    archive, archivist, monkeypatch
):
    work_all()
    for before, after in (("public", INTERNAL), ("employees", OPEN)):
        record = publish(title=before, audience=before, made=False)
        make_files = renders.make_files

        def meanwhile(
            record: Record, after: str = after, make_files: Any = make_files
        ) -> list[renders.MadeFile]:
            made = make_files(record)
            if record.access_level != after:
                change_level(record.pk, after, by=archivist, reason="x")
            return list(made)

        monkeypatch.setattr(renders, "make_files", meanwhile)
        assert renders.work_once("worker")
        render = Render.objects.get(record=record)
        assert (render.status, "LevelChanged" in render.last_error) == (
            RenderStatus.WAITING,
            True,
        )
        assert not record.files.filter(stored_at__isnull=False).exists()
        assert plain_text_in(archive) == []
        assert not sealed_folder(record.pk).exists() or not list(sealed_folder(record.pk).iterdir())
        Render.objects.update(available_at=record.captured_at)
        work_all()
        record.refresh_from_db()
        assert {file.sealed for file in record.files.all()} == {after != OPEN}
        monkeypatch.setattr(renders, "make_files", make_files)
        change_level(record.pk, CONTROLLED, by=archivist, reason="x")
        assert plain_text_in(archive) == []
    assert_sound()


def test_a_changed_level_moves_the_record_in_the_search_index(archivist):
    from portal.archives.search import matching

    record = publish(title="住址登记")

    def found(words: str) -> list[str]:
        return list(matching(Record.objects.all(), words).values_list("title", flat=True))

    assert found(SECRET) == found("住址登记") == ["住址登记"]
    change_level(record.pk, CONTROLLED, by=archivist, reason="x")
    assert (found(SECRET), found("住址登记")) == ([], ["住址登记"])
    record_chunks = SearchChunk.objects.filter(text__contains="2026", document__title="")
    assert [SECRET in chunk.text for chunk in record_chunks] == [False]
    change_level(record.pk, INTERNAL, by=archivist, reason="x")
    assert found(SECRET) == ["住址登记"]


# ---- The page


def test_the_page_of_the_level(archivist):
    record = publish(title="住址登记", made=False)
    address = reverse("archive_access_level", args=[record.pk])
    client = Client()
    client.force_login(archivist)
    assert address in client.get(record.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert "住址登记" in page and "内部" in page and page.count('type="radio"') == 3

    refused = client.post(address, {"level": "secret", "reason": " ", "seen": "internal"})
    assert refused.status_code == 422
    assert "请说明更改控制标识的理由" in refused.content.decode()
    record.refresh_from_db()
    assert record.access_level == INTERNAL

    good = {"level": "controlled", "reason": "含住址", "seen": "internal"}
    done = client.post(address, good, follow=True)
    assert done.status_code == 200
    assert "控制标识现为“控制”" in done.content.decode()
    record.refresh_from_db()
    assert record.access_level == CONTROLLED

    second = client.post(address, good)
    assert (second.status_code, "刚刚被他人更改" in second.content.decode()) == (409, True)
    same = client.post(address, {**good, "seen": "controlled"})
    assert (same.status_code, "已经是" in same.content.decode()) == (422, True)
    for odd in ("open\x00", "OPEN", "", "9" * 5000):
        assert client.post(address, {**good, "level": odd}).status_code == 422
    assert client.put(address).status_code == 405


def test_nobody_else_has_the_page_or_learns_which_records_there_are():
    record = publish(made=False)
    for role in ("party_staff", "discipline_auditor", "branch_secretary", "employee"):
        client = signed_in(role)
        assert address_is_hidden(client, record), role
        for key in (record.pk, "00000000-0000-4000-8000-000000000000"):
            address = reverse("archive_access_level", args=[key])
            assert client.get(address).status_code == 403
            assert client.post(address, {"level": "open", "reason": "x"}).status_code == 403
    archivist = signed_in("archivist")
    unknown = reverse("archive_access_level", args=["00000000-0000-4000-8000-000000000000"])
    assert archivist.get(unknown).status_code == 404
    assert Client().get(reverse("archive_access_level", args=[record.pk])).status_code == 302


def address_is_hidden(client: Client, record: Record) -> bool:
    """Whether the record page, if it is shown at all, does not offer the change."""
    page = client.get(record.get_absolute_url())
    return reverse("archive_access_level", args=[record.pk]) not in page.content.decode()
