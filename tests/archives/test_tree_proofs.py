"""Proofs as files: made by a command, checked by a command that asks nothing of the database."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import transaction

from portal.archives import ledger
from portal.archives.models import LedgerEntry, TreeHead
from portal.archives.tree import heads, keys, nodes, notes, proofs
from portal.settings.environment import BASE_DIR

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folder(tmp_path, settings) -> Path:
    """A folder of its own for the heads."""
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"
    return tmp_path / "heads"


def grow_to(size: int) -> None:
    """Append until the ledger has a size."""
    count = size - LedgerEntry.objects.count()
    with transaction.atomic():
        ledger.append(
            [ledger.Draft("inspect", uuid.uuid4(), {"number": number}) for number in range(count)]
        )


@pytest.fixture
def two_heads(time_machine) -> tuple[TreeHead, TreeHead]:
    """Heads over 40 and 60 entries on two days; six more entries after them."""
    made = []
    for day, size in (("2026-11-21", 40), ("2026-11-22", 60)):
        time_machine.move_to(f"{day} 00:05+08:00")
        grow_to(size)
        head, _made = heads.make()
        assert head is not None
        made.append(head)
    grow_to(66)
    return made[0], made[1]


def proof_command(*arguments: Any) -> tuple[str, int]:
    """Run archive_proof; return what it printed and its exit code."""
    output, code = StringIO(), 0
    try:
        call_command("archive_proof", *map(str, arguments), stdout=output)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return output.getvalue(), code


def test_an_entry_is_proven_to_be_under_the_newest_head(two_heads, tmp_path):
    entry = LedgerEntry.objects.get(sequence=33)
    path = tmp_path / "proof.json"
    printed, code = proof_command("inclusion", "33", "--output", path)
    assert code == 0
    assert "账簿第 33 条在前 60 条之中" in printed
    proof = json.loads(path.read_text(encoding="utf-8"))
    assert proof["size"] == 60
    assert proof["root"] == two_heads[1].root
    assert proof["head"] == two_heads[1].note
    assert proof["entry"]["hash"] == entry.entry_hash
    assert "payload" not in proof["entry"]
    printed, code = proof_command("verify", path)
    assert code == 0, printed
    assert printed.count("✓") == 4
    assert "证明成立" in printed


def test_a_record_is_found_by_its_id(two_heads):
    entry = LedgerEntry.objects.get(sequence=50)
    printed, _code = proof_command("inclusion", str(entry.record_id))
    assert json.loads(printed)["entry"]["sequence"] == 50


@pytest.mark.parametrize("size", [33, 40, 47, 60, 66])
def test_an_entry_is_proven_in_every_state_since(size, two_heads, tmp_path):
    path = tmp_path / "proof.json"
    proof_command("inclusion", "33", "--size", size, "--output", path)
    printed, code = proof_command("verify", path)
    # Without a head over just that many entries the proof is sound, but nothing anchors it.
    assert code == (0 if size in (40, 60) else 2), printed
    assert "✗" not in printed


def test_an_entry_after_the_newest_head_is_proven_without_an_anchor(two_heads, tmp_path):
    path = tmp_path / "proof.json"
    proof_command("inclusion", "66", "--output", path)
    printed, code = proof_command("verify", path)
    assert code == 2
    assert "没有签名树首可供对照" in printed


def test_the_ledger_is_proven_to_have_only_grown(two_heads, tmp_path, folder):
    path = tmp_path / "proof.json"
    printed, code = proof_command("consistency", "40", "60", "--output", path)
    assert code == 0
    assert "含 60 条的账簿以含 40 条的账簿为开头" in printed
    printed, code = proof_command("verify", path)
    assert code == 0, printed
    # Heads kept elsewhere take the place of those in the file.
    given = [part for name in sorted(folder.iterdir()) for part in ("--head", name)]
    assert proof_command("verify", path, *given)[1] == 0
    assert proof_command("verify", path, "--head", folder / "head-2026-11-21.txt")[1] == 2
    proof_command("consistency", "1", "66", "--output", path)
    assert proof_command("verify", path)[1] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("inclusion", "67"), "没有 67 的条目"),
        (("inclusion", "0"), "没有 0 的条目"),
        (("inclusion", "33", "--size", "32"), "没有含 32 条"),
        (("inclusion", "33", "--size", "67"), "没有含 67 条"),
        (("inclusion", "甲"), "既不是账簿条目号"),
        (("inclusion", "9" * 40), "既不是账簿条目号"),
        (("inclusion", str(uuid.UUID(int=5))), "没有"),
        (("consistency", "0", "5"), "由小到大"),
        (("consistency", "6", "5"), "由小到大"),
        (("consistency", "6", "67"), "由小到大"),
        (("inclusion", "3", "--output", "no folder/proof.json"), "文件未能写入"),
        (("verify", "no folder/proof.json"), "无法读取"),
    ],
)
def test_what_cannot_be_proven_is_said(arguments, words, two_heads, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=words):
        proof_command(*arguments)


def spoiled(proof: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The proof with one thing changed, by the name of the change."""
    bent = "0" * 64
    return {
        "event": {**proof, "entry": {**proof["entry"], "kind": "destroy"}},
        "record": {**proof, "entry": {**proof["entry"], "record": str(uuid.uuid4())}},
        "number": {**proof, "entry": {**proof["entry"], "sequence": 34}},
        "hash": {**proof, "entry": {**proof["entry"], "hash": bent}},
        "path": {**proof, "path": [bent, *proof["path"][1:]]},
        "short path": {**proof, "path": proof["path"][1:]},
        "root": {**proof, "root": bent},
        "size": {**proof, "size": 59},
    }


def test_a_changed_proof_does_not_hold(two_heads, tmp_path):
    proof = proofs.inclusion(LedgerEntry.objects.get(sequence=33))
    path = tmp_path / "proof.json"
    for name, changed in spoiled(proof).items():
        path.write_text(proofs.as_text(changed), encoding="utf-8")
        printed, code = proof_command("verify", path)
        assert code == 1, (name, printed)
        assert "✗" in printed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "portal-ledger-proof/1"}',
        '{"format": "portal-ledger-proof/1", "type": "inclusion"}',
        '{"format": "portal-ledger-proof/1", "type": "inclusion", "entry": 5, "size": 3}',
        '{"format": "portal-ledger-proof/1", "type": "consistency", "first_size": "x"}',
        "不是 JSON",
    ],
)
def test_a_file_that_is_no_proof_is_refused_in_words(text, tmp_path):
    path = tmp_path / "proof.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        proof_command("verify", path)


def test_a_head_signed_by_somebody_else_anchors_nothing(two_heads, tmp_path, folder):
    other = Ed25519PrivateKey.generate()
    path, head = tmp_path / "proof.json", tmp_path / "head.txt"
    proof_command("inclusion", "33", "--output", path)
    head.write_text(
        notes.sign(notes.Checkpoint("portal-archive-ledger", 60, nodes.root(60)), other),
        encoding="utf-8",
    )
    assert proof_command("verify", path, "--head", head)[1] == 1
    own = str(notes.public_key_of(other, "portal-archive-ledger"))
    assert proof_command("verify", path, "--head", head, "--public-key", own)[1] == 0
    assert proof_command("verify", path, "--public-key", own)[1] == 1
    (tmp_path / "key.txt").write_text(own + "\n")
    arguments = ("verify", path, "--head", head, "--public-key", tmp_path / "key.txt")
    assert proof_command(*arguments)[1] == 0
    with pytest.raises(CommandError):
        proof_command("verify", path, "--public-key", "no+key+here")
    head.write_text("no head")
    with pytest.raises(CommandError, match="无法读取树首"):
        proof_command("verify", path, "--head", head)


def test_a_proof_is_checked_on_a_machine_without_this_database(two_heads, tmp_path, folder):
    path = tmp_path / "proof.json"
    proof_command("inclusion", "33", "--output", path)
    elsewhere = subprocess.run(
        [sys.executable, "manage.py", "archive_proof", "verify", str(path)]
        + ["--head", str(folder / "head-2026-11-22.txt")]
        + ["--public-key", str(keys.public_key())],
        cwd=BASE_DIR,
        env={
            "DJANGO_SETTINGS_MODULE": "portal.settings.development",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
            "DATA_DIR": str(tmp_path / "data"),
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
    )
    assert elsewhere.returncode == 0, elsewhere.stdout + elsewhere.stderr
    assert "证明成立" in elsewhere.stdout
    assert (
        not (tmp_path / "none.sqlite3").exists() or (tmp_path / "none.sqlite3").stat().st_size == 0
    )
    assert not (tmp_path / "data" / "ledger.key").exists()


# ---- The text format


# Published notes: the example of the C2SP signed-note specification, and the one in the tests of
# Go's golang.org/x/mod/sumdb/note, whose private key is published, too.
PUBLISHED = (
    (
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "This is an example message.\n",
        "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
        "RKuwHjG1Yu72IneyaQM=",
    ),
    (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n",
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
        "tpRZb6KE6RyyBwJnAM=",
    ),
)
PUBLISHED_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"


@pytest.mark.parametrize(("key", "text", "line"), PUBLISHED)
def test_published_notes_are_read_and_their_signatures_hold(key, text, line):
    public = notes.PublicKey.parse(key)
    assert str(public) == key
    name, number, signature = notes.signature_of(line)
    assert (name, number) == (public.name, public.number)
    nothing = notes.Checkpoint("", 0, b"")
    note = notes.Note(nothing, text, ((name, number, signature),))
    assert note.signed_by([public]) == public
    with pytest.raises(notes.NoteError):
        notes.Note(nothing, text + " ", note.signatures).signed_by([public])


def test_a_published_key_signs_as_elsewhere():
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(PUBLISHED_SEED)[1:])
    key, text, line = PUBLISHED[1]
    assert str(notes.public_key_of(private, "PeterNeumann")) == key
    assert private.sign(text.encode()) == notes.signature_of(line)[2]


def test_any_change_of_a_note_breaks_its_signature():
    private = Ed25519PrivateKey.generate()
    checkpoint = notes.Checkpoint("here", 12, b"r" * 32)
    note = notes.sign(checkpoint, private)
    key = notes.public_key_of(private, "here")
    assert notes.parse(note).checkpoint == checkpoint
    assert notes.parse(note).signed_by([key]) == key
    assert notes.PublicKey.parse(str(key)) == key
    for old, new in (("12\n", "13\n"), ("here\n", "there\n"), ("\n\n", "\nmore\n\n")):
        with pytest.raises(notes.NoteError):
            notes.parse(note.replace(old, new, 1)).signed_by([key])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "here\n12\n",
        "here\n12\ncm9vdA==\n\n— here AAAA\n",
        "here\n012\n{root}\n\n— here AAAA\n",
        "here\n-1\n{root}\n\n— here AAAA\n",
        "here\n１２\n{root}\n\n— here AAAA\n",
        "here\n12\n{root}\ndate yesterday\n\n— here AAAA\n",
        "here\n12\n{root}\n\nhere AAAA\n",
        "here\n12\n{root}\n\n— here 签名\n",
        "here\n12\n{root}\n\n— here AAAA",
    ],
)
def test_what_is_no_note_is_refused(text):
    with pytest.raises(notes.NoteError):
        notes.parse(text.format(root=base64.b64encode(b"r" * 32).decode()))
