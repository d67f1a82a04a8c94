"""The pages of the ledger: who may open them, what they say, what they hand out."""

from __future__ import annotations

import datetime
import json
import uuid
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.archives import ledger, triggers
from portal.archives.models import LedgerEntry, TreeHead, TreeNode
from portal.archives.tree import heads, keys, nodes, notes, proofs
from portal.roles.table import ROLES
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True)]

READERS = {"archivist", "discipline_auditor"}


@pytest.fixture(autouse=True)
def folder(tmp_path, settings) -> Path:
    """A folder of its own for the heads."""
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"
    return tmp_path / "heads"


def grow(count: int) -> None:
    """Append entries."""
    with transaction.atomic():
        ledger.append([ledger.Draft("inspect", uuid.uuid4(), {}) for _ in range(count)])


@pytest.fixture
def head(time_machine) -> TreeHead:
    """The head of a day over some entries, with more after it."""
    time_machine.move_to("2026-11-22 00:05+08:00")
    grow(50 - LedgerEntry.objects.count())
    made, _now = heads.make()
    assert made is not None
    grow(3)
    return made


@pytest.fixture
def archivist() -> Client:
    """Somebody who may read the office."""
    return signed_in("archivist")


def signed_in(role: str) -> Client:
    """A browser of somebody with this role."""
    client = Client()
    client.force_login(make_user(role))
    return client


def addresses() -> list[str]:
    """Every address of the ledger."""
    return [
        reverse("archive_ledger"),
        reverse("archive_ledger") + "?entry=3",
        reverse("archive_ledger_proof") + "?entry=3",
        *(
            reverse(name, args=["2026-11-22"])
            for name in (
                "archive_ledger_head",
                "archive_ledger_head_file",
                "archive_ledger_head_sheet",
            )
        ),
    ]


def test_archivist_and_auditor_read_the_ledger_and_nobody_else(head):
    for role in ROLES:
        client = signed_in(role)
        expected = 200 if role in READERS else 403
        for address in addresses():
            assert client.get(address).status_code == expected, (role, address)
    for address in addresses():
        assert Client().get(address).status_code == 302
        assert signed_in("archivist").post(address).status_code == 405


def test_the_state_of_the_ledger(head, archivist):
    body = archivist.get(reverse("archive_ledger")).content.decode()
    assert "触发器在位" in body
    assert f"<dd>{LedgerEntry.objects.count()}</dd>" in body
    assert "与账簿相符" in body
    assert head.root[:8] in body and head.root[-8:] in body
    assert "2026-11-22" in body


def test_an_empty_list_of_heads(archivist):
    body = archivist.get(reverse("archive_ledger")).content.decode()
    assert "尚无签名树首" in body


def test_missing_triggers_and_a_head_that_does_not_fit_are_shouted(head, archivist):
    triggers.remove(connection)
    TreeNode.objects.filter(level=4).update(hash="0" * 64)
    TreeHead.objects.update(note=head.note.replace("date 2026-11-22", "date 2026-11-23"))
    try:
        body = archivist.get(reverse("archive_ledger")).content.decode()
        page = archivist.get(head.get_absolute_url()).content.decode()
    finally:
        triggers.install(connection)
    assert "触发器缺失" in body and "触发器在位" not in body
    assert "与账簿不符" in body
    assert "不成立" in body
    assert "签名不成立" in page and "不再有此树根" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("3", "已签名的账簿中未曾改动"),
        ("53", "将在下一个树首之后可以证明"),
        ("9999", "账簿中没有 9999 的条目"),
        ("甲<b>", "“甲&lt;b&gt;”既不是账簿条目号"),
        ("9" * 200, "既不是账簿条目号"),
        (str(uuid.UUID(int=7)), "账簿中没有"),
    ],
)
def test_an_entry_is_looked_up_and_proven_in_words(name, words, head, archivist):
    answer = archivist.get(reverse("archive_ledger"), {"entry": name})
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_a_record_is_looked_up_by_its_number(head, archivist):
    entry = LedgerEntry.objects.get(sequence=33)
    answer = archivist.get(reverse("archive_ledger"), {"entry": str(entry.record_id)})
    assert "第 33 条" in answer.content.decode()


def test_an_entry_that_does_not_fit_is_not_called_proven(head, archivist):
    TreeNode.objects.filter(level=4).update(hash="0" * 64)
    answer = archivist.get(reverse("archive_ledger"), {"entry": "3"})
    assert "未能证明" in answer.content.decode()
    TreeNode.objects.all().delete()
    answer = archivist.get(reverse("archive_ledger"), {"entry": "3"})
    assert "散列树在 node:" in answer.content.decode()
    assert not TreeNode.objects.exists(), "a page writes nothing"


def test_the_files_that_are_handed_out_hold_without_the_portal(head, archivist, folder):
    body = archivist.get(reverse("archive_ledger_head_file", args=["2026-11-22"]))
    assert body.content == (folder / "head-2026-11-22.txt").read_bytes()
    assert "head-2026-11-22.txt" in body["Content-Disposition"]
    proof = archivist.get(reverse("archive_ledger_proof"), {"entry": "3"})
    read = proofs.read(proof.content.decode())
    assert json.loads(proof.content)["entry"]["sequence"] == 3
    assert proofs.check(read, [body.content.decode()], [keys.public_key()]).anchored
    for name in ("53", "9999", "甲"):
        answer = archivist.get(reverse("archive_ledger_proof"), {"entry": name})
        assert answer.status_code == 404


def test_the_sheet_has_what_two_people_sign(head, archivist):
    page = archivist.get(head.get_absolute_url()).content.decode()
    groups = [head.root[start : start + 8] for start in range(0, 64, 8)]
    assert " ".join(groups) in page
    assert "账簿签名树首登记表" in page
    assert "2026年11月22日" in page
    assert f"{head.size} 条" in page
    assert head.note.rstrip("\n").rpartition(" ")[2] in page
    fingerprint = notes.PublicKey.parse(head.public_key).fingerprint
    assert fingerprint[:8] in page and fingerprint[-8:] in page
    assert page.count("年　　月　　日") == 2
    assert "style=" not in page.partition("账簿签名树首登记表")[2]


def test_the_sheet_as_pdf_has_the_same_text(head, archivist):
    import io

    import pikepdf

    answer = archivist.get(reverse("archive_ledger_head_sheet", args=["2026-11-22"]))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        assert len(opened.pages) == 1
        assert "账簿签名树首登记表" in str(opened.docinfo.get("/Title"))


@pytest.mark.parametrize("date", ["2026-11-21", "2026-13-45", "20261122", "x", "２０２６-11-22"])
def test_a_day_without_a_head_is_not_found(date, head, archivist):
    assert archivist.get(f"{reverse('archive_ledger')}{date}/").status_code == 404


def test_as_many_queries_with_200_heads_as_with_20(head, archivist):
    def add(count: int, first: datetime.date) -> None:
        for number in range(count):
            date = first - datetime.timedelta(days=number)
            said = notes.Checkpoint("portal-archive-ledger", head.size, nodes.root(head.size), date)
            TreeHead.objects.create(
                date=date,
                size=head.size,
                root=head.root,
                note=notes.sign(said, keys.private_key()),
                key_id=head.key_id,
                public_key=head.public_key,
                file_name=heads.file_name(date),
                made_at=timezone.now(),
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert archivist.get(reverse("archive_ledger")).status_code == 200
        return len(captured)

    add(20, datetime.date(2026, 11, 21))
    queries()
    few = queries()
    add(180, datetime.date(2026, 10, 31))
    assert queries() == few
    last = archivist.get(reverse("archive_ledger"), {"page": "11"}).content.decode()
    assert last.count('scope="row"') == 1
