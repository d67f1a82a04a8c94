"""Finished flows of other systems: whole or not at all, once, and into the pool by the table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.archives.attachments import services as attachments
from portal.archives.capture import capture_payload
from portal.archives.deliveries import services
from portal.archives.models import (
    DeliveredFile,
    DeliveringSystem,
    Delivery,
    Inspection,
    Record,
    RecordFile,
    RecordState,
    RenderStatus,
)
from portal.archives.pool import processing
from portal.archives.pool import services as pool
from tests.factories.archives import make_pool
from tests.factories.office_files import docx
from tests.factories.organizations import company
from tests.factories.people import make_user
from tests.factories.uploads import pdf_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    """A folder of deliveries for each test."""
    settings.DELIVERIES_ROOT = tmp_path / "deliveries"
    return tmp_path / "deliveries"


@pytest.fixture
def token() -> str:
    """The token of an admitted system."""
    return services.admit("集团办公自动化系统", make_user("archivist"))[1]


FORM, TEXT, PAPER = pdf_bytes(), docx("关于开展冬季安全大检查的通知"), pdf_bytes() + b"\n"


def step(action: str, moment: str) -> dict[str, str]:
    """Return what a manifest says of one step."""
    return {"action": action, "person": "张一", "at": moment}


def announced(role: str, name: Any, size: Any, sha256: str = "a" * 64) -> dict[str, Any]:
    """Return what a manifest says of one file."""
    return {"role": role, "name": name, "size": size, "sha256": sha256}


def said(*bodies: tuple[str, str, bytes], **changed: Any) -> dict[str, Any]:
    """Return a manifest for these files, by role, name and bytes."""
    bodies = bodies or (("form", "阅办单.pdf", FORM), ("main", "正文.docx", TEXT))
    return {
        "number": "OA-2026-000123",
        "kind": "outgoing",
        "title": "关于开展冬季安全大检查的通知",
        "reference": "沁岚党发〔2026〕30号",
        "unit": company().code,
        "finished_on": "2026-10-20",
        "steps": [
            {"action": "签发", "person": "张二", "at": "2026-10-20T10:00:00+08:00"},
            {"action": "拟稿", "person": "张一", "at": "2026-10-18T01:00:00+00:00", "remark": "急"},
        ],
        "files": [
            {
                "role": role,
                "name": name,
                "size": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
            }
            for role, name, body in bodies
        ],
        **changed,
    }


def deliver(token: str, manifest: Any, *bodies: bytes) -> Any:
    """Send a manifest and files as a system does."""
    parts = {
        f"file-{position}": SimpleUploadedFile(f"part{position}", body)
        for position, body in enumerate(bodies or (FORM, TEXT))
    }
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    return Client(enforce_csrf_checks=True).post(
        reverse("archive_delivery_interface"),
        {"manifest": text, **parts},
        headers={"Authorization": f"Bearer {token}"},
    )


def waiting(root: Path) -> Iterator[Path]:
    """Return the files that wait for the archive."""
    return (path for path in root.rglob("*") if path.is_file())


def test_a_finished_flow_becomes_a_record_in_the_pool_with_class_and_period(
    token: str, root: Path
) -> None:
    answer = deliver(token, said())
    assert answer.status_code == 201, answer.content.decode()
    record = Record.objects.get(pk=answer.json()["record"])
    assert (record.kind, record.subkind) == ("office-flow", "outgoing")
    assert (record.reference, record.unit) == ("沁岚党发〔2026〕30号", company())
    payload = capture_payload(record)
    assert [step["action"] for step in payload["process"]] == ["拟稿", "签发", "移交归档"]

    make_pool()
    record.refresh_from_db()
    assert record.render.status == RenderStatus.DONE, record.render.last_error
    assert record.state == RecordState.POOL
    item = record.pool_item
    assert item.archive_class is not None
    assert (item.archive_class.code, item.period, item.unit) == ("DQ01", "Y", company())
    stored = RecordFile.objects.filter(record=record, source_object_id__isnull=False)
    assert [file.name for file in stored.order_by("position")] == [
        "正文 正文.docx",
        "阅办单 阅办单.pdf",
    ]

    while attachments.work_once("test"):
        pass
    processing.work_all()
    inspection = Inspection.objects.filter(record=record).latest("inspected_at")
    assert inspection.passed, inspection.failed_codes
    assert pool.accept(record.pk, make_user("archivist")).code

    told = Client().get(
        reverse("archive_delivery_interface"),
        {"number": "OA-2026-000123"},
        headers={"Authorization": f"Bearer {token}"},
    )
    record.refresh_from_db()
    assert told.json()["state"] == "accepted"
    assert told.json()["archive_code"] == record.archive_code
    assert list(waiting(root))
    assert services.tidy() == 1
    assert not list(waiting(root))


def test_the_sheet_of_a_received_document_stands_in_front(token: str) -> None:
    bodies = (
        ("attachment", "附件.pdf", PAPER),
        ("main", "来文.docx", TEXT),
        ("form", "阅办单.pdf", FORM),
    )
    answer = deliver(token, said(*bodies, kind="incoming"), PAPER, TEXT, FORM)
    assert answer.status_code == 201, answer.content.decode()
    roles = DeliveredFile.objects.order_by("position").values_list("role", flat=True)
    assert list(roles) == ["form", "main", "attachment"]


def test_the_same_delivery_again_changes_nothing(token: str) -> None:
    first = deliver(token, said())
    again = deliver(token, json.dumps(said(), indent=2, sort_keys=True))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["record"] == first.json()["record"]
    assert Delivery.objects.count() == Record.objects.filter(source_kind="delivery").count() == 1


def test_another_content_under_the_same_number_is_refused(token: str) -> None:
    deliver(token, said())
    answer = deliver(token, said(title="另一件"))
    assert answer.status_code == 409
    assert "此前已移交过不同内容" in answer.json()["error"]
    assert Delivery.objects.get().title == "关于开展冬季安全大检查的通知"


def test_two_systems_may_use_the_same_number(token: str) -> None:
    other = services.admit("合同管理系统", make_user("archivist"))[1]
    assert [deliver(one, said()).status_code for one in (token, other)] == [201, 201]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"number": ""}, "number"),
        ({"title": "长" * 256}, "title"),
        ({"kind": "memo"}, "kind"),
        ({"unit": "NOBODY"}, "unit"),
        ({"unit": 7}, "unit"),
        ({"finished_on": "2026-02-30"}, "finished_on"),
        ({"finished_on": "2999-01-01"}, "finished_on"),
        ({"finished_on": None}, "finished_on"),
        ({"steps": []}, "steps"),
        (
            {"steps": [{"action": "拟稿", "person": "张一", "at": "2026-10-18T09:00:00"}]},
            "steps[0].at",
        ),
        ({"steps": [{"action": "", "person": "张一", "at": "2026-10-18T09:00:00Z"}]}, "steps[0]"),
        ({"steps": ["拟稿"]}, "steps[0]"),
        ({"files": []}, "files"),
        ({"files": [7]}, "files[0]"),
        (
            {"files": [{"role": "main", "name": "a", "size": 1, "sha256": "A" * 64}]},
            "files[0].sha256",
        ),
        (
            {"files": [{"role": "main", "name": "a", "size": True, "sha256": "a" * 64}]},
            "files[0].size",
        ),
        ({"files": [announced("x", "a", 1)]}, "files[0].role"),
        (
            {"files": [{"role": "main", "name": "a\n", "size": 1, "sha256": "a" * 64}]},
            "files[0].name",
        ),
    ],
)
def test_what_is_wrong_in_a_manifest_is_named_with_its_place(
    token: str, root: Path, changed: dict[str, Any], place: str
) -> None:
    answer = deliver(token, said(**changed))
    assert answer.status_code == 422
    assert place in [problem["place"] for problem in answer.json()["problems"]]
    assert not Delivery.objects.exists() and not root.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"'])
def test_what_is_no_manifest_is_refused(token: str, text: str) -> None:
    answer = deliver(token, text)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["place"] == "manifest"


@pytest.mark.parametrize(
    ("bodies", "place"),
    [
        ((FORM, TEXT + b"x"), "file-1"),
        ((FORM, b"x" * len(TEXT)), "file-1"),
        ((FORM,), "file-1"),
        ((FORM, TEXT, PAPER), "file-2"),
    ],
)
def test_files_that_are_not_what_the_manifest_says_are_refused_and_leave_nothing(
    token: str, root: Path, bodies: tuple[bytes, ...], place: str
) -> None:
    answer = deliver(token, said(), *bodies)
    assert answer.status_code == 422
    assert [problem["place"] for problem in answer.json()["problems"]] == [place]
    assert not Delivery.objects.exists() and not list(waiting(root))


@pytest.mark.parametrize("body", [b"MZ\x90\x00" + bytes(200), b"PK\x05\x06" + bytes(18)])
def test_formats_no_archive_can_keep_are_refused(token: str, body: bytes) -> None:
    bodies = (("form", "阅办单.pdf", FORM), ("main", "正文.pdf", body))
    answer = deliver(token, said(*bodies), FORM, body)
    assert answer.status_code == 422
    assert "不从业务系统接收" in answer.json()["problems"][0]["message"]


def test_a_failure_in_the_middle_leaves_neither_files_nor_rows(
    token: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(services, "capture", full)
    with pytest.raises(OSError, match="No space"):
        deliver(token, said())
    assert not Delivery.objects.exists() and not DeliveredFile.objects.exists()
    assert not list(waiting(root))
    monkeypatch.undo()
    assert deliver(token, said()).status_code == 201


def test_only_a_token_in_use_opens_the_address(token: str) -> None:
    address = reverse("archive_delivery_interface")
    for header in ("", "Bearer", "Bearer x", f"Basic {token}", f"Bearer {token}x"):
        answer = Client().post(address, headers={"Authorization": header})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), header
    archivist = Client()
    archivist.force_login(make_user("archivist"))
    assert archivist.post(address).status_code == 401
    services.end(DeliveringSystem.objects.get().pk, make_user("archivist"))
    assert deliver(token, said()).status_code == 401


def test_another_system_learns_nothing_of_a_number(token: str) -> None:
    deliver(token, said())
    other = services.admit("合同管理系统", make_user("archivist"))[1]
    answer = Client().get(
        reverse("archive_delivery_interface"),
        {"number": "OA-2026-000123"},
        headers={"Authorization": f"Bearer {other}"},
    )
    assert answer.status_code == 404


def test_the_archivist_admits_a_system_and_reads_its_token_once() -> None:
    client = Client()
    client.force_login(make_user("archivist"))
    address = reverse("archive_deliveries")
    page = client.post(address, {"name": "集团办公自动化系统"}).content.decode()
    system = DeliveringSystem.objects.get()
    token = page.split('<code class="numerals">')[1].split("<")[0]
    assert DeliveringSystem.of_token(token) == system
    assert token not in client.get(address).content.decode()
    assert token not in system.token_digest
    again = client.post(address, {"name": "集团办公自动化系统"})
    assert again.status_code == 422
    assert "已有同名系统" in again.content.decode()

    deliver(token, said())
    listed = client.get(address).content.decode()
    assert "关于开展冬季安全大检查的通知" in listed and "OA-2026-000123" in listed
    one = client.get(Delivery.objects.get().get_absolute_url()).content.decode()
    assert "阅办单.pdf" in one and "张一" in one

    ended = reverse("archive_delivering_system_end", args=[system.pk])
    assert "停用" in client.get(ended).content.decode()
    assert client.post(ended).status_code == 302
    assert DeliveringSystem.of_token(token) is None


def test_the_auditor_reads_and_admits_nothing() -> None:
    client = Client()
    client.force_login(make_user("discipline_auditor"))
    page = client.get(reverse("archive_deliveries"))
    assert page.status_code == 200
    assert "登记系统" not in page.content.decode()
    assert client.post(reverse("archive_deliveries"), {"name": "x"}).status_code == 403
