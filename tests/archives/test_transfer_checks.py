"""Nothing is handed over that has not passed the four-property checks of a transfer (YJ)."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from portal.archives import file_access, ledger
from portal.archives.inspection.contents import INSPECT
from portal.archives.inspection.listing import not_passed
from portal.archives.inspection.services import inspect
from portal.archives.models import (
    ExportKind,
    FileRole,
    Inspection,
    InspectionStage,
    LedgerEntry,
    PackageExport,
    Record,
)
from portal.archives.models.inspections import Verdict
from portal.archives.packages.exports import csip, services, transfer, transfer_checks
from portal.archives.packages.exports.items import sealed_item
from portal.archives.packages.exports.selection import Selection
from portal.archives.packages.exports.transfer_checks import NotPassed
from portal.archives.pool import services as pool
from portal.archives.pool.processing import work_all
from portal.leases import WorkStatus
from portal.organizations.models import Unit
from tests.archives.test_package_exports import archivist
from tests.archives.test_packages import accepted, branch, folders, seal_all, sealed
from tests.factories.exports import body_of, made

__all__ = ["archivist", "branch", "folders", "sealed"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def checks_of(record: Record) -> list[str]:
    """The results of the checks of a transfer of a record, the newest first."""
    found = Inspection.objects.filter(record=record, stage=InspectionStage.TRANSFER)
    return [inspection.verdict for inspection in found]


def damage(record: Record) -> tuple[Any, bytes]:
    """Cut the stored text of a record; return the file and what it was."""
    path = file_access.path_of(record.files.get(role=FileRole.DOCUMENT_COPY))
    body = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(body[:-20])
    return path, body


def files_in(export: PackageExport) -> dict[str, bytes]:
    """The files of an export by their path below its folder."""
    with zipfile.ZipFile(io.BytesIO(body_of(export))) as opened:
        return {name.partition("/")[2]: opened.read(name) for name in opened.namelist()}


def test_a_transfer_checks_every_record_first_and_says_so_in_the_package(
    sealed: Record, archivist: Any
) -> None:
    export = made(ExportKind.TRANSFER, archivist)
    assert checks_of(sealed) == [Verdict.PASS]
    entry = LedgerEntry.objects.filter(record_id=sealed.pk, kind=INSPECT).latest("sequence")
    said = ledger.payload_of(entry.sequence)
    assert (said["stage"], said["account"]) == (InspectionStage.TRANSFER, archivist.pk)
    inside = files_in(export)
    (check,) = etree.fromstring(inside["data/其他/四性检测.XML"])
    assert (check.findtext("档号"), check.findtext("结论")) == (sealed.archive_code, "通过")
    assert check.findtext("报告摘要") == said["report"]
    assert "1-9" in check.findtext("未检项")
    assert "四性检测" in inside["data/说明文件.TXT"].decode()


def test_what_passed_of_late_is_not_checked_again(sealed: Record, archivist: Any) -> None:
    for kind in (ExportKind.TRANSFER, ExportKind.CSIP, ExportKind.CATALOGUE_SHEET):
        assert made(kind, archivist).status == WorkStatus.DONE
    assert checks_of(sealed) == [Verdict.PASS]
    long_ago = timezone.now() - datetime.timedelta(days=31)
    Inspection.objects.filter(stage=InspectionStage.TRANSFER).update(inspected_at=long_ago)
    made(ExportKind.TRANSFER, archivist)
    assert checks_of(sealed) == [Verdict.PASS, Verdict.PASS]


def test_a_sheet_checks_nothing(sealed: Record, archivist: Any) -> None:
    made(ExportKind.CATALOGUE_PRINT, archivist)
    assert checks_of(sealed) == []


@pytest.mark.database
def test_a_new_package_and_a_later_failure_ask_for_another_check(
    sealed: Record, archivist: Any
) -> None:
    made(ExportKind.TRANSFER, archivist)
    pool.void_acceptance(sealed.pk, archivist, "期限有误")
    work_all()
    pool.accept(sealed.pk, archivist)
    seal_all()
    assert services.unchecked(Selection(), archivist) == 1
    made(ExportKind.TRANSFER, archivist)
    assert services.unchecked(Selection(), archivist) == 0
    path, body = damage(sealed)
    assert not inspect(sealed, InspectionStage.LONG_TERM).passed
    path.write_bytes(body)
    assert services.unchecked(Selection(), archivist) == 1
    assert made(ExportKind.TRANSFER, archivist).status == WorkStatus.DONE
    assert len(checks_of(sealed)) == 3


def test_a_record_that_does_not_pass_stops_the_transfer_until_it_is_put_right(
    branch: Unit, archivist: Any
) -> None:
    good, bad = accepted(branch, "职工代表座谈"), accepted(branch, "安全警示教育")
    seal_all()
    path, body = damage(bad)
    export = made(ExportKind.TRANSFER, archivist)
    assert (export.status, export.file) == (WorkStatus.DEAD, None)
    assert str(bad.archive_code) in export.problem
    assert str(good.archive_code) not in export.problem
    assert (checks_of(good), checks_of(bad)) == ([Verdict.PASS], [Verdict.FAIL])

    client = Client()
    client.force_login(archivist)
    address = reverse("archive_package_export", args=[export.pk])
    page = client.get(address).content.decode()
    assert f'href="{reverse("archive_inspections")}"' in page
    path.write_bytes(body)
    assert client.post(address).status_code == 302
    while services.work_once("the worker"):
        pass
    export.refresh_from_db()
    assert export.status == WorkStatus.DONE
    assert (checks_of(good), checks_of(bad)) == ([Verdict.PASS], [Verdict.PASS, Verdict.FAIL])


@pytest.mark.database
def test_long_checks_give_other_work_its_turn_and_check_nothing_twice(
    branch: Unit, archivist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [accepted(branch, f"第{number}次党课") for number in range(3)]
    seal_all()
    monkeypatch.setattr(services, "CHECKING_SECONDS", 0)
    ordered = services.order(ExportKind.TRANSFER, Selection(), archivist)
    client = Client()
    client.force_login(archivist)
    address = reverse("archive_package_export", args=[ordered.pk])
    for checked in (1, 2, 3):
        assert services.work_once(f"worker {checked}")
        ordered.refresh_from_db()
        assert (ordered.status, ordered.attempts) == (WorkStatus.WAITING, 0)
        assert ordered.checked == checked
        assert f"已检测 {checked} 件" in client.get(address).content.decode()
    assert services.work_once("the last worker")
    ordered.refresh_from_db()
    assert ordered.status == WorkStatus.DONE
    assert [checks_of(record) for record in records] == [[Verdict.PASS]] * 3


def test_what_is_accepted_meanwhile_and_not_sealed_stops_the_transfer(
    sealed: Record, branch: Unit, archivist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "CHECKING_SECONDS", 0)
    ordered = services.order(ExportKind.TRANSFER, Selection(), archivist)
    assert services.work_once("the worker")
    other = accepted(branch, "安全警示教育")
    assert services.work_once("the worker")
    ordered.refresh_from_db()
    assert ordered.status == WorkStatus.DEAD
    assert "尚未封装" in ordered.problem
    assert checks_of(other) == []
    seal_all()
    assert services.try_again(ordered)
    while services.work_once("the worker"):
        pass
    ordered.refresh_from_db()
    assert ordered.status == WorkStatus.DONE
    assert (checks_of(sealed), checks_of(other)) == ([Verdict.PASS], [Verdict.PASS])


def test_a_clock_that_is_set_back_checks_nothing_twice(
    branch: Unit, archivist: Any, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    records = [accepted(branch, f"第{number}次党课") for number in range(3)]
    seal_all()
    monkeypatch.setattr(services, "CHECKING_SECONDS", 0)
    ordered = services.order(ExportKind.TRANSFER, Selection(), archivist)
    checked = []
    for minutes in (1, 2, 3, 4):
        time_machine.move_to(ordered.requested_at - datetime.timedelta(minutes=minutes))
        PackageExport.objects.update(available_at=timezone.now())
        assert services.work_once("the worker")
        ordered.refresh_from_db()
        checked.append(ordered.checked)
    assert checked == [1, 2, 3, 3]
    assert ordered.status == WorkStatus.DEAD
    # They were accepted in what is now the future, which the checks find unreasonable.
    assert [checks_of(record) for record in records] == [[Verdict.FAIL]] * 3


def test_a_failure_stays_listed_until_as_much_was_passed(sealed: Record, archivist: Any) -> None:
    path, body = damage(sealed)
    assert not inspect(sealed, InspectionStage.TRANSFER).passed
    path.write_bytes(body)
    assert inspect(sealed, InspectionStage.LONG_TERM).passed
    (listed,) = not_passed()
    assert (listed.record_id, listed.stage) == (sealed.pk, InspectionStage.TRANSFER)
    assert inspect(sealed, InspectionStage.TRANSFER).passed
    assert not not_passed().exists()


def test_nothing_unchecked_can_be_written(sealed: Record, archivist: Any) -> None:
    for write in (transfer.write, csip.write):
        with pytest.raises(NotPassed):
            write(io.BytesIO(), "bag", Selection().records(archivist), lambda done: None)
    path, body = damage(sealed)
    inspect(sealed, InspectionStage.TRANSFER)
    path.write_bytes(body)
    with pytest.raises(NotPassed):
        sealed_item(sealed)
    inspect(sealed, InspectionStage.TRANSFER)
    assert sealed_item(sealed).check.passed
    damage(sealed)
    inspect(sealed, InspectionStage.LONG_TERM)
    with pytest.raises(NotPassed):
        sealed_item(sealed)


def test_the_page_says_how_many_are_checked_first(sealed: Record, archivist: Any) -> None:
    client = Client()
    client.force_login(archivist)
    address = reverse("archive_exports")
    assert "1 件将先做四性检测" in client.get(address).content.decode()
    made(ExportKind.TRANSFER, archivist)
    assert "将先做四性检测" not in client.get(address).content.decode()


def test_an_e_ark_package_has_the_whole_report(sealed: Record, archivist: Any) -> None:
    inside = files_in(made(ExportKind.CSIP, archivist))
    (package,) = (body for name, body in inside.items() if name.endswith(".zip"))
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith("checks.xml"))
        report = etree.fromstring(opened.read(name))
    lines = {line.get("编号"): line.get("结果") for line in report.findall("项")}
    assert len(lines) == 40
    assert lines["YJ-1-1"] == "通过"
    assert lines["YJ-1-9"] == "未检"
    assert transfer_checks.passed_check(sealed.packages.get()).results.count() == 40
