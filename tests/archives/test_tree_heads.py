"""Signed heads over the ledger: one a day, never backwards, and nothing changed goes unnoticed."""

from __future__ import annotations

import base64
import json
import os
import uuid
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal.archives import ledger, triggers
from portal.archives.models import EntryPayload, LedgerEntry, TreeHead, TreeNode
from portal.archives.tree import heads, keys, nodes, notes, tree, verification
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

TABLE = LedgerEntry._meta.db_table


@pytest.fixture(autouse=True)
def folder(tmp_path, settings) -> Path:
    """A folder of its own for the heads."""
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"
    return tmp_path / "heads"


def grow(count: int) -> None:
    """Append entries in one transaction."""
    with transaction.atomic():
        ledger.append(
            [ledger.Draft("inspect", uuid.uuid4(), {"number": number}) for number in range(count)]
        )


def grow_to(size: int) -> None:
    """Append until the ledger has a size; the pages of an installation are in it from the start."""
    grow(size - LedgerEntry.objects.count())


def places() -> list[str]:
    """The places of all faults of tree and ledger."""
    return [fault.place for fault in [*ledger.faults(), *verification.all_faults()]]


def execute(statement: str, parameters: Any = None) -> None:
    """Run a statement below the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def two_days(time_machine: Any) -> tuple[TreeHead, TreeHead]:
    """Sixty entries with a head after 40 and one after 60, on two days."""
    time_machine.move_to("2026-11-21 00:05+08:00")
    grow_to(40)
    first, _made = heads.make()
    time_machine.move_to("2026-11-22 00:05+08:00")
    grow_to(60)
    second, _made = heads.make()
    assert first is not None and second is not None
    assert places() == []
    return first, second


# ---- The table of nodes


@pytest.mark.parametrize("sizes", [[0], [1], [15], [16], [17], [33, 5, 90], [16, 16, 16], [128, 1]])
def test_the_table_gives_the_same_roots_and_proofs_as_the_definition(sizes):
    leaves: list[bytes] = []
    for count in sizes:
        grow(count)
        covered = nodes.fill()
        assert covered == LedgerEntry.objects.count() // nodes.LEAVES * nodes.LEAVES
        leaves = [
            bytes.fromhex(one) for one in LedgerEntry.objects.values_list("entry_hash", flat=True)
        ]
        made: dict[tree.Node, bytes] = {}
        edge = tree.Frontier()
        for leaf in leaves:
            made.update({(level, index): found for level, index, found in edge.append(leaf)})
        size = len(leaves)
        assert nodes.root(size) == edge.root()
        for sequence in range(1, size + 1):
            path = nodes.inclusion_path(sequence, size)
            leaf = tree.leaf_hash(leaves[sequence - 1])
            assert tree.proves_inclusion(leaf, sequence - 1, size, path, edge.root())
            proof = nodes.consistency_path(sequence, size)
            first = nodes.root(sequence)
            assert tree.proves_consistency(sequence, size, proof, first, edge.root())
        kept = {
            (level, index): bytes.fromhex(found)
            for level, index, found in TreeNode.objects.values_list("level", "index", "hash")
        }
        assert kept == {
            node: found for node, found in made.items() if node[0] >= nodes.LOWEST_LEVEL
        }
    assert places() == []


def test_a_large_ledger_is_taken_in_pieces_and_a_proof_needs_two_queries(
    monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(nodes, "BATCH", 64)
    grow(1000)
    nodes.fill()
    assert places() == []
    with django_assert_num_queries(2):
        nodes.inclusion_path(777, 999)


def test_two_who_fill_at_once_leave_one_row_for_each_node(monkeypatch):
    monkeypatch.setattr(nodes, "BATCH", 64)
    grow(640)
    assert failures(together(*[nodes.fill] * 4)) == []
    assert nodes.filled() == 640
    assert places() == []


def test_publishing_writes_no_node():
    grow(100)
    assert not TreeNode.objects.exists()


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE {table} SET hash = repeat_a WHERE level = 4 AND {index} = 1", "node:4/1"),
        ("DELETE FROM {table} WHERE level = 5 AND {index} = 0", "node:5/0"),
        ("INSERT INTO {table} (level, {index}, hash) VALUES (4, 900, repeat_a)", "node:4/900"),
        ("INSERT INTO {table} (level, {index}, hash) VALUES (0, 1, repeat_a)", "node:0/1"),
    ],
)
def test_a_node_that_does_not_fit_is_named_and_made_again(statement, place):
    grow(64)
    nodes.fill()
    table, index = TreeNode._meta.db_table, connection.ops.quote_name("index")
    execute(statement.replace("repeat_a", f"'{'a' * 64}'").format(table=table, index=index))
    assert place in places()
    nodes.rebuild()
    assert places() == []


# ---- Heads


def test_the_first_head_and_its_file(time_machine, folder):
    time_machine.move_to("2026-11-22 00:05+08:00")
    grow_to(25)
    head, made = heads.make()
    assert head is not None and made
    assert (head.size, head.root, head.date.isoformat()) == (25, nodes.root(25).hex(), "2026-11-22")
    path = folder / "head-2026-11-22.txt"
    assert path.read_text(encoding="utf-8") == head.note
    assert path.stat().st_mode & 0o777 == 0o444
    lines = head.note.split("\n")
    assert lines[:5] == [
        "portal-archive-ledger",
        "25",
        base64.b64encode(nodes.root(25)).decode(),
        "date 2026-11-22",
        "",
    ]
    assert lines[5].startswith("— portal-archive-ledger ")
    assert lines[6:] == [""]
    assert notes.parse(head.note).signed_by(keys.trusted_keys()) == keys.public_key()
    assert head.key_id == keys.public_key().number.hex()
    assert places() == []


def test_an_empty_ledger_has_no_head(unguarded):
    execute(f"DELETE FROM {TABLE}")
    EntryPayload.objects.all().delete()
    assert heads.make() == (None, False)
    assert heads.daily() == "the ledger is empty"
    assert not TreeHead.objects.exists()


def test_one_head_a_day(time_machine):
    first, second = two_days(time_machine)
    grow(3)
    again, made = heads.make()
    assert (again, made) == (second, False)
    assert TreeHead.objects.count() == 2
    assert first.size < second.size


def test_a_day_without_entries_has_a_head_too(time_machine):
    _first, second = two_days(time_machine)
    time_machine.move_to("2026-11-23 00:05+08:00")
    third, made = heads.make()
    assert third is not None and made
    assert (third.size, third.root) == (second.size, second.root)
    assert places() == []


def test_two_workers_at_once_sign_one_head(time_machine):
    time_machine.move_to("2026-11-22 00:05+08:00", tick=False)
    grow(50)
    results = together(heads.make, heads.make)
    assert sorted(made for _head, made in results) == [False, True], results
    assert TreeHead.objects.count() == 1
    assert places() == []


def test_a_clock_set_back_signs_nothing(time_machine):
    two_days(time_machine)
    grow(5)
    time_machine.move_to("2026-11-21 12:00+08:00")
    with pytest.raises(heads.HeadRefused, match="2026-11-22"):
        heads.make()
    time_machine.move_to("2026-11-20 12:00+08:00")
    with pytest.raises(CommandError):
        call_command("archive_head", stdout=StringIO())
    assert TreeHead.objects.count() == 2
    assert places() == []


def test_a_file_that_could_not_be_written_is_written_the_next_time(time_machine, folder):
    time_machine.move_to("2026-11-21 00:05+08:00")
    grow(5)
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")
    with pytest.raises(OSError):
        heads.make()
    assert TreeHead.objects.count() == 1
    assert places() == ["head-file:head-2026-11-21.txt"]
    folder.unlink()
    time_machine.move_to("2026-11-22 00:05+08:00")
    heads.make()
    assert sorted(path.name for path in folder.iterdir()) == [
        "head-2026-11-21.txt",
        "head-2026-11-22.txt",
    ]
    assert places() == []


def test_the_command_and_the_daily_job(time_machine, folder):
    time_machine.move_to("2026-11-22 00:05+08:00")
    grow_to(20)
    output = StringIO()
    call_command("archive_head", "--json", "--rebuild", stdout=output)
    printed = json.loads(output.getvalue())
    assert printed == {
        "made": True,
        "date": "2026-11-22",
        "size": 20,
        "root": nodes.root(20).hex(),
        "file": str(folder / "head-2026-11-22.txt"),
    }
    output = StringIO()
    call_command("daily_jobs", "ledger-head", stdout=output)
    assert "head of 2026-11-22 was there, 20 entries" in output.getvalue()
    output = StringIO()
    call_command("archive_head", "--public-key", stdout=output)
    assert notes.PublicKey.parse(output.getvalue()) == keys.public_key()


# ---- Keys


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path, settings):
    settings.LEDGER_KEY, settings.DATA_DIR = "", tmp_path / "data"
    first = keys.public_key()
    assert keys.public_key() == first
    assert keys.key_file().stat().st_mode & 0o777 == 0o600
    assert list(keys.key_file().parent.iterdir()) == [keys.key_file()]


def test_after_a_change_of_keys_the_old_heads_count_only_while_their_key_is_listed(
    settings, time_machine
):
    first, _second = two_days(time_machine)
    settings.LEDGER_KEY = base64.b64encode(os.urandom(32)).decode()
    assert set(places()) == {
        *(f"head:2026-11-{day}" for day in (21, 22)),
        *(f"head-file:head-2026-11-{day}.txt" for day in (21, 22)),
    }
    settings.LEDGER_FORMER_PUBLIC_KEYS = [first.public_key]
    time_machine.move_to("2026-11-23 00:05+08:00")
    heads.make()
    assert places() == []


@pytest.mark.parametrize("key", ["no base64!", "c2hvcnQ=", "键"])
def test_a_key_that_cannot_be_read_is_a_fault_and_a_failed_check(key, settings, time_machine):
    from portal.archives import checks

    two_days(time_machine)
    settings.LEDGER_KEY = key
    assert places() == ["head:key"]
    assert [found.id for found in checks.ledger_key(None)] == ["archives.E001"]


def test_a_key_beside_the_database_is_a_warning_on_deployment(settings, tmp_path):
    from portal.archives import checks

    assert checks.ledger_key(None) == []
    settings.LEDGER_KEY, settings.DATA_DIR = "", tmp_path
    assert [found.id for found in checks.ledger_key(None)] == ["archives.W002"]
    assert checks.ledger_origin(None) == []
    settings.LEDGER_ORIGIN = "two words"
    assert [found.id for found in checks.ledger_origin(None)] == ["archives.E002"]


# ---- What somebody who owns the database can do


def rewrite_from(sequence: int) -> None:
    """Change an entry's payload and make everything after it fit: commitments, hashes, chain."""
    previous = (
        LedgerEntry.objects.get(sequence=sequence - 1).entry_hash
        if sequence > 1
        else ledger.GENESIS_HASH
    )
    for entry in LedgerEntry.objects.filter(sequence__gte=sequence).order_by("sequence"):
        payload = EntryPayload.objects.get(sequence=entry.sequence)
        body = '{"number":999}' if entry.sequence == sequence else payload.body
        commitment = ledger.commit_to(payload.salt, body)
        fresh = ledger.entry_hash(entry.sequence, entry.kind, entry.record_id, commitment, previous)
        EntryPayload.objects.filter(pk=payload.pk).update(body=body)
        execute(
            f"UPDATE {TABLE} SET commitment = %s, previous_hash = %s, entry_hash = %s"
            " WHERE sequence = %s",
            [commitment, previous, fresh, entry.sequence],
        )
        previous = fresh


def cut_off(sequence: int) -> None:
    """Forget the newest entries, payloads included, as if they had never been."""
    execute(f"DELETE FROM {TABLE} WHERE sequence >= %s", [sequence])
    EntryPayload.objects.filter(sequence__gte=sequence).delete()


def insert_in_the_middle(sequence: int) -> None:
    """Put an entry of one's own between two others; everything after it moves and fits."""
    rows = list(LedgerEntry.objects.filter(sequence__gte=sequence).order_by("sequence"))
    payloads = {payload.pk: payload for payload in EntryPayload.objects.all()}
    cut_off(sequence)
    with transaction.atomic():
        ledger.append([ledger.Draft("inspect", uuid.uuid4(), {"number": "inserted"})])
        for row in rows:
            body = json.loads(payloads[row.sequence].body)
            ledger.append([ledger.Draft(row.kind, row.record_id, body)])


def swap(sequence: int) -> None:
    """Exchange two entries and make the chain fit again."""
    rows = list(LedgerEntry.objects.filter(sequence__gte=sequence).order_by("sequence"))
    payloads = {payload.pk: payload for payload in EntryPayload.objects.all()}
    rows[0], rows[1] = rows[1], rows[0]
    cut_off(sequence)
    with transaction.atomic():
        for row in rows:
            body = json.loads(payloads[row.sequence].body)
            ledger.append([ledger.Draft(row.kind, row.record_id, body)])


@pytest.fixture
def unguarded():
    """The ledger without its triggers, as for somebody who owns the database."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


CHANGES: dict[str, Callable[[int], None]] = {
    "rewritten": rewrite_from,
    "cut off": cut_off,
    "inserted": insert_in_the_middle,
    "swapped": swap,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("sequence", [1, 17, 39])
def test_a_chain_that_was_made_to_fit_again_is_caught_by_the_heads(
    change, sequence, unguarded, time_machine
):
    two_days(time_machine)
    CHANGES[change](sequence)
    TreeNode.objects.all().delete()
    nodes.fill()

    assert list(ledger.faults()) == [], "the chain itself shows nothing any more"
    found = places()
    assert {"head:2026-11-21", "head:2026-11-22"} <= set(found)
    time_machine.move_to("2026-11-23 00:05+08:00")
    with pytest.raises(heads.HeadRefused):
        heads.make()


def test_a_change_after_the_last_but_one_head_is_caught_by_the_last(unguarded, time_machine):
    two_days(time_machine)
    rewrite_from(45)
    nodes.rebuild()
    assert list(ledger.faults()) == []
    assert set(places()) == {"head:2026-11-22", "head-file:head-2026-11-22.txt"}


@pytest.mark.parametrize("forged", ["removed", "own key", "unsigned"])
def test_heads_changed_in_the_database_are_caught_by_their_files(
    forged, unguarded, time_machine, folder
):
    """Whoever also makes the rows of the heads fit again is stopped by key and files."""
    two_days(time_machine)
    rewrite_from(10)
    nodes.rebuild()
    if forged == "removed":
        TreeHead.objects.all().delete()
    else:
        other = Ed25519PrivateKey.generate()
        for head in TreeHead.objects.all():
            root = nodes.root(head.size)
            head.root = root.hex()
            if forged == "own key":
                said = notes.Checkpoint("portal-archive-ledger", head.size, root, head.date)
                head.note = notes.sign(said, other)
                head.public_key = str(notes.public_key_of(other, "portal-archive-ledger"))
            head.save()
    found = places()
    assert {"head-file:head-2026-11-21.txt", "head-file:head-2026-11-22.txt"} <= set(found)
    if forged != "removed":
        assert {"head:2026-11-21", "head:2026-11-22"} <= set(found)
    time_machine.move_to("2026-11-23 00:05+08:00")
    with pytest.raises(heads.HeadRefused):
        heads.make()


def test_a_stolen_key_does_not_change_the_files_that_were_copied_away(
    unguarded, time_machine, folder
):
    """With the key and the folder, too, everything fits, but not the copy on another medium."""
    two_days(time_machine)
    copy = (folder / "head-2026-11-21.txt").read_bytes()
    rewrite_from(10)
    nodes.rebuild()
    for head in TreeHead.objects.all():
        root = nodes.root(head.size)
        said = notes.Checkpoint("portal-archive-ledger", head.size, root, head.date)
        head.root, head.note = root.hex(), notes.sign(said, keys.private_key())
        head.save()
        (folder / head.file_name).unlink()
        heads.write_file(head)
    assert places() == []
    (folder / "head-copy.txt").write_bytes(copy)
    assert set(places()) == {"head-file:head-copy.txt"}


@pytest.mark.parametrize("damage", ["changed", "cut", "gone", "stray", "no text"])
def test_damaged_files_of_heads_are_named(damage, time_machine, folder):
    two_days(time_machine)
    path = folder / "head-2026-11-21.txt"
    kept = path.read_text(encoding="utf-8")
    path.unlink()
    if damage == "changed":
        path.write_text(kept.replace("\n40\n", "\n41\n"), encoding="utf-8")
    elif damage == "cut":
        path.write_text(kept[:60], encoding="utf-8")
    elif damage == "no text":
        path.write_bytes(b"\xff\xfe\x00")
    elif damage == "stray":
        path.write_text(kept, encoding="utf-8")
        path = folder / "head-2020-01-01.txt"
        path.write_text(kept, encoding="utf-8")
    assert set(places()) == {f"head-file:{path.name}"}


def test_archive_verify_names_heads_that_no_longer_fit(unguarded, time_machine):
    two_days(time_machine)
    rewrite_from(30)
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("archive_verify", "--json", stdout=output, stderr=StringIO())
    named = {fault["place"] for fault in json.loads(output.getvalue())["faults"]}
    assert {"head:2026-11-21", "head:2026-11-22"} <= named
    assert any(place.startswith("node:") for place in named)


def test_the_tree_and_the_heads_survive_damage_in_the_middle_of_the_ledger(unguarded, time_machine):
    two_days(time_machine)
    execute(f"DELETE FROM {TABLE} WHERE sequence = 33")
    named = places()
    assert "ledger:33" in named
    assert {"head:2026-11-21", "head:2026-11-22"} <= set(named)
    execute(f"UPDATE {TABLE} SET entry_hash = %s WHERE sequence = 5", ["x" * 64])
    assert "ledger:5" in places()
    with pytest.raises(CommandError):
        call_command("archive_head", "--rebuild", stdout=StringIO())
