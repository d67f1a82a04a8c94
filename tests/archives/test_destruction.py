"""A destroyed record is provably destroyed, and its neighbours are provably intact."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from portal.archives import ledger, store
from portal.archives.appraisal import destruction, erasure, lists, tombstones
from portal.archives.appraisal.decisions import keep_longer
from portal.archives.appraisal.destruction import LIST_SOURCE
from portal.archives.appraisal.holds import HoldScope, lift_hold, place_hold
from portal.archives.appraisal.refusals import (
    NotApprover,
    NotDestroyable,
    NotOnThisList,
    NotTheSamePerson,
    NotWitness,
)
from portal.archives.appraisal.replay import replay_tombstones
from portal.archives.models import (
    AccessLevel,
    DestructionEntry,
    DestructionState,
    EntryPayload,
    LedgerEntry,
    Record,
    RecordFile,
    RecordKey,
    RecordPerson,
    RecordState,
)
from portal.archives.numbering.report import code_faults
from portal.archives.reconciliation import differences
from portal.archives.refusals import AlreadyHandled
from portal.archives.search import matching
from portal.archives.timeline import timeline
from portal.archives.tree import proofs
from portal.archives.verification import all_faults
from tests.factories.appraisal import (
    EXPIRED_BY,
    accepted_records,
    approved_list,
    branch_with_page,
    executed_list,
    people_of_a_list,
)
from tests.factories.people import make_user
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def faults() -> list[str]:
    """Return everything the verification finds, except the calendar of far years."""
    return [f"{one.place}: {one.problem}" for one in all_faults() if one is not None]


@pytest.fixture
def archive(tmp_path, settings) -> Path:
    """Stores of this test's own, with a second one."""
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    settings.ARCHIVE_MIRROR_ROOT = str(tmp_path / "mirror")
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"
    return tmp_path / "archive"


@pytest.fixture
def expired(archive, time_machine) -> list[Record]:
    """Three records whose thirty years are over; the last one is to stay."""
    found = accepted_records(
        branch_with_page(), "雨季三防主题党日", "矿区清扫主题党日", "留存的主题党日"
    )
    time_machine.move_to(EXPIRED_BY)
    return found


@pytest.fixture
def people() -> dict[str, Any]:
    """The four people of a destruction."""
    return people_of_a_list()


def test_what_is_destroyed_is_gone_and_what_stays_is_proven(expired, people):
    gone, also, stays = expired
    shared = RecordFile.objects.filter(record=stays).values_list("sha256", flat=True)
    found = executed_list(people, gone, also)
    assert found.state == DestructionState.EXECUTED

    gone.refresh_from_db()
    assert (gone.state, gone.archive_code is not None) == (RecordState.DESTROYED, True)
    sequences = LedgerEntry.objects.filter(record_id=gone.pk).exclude(kind=ledger.DESTROY)
    assert sequences.exists()
    assert not EntryPayload.objects.filter(sequence__in=sequences.values("sequence")).exists()
    assert not RecordKey.objects.filter(pk=gone.pk).exists()
    assert not RecordFile.objects.filter(record=gone).exists()
    assert not RecordPerson.objects.filter(record=gone).exists()
    entry = DestructionEntry.objects.get(record=gone)
    assert entry.files
    assert erasure.left_files(gone.pk, entry.files) == []
    assert RecordFile.objects.filter(record=stays).count() == len(shared) > 0

    assert faults() == []
    assert list(differences()) == []
    assert list(code_faults()) == []
    tombstone = LedgerEntry.objects.get(record_id=gone.pk, kind=ledger.DESTROY)
    neighbour = LedgerEntry.objects.filter(record_id=stays.pk).first()
    for one in (tombstone, neighbour):
        assert one is not None
        proof = proofs.inclusion(one, None)
        assert proofs.check(proof, [], []).holds

    output = StringIO()
    call_command("archive_verify", stdout=output, stderr=StringIO())
    assert f"{gone.archive_code}: destroyed lawfully." in output.getvalue()
    assert str(stays.archive_code) not in output.getvalue()


def test_its_words_are_found_no_more_and_the_story_names_who_did_it(expired, people):
    gone = expired[0]
    found = executed_list(people, gone)
    assert not matching(Record.objects.filter(pk=gone.pk), "完成清扫").exists()
    last = timeline(gone)[-1]
    for name in (found.number, str(people["approver"]), str(people["first"])):
        assert name in last.sentence


def test_the_list_becomes_a_record_itself(expired, people):
    found = executed_list(people, expired[0])
    record = Record.objects.of_source(LIST_SOURCE, str(found.pk)).get()
    # Somebody answers for the list: without a responsible unit the pool accepts nothing.
    assert record.unit is not None
    assert found.number in record.title
    payload = ledger.payload_of(
        LedgerEntry.objects.get(record_id=record.pk, kind="capture").sequence
    )
    assert payload["content"]["entries"][0]["code"] == expired[0].archive_code


def test_a_controlled_record_leaves_no_title(expired, people):
    gone = expired[0]
    Record.objects.filter(pk=gone.pk).update(access_level=AccessLevel.CONTROLLED)
    executed_list(people, gone)
    gone.refresh_from_db()
    entry = DestructionEntry.objects.get(record=gone)
    assert (gone.title, entry.title) == (gone.archive_code, "")
    assert len(entry.title_digest) == 64


def test_bytes_that_another_record_has_as_well_stay(expired, people):
    gone, _also, stays = expired
    file = RecordFile.objects.filter(record=stays, stored_at__isnull=False)[0]
    stored = store.put([b"both have it"])
    for record, number in ((gone, 901), (stays, 902)):
        RecordFile.objects.create(
            record=record,
            role="document",
            source_object_id=number,
            name="same.txt",
            media_type=file.media_type,
            size=stored.size,
            sha256=stored.sha256,
            stored_at=file.stored_at,
        )
    executed_list(people, gone)
    assert store.exists(stored.sha256)
    executed_list(people, stays)
    assert not store.exists(stored.sha256)


def test_four_different_people(expired, people):
    found = lists.make_list(people["archivist"], [expired[0].pk], "期满")
    for pair in (["archivist", "second"], ["first", "first"]):
        with pytest.raises(NotTheSamePerson):
            lists.propose(found.pk, people["archivist"], [people[name] for name in pair])
    lists.propose(found.pk, people["archivist"], [people["approver"], people["second"]])
    with pytest.raises(NotTheSamePerson):
        lists.approve(found.pk, people["approver"])
    with pytest.raises(NotApprover):
        lists.approve(found.pk, people["archivist"])
    with pytest.raises(AlreadyHandled):
        lists.sign(found.pk, people["second"])


def test_only_a_witness_signs_and_only_once(expired, people):
    found = approved_list(people, expired[0])
    with pytest.raises(NotWitness):
        lists.sign(found.pk, people["archivist"])
    lists.sign(found.pk, people["first"])
    with pytest.raises(AlreadyHandled):
        lists.sign(found.pk, people["first"])
    expired[0].refresh_from_db()
    assert expired[0].state == RecordState.ACCEPTED


def test_a_held_record_comes_on_no_list(expired, people):
    hold = place_hold(people["archivist"], HoldScope(unit=expired[0].unit), "纪检监察机关调查")
    with pytest.raises(NotDestroyable, match="纪检监察机关调查"):
        lists.make_list(people["archivist"], [expired[0].pk], "期满")
    lift_hold(hold.pk, people["archivist"], "调查结束")
    assert lists.make_list(people["archivist"], [expired[0].pk], "期满").entries.count() == 1
    with pytest.raises(AlreadyHandled):
        lift_hold(hold.pk, people["archivist"], "再次解除")


def test_a_hold_beats_an_approved_list(expired, people):
    found = approved_list(people, *expired[:2])
    place_hold(people["archivist"], HoldScope(record=expired[0]), "诉讼保全")
    lists.sign(found.pk, people["first"])
    lists.sign(found.pk, people["second"])
    expired[0].refresh_from_db()
    expired[1].refresh_from_db()
    assert [one.state for one in expired[:2]] == [RecordState.ACCEPTED, RecordState.DESTROYED]
    kept = DestructionEntry.objects.get(record=expired[0])
    assert (kept.counts, "诉讼保全" in kept.remark) == (False, True)
    found.refresh_from_db()
    assert found.state == DestructionState.EXECUTED
    assert faults() == []


@pytest.mark.parametrize("year", [None, 1999])
def test_a_hold_of_another_year_holds_nothing(expired, people, year):
    place_hold(
        people["archivist"], HoldScope(unit=expired[0].unit, year=year or expired[0].year), "调查"
    )
    if year is None:
        with pytest.raises(NotDestroyable):
            lists.make_list(people["archivist"], [expired[0].pk], "期满")
    else:
        lists.make_list(people["archivist"], [expired[0].pk], "期满")


def test_what_is_permanent_not_expired_or_published_comes_on_no_list(archive, people, time_machine):
    branch = branch_with_page()
    young, live = accepted_records(branch, "未到期主题党日", "仍在发布的主题党日", withdrawn=False)
    with pytest.raises(NotDestroyable):
        lists.make_list(people["archivist"], [young.pk], "期满")
    time_machine.move_to(EXPIRED_BY)
    with pytest.raises(NotDestroyable):
        lists.make_list(people["archivist"], [live.pk], "期满")
    keep_longer(young.pk, people["archivist"], "编史修志需要", None)
    young.refresh_from_db()
    assert young.expires_on is None
    with pytest.raises(NotDestroyable):
        lists.make_list(people["archivist"], [young.pk], "期满")
    assert faults() == []


def test_a_listed_record_is_on_no_second_list_and_is_not_kept_longer(expired, people):
    first = lists.make_list(people["archivist"], [expired[0].pk], "期满")
    with pytest.raises(NotDestroyable):
        lists.make_list(people["archivist"], [expired[0].pk], "期满")
    with pytest.raises(NotOnThisList):
        keep_longer(expired[0].pk, people["archivist"], "利用", None)
    lists.withdraw(first.pk, people["archivist"], "改为继续保管")
    keep_longer(expired[0].pk, people["archivist"], "利用", None)


STEPS = ["erase_rows", "lay_down", "erase_files", "finish"]


@pytest.mark.parametrize("step", STEPS)
def test_killed_in_the_middle_it_is_untouched_or_finished_by_the_next_run(
    expired, people, monkeypatch, step
):
    """The process dies in a step: nothing is half done, and the next run ends the same way."""
    gone = expired[0]
    found = approved_list(people, gone)
    where = {
        "erase_rows": (erasure, "_erase_row"),
        "lay_down": (tombstones, "lay_down"),
        "erase_files": (erasure.sealing, "remove_plain"),
        "finish": (destruction, "capture"),
    }[step]

    def killed(*arguments: Any, **keywords: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(*where, killed)
        lists.sign(found.pk, people["first"])
        lists.sign(found.pk, people["second"])
        gone.refresh_from_db()
        if step == "erase_rows":
            assert gone.state == RecordState.ACCEPTED
            assert RecordFile.objects.filter(record=gone).exists()
        else:
            assert gone.state == RecordState.DESTROYED
        found.refresh_from_db()
        assert found.state == DestructionState.EXECUTING
    destruction.work()
    destruction.work()
    found.refresh_from_db()
    gone.refresh_from_db()
    assert (found.state, gone.state) == (DestructionState.EXECUTED, RecordState.DESTROYED)
    assert LedgerEntry.objects.filter(record_id=gone.pk, kind=ledger.DESTROY).count() == 1
    assert faults() == []


def test_a_payload_put_back_and_a_tombstone_without_cause_are_named(expired, people):
    gone, _also, stays = expired
    executed_list(people, gone)
    entry = LedgerEntry.objects.filter(record_id=gone.pk).first()
    assert entry is not None
    EntryPayload.objects.create(sequence=entry.sequence, salt="00", body="{}")
    assert any("payload" in fault for fault in faults())
    EntryPayload.objects.filter(sequence=entry.sequence).delete()
    assert faults() == []
    Record.objects.filter(pk=stays.pk).update(state=RecordState.DESTROYED)
    assert any("no ledger entry destroyed it" in fault for fault in faults())


def test_a_restored_copy_is_destroyed_again(expired, people, archive):
    """The database is older than the destruction; the signed tombstone is not."""
    gone, _also, stays = expired
    payloads = list(EntryPayload.objects.values())
    row = Record.objects.filter(pk=gone.pk).values().get()
    files = list(RecordFile.objects.filter(record=gone).values())
    found = executed_list(people, gone)
    assert tombstones.path_of(gone.pk).exists()

    # The restore: the rows are as they were, and the ledger has no tombstone yet.
    DestructionEntry.objects.all().delete()
    Record.objects.filter(pk=gone.pk).update(
        state=row["state"], title=row["title"], content_sha256=row["content_sha256"]
    )
    known = set(EntryPayload.objects.values_list("sequence", flat=True))
    EntryPayload.objects.bulk_create(
        EntryPayload(**one) for one in payloads if one["sequence"] not in known
    )
    RecordFile.objects.bulk_create(RecordFile(**one) for one in files)
    assert any("archive_replay_tombstones" in fault for fault in faults())

    output = StringIO()
    call_command("archive_replay_tombstones", stdout=output)
    assert "destroyed again" in output.getvalue()
    gone.refresh_from_db()
    assert gone.state == RecordState.DESTROYED
    assert not RecordFile.objects.filter(record=gone).exists()
    assert not [one for one in faults() if str(gone.pk) in one]
    assert [one.outcome for one in replay_tombstones()] == ["destroyed already"]
    stays.refresh_from_db()
    assert stays.state == RecordState.ACCEPTED
    assert found.number


def test_a_forged_tombstone_destroys_nothing(expired, people):
    path = tombstones.path_of(expired[0].pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = tombstones.signed(expired[0].pk, 1, {"code": "x", "files": []})
    path.write_text(text.replace('"x"', '"y"'), encoding="utf-8")
    (only,) = replay_tombstones()
    assert not only.done
    expired[0].refresh_from_db()
    assert expired[0].state == RecordState.ACCEPTED


def test_of_two_lists_made_at_once_one_gets_the_record(expired, people):
    other = make_user("archivist")
    results = together(
        lambda: lists.make_list(people["archivist"], [expired[0].pk], "期满"),
        lambda: lists.make_list(other, [expired[0].pk, expired[1].pk], "期满"),
    )
    (refused,) = failures(results)
    assert isinstance(refused, NotDestroyable)
    assert DestructionEntry.objects.filter(record=expired[0], counts=True).count() == 1


def test_two_workers_and_a_hold_at_once_leave_no_half_state(expired, people):
    """Either the hold came first and the record is whole, or it is destroyed, once."""
    found = approved_list(people, *expired[:2])
    lists.sign(found.pk, people["first"])
    results = together(
        lambda: lists.sign(found.pk, people["second"]),
        destruction.work,
        lambda: place_hold(people["archivist"], HoldScope(record=expired[0]), "诉讼保全"),
    )
    assert failures(results) == []
    destruction.work()
    found.refresh_from_db()
    assert found.state == DestructionState.EXECUTED
    states = [Record.objects.get(pk=one.pk).state for one in expired[:2]]
    assert states[1] == RecordState.DESTROYED
    tombstones_of_first = LedgerEntry.objects.filter(
        record_id=expired[0].pk, kind=ledger.DESTROY
    ).count()
    assert tombstones_of_first == (1 if states[0] == RecordState.DESTROYED else 0)
    assert faults() == []
