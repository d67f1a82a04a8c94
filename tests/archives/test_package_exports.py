"""Exports: what they hold, that others accept them, and that reading them back gives the same."""

from __future__ import annotations

import datetime
import io
import subprocess
import sys
import tempfile
import threading
import tracemalloc
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.archives import file_access, ledger, store
from portal.archives.inspection.contents import SEAL
from portal.archives.models import (
    ExportKind,
    FileRole,
    Inspection,
    InspectionResult,
    InspectionStage,
    PackageExport,
    Record,
    RecordFile,
    RecordState,
    SealedPackage,
    Verdict,
)
from portal.archives.packages import verification
from portal.archives.packages.exports import csip, selection, services, transfer
from portal.archives.packages.exports.reading import NotABag, ReadBag, read_bag
from portal.archives.packages.exports.selection import Selection
from portal.files import services as files
from portal.files.models import StoredFile
from portal.leases import WorkStatus
from portal.organizations.models import Unit
from portal.refusals import NotPossible
from tests.archives.test_packages import accepted, branch, folders, seal_all, sealed
from tests.factories.exports import body_of, made
from tests.factories.organizations import company
from tests.factories.people import make_user

__all__ = ["branch", "folders", "sealed"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def archivist() -> Any:
    """Who orders."""
    return make_user("archivist", unit=company())


@pytest.fixture
def bag(sealed: Record, archivist: Any, tmp_path: Path) -> Path:
    """A transfer package of one record, as a zip."""
    path = tmp_path / "bag.zip"
    path.write_bytes(body_of(made(ExportKind.TRANSFER, archivist)))
    return path


def unpacked(bag: Path) -> Path:
    """Unpack a bag and return its folder."""
    folder = bag.with_suffix("")
    with zipfile.ZipFile(bag) as opened:
        opened.extractall(folder)
    (inside,) = folder.iterdir()
    return inside


def test_reading_an_export_back_gives_every_digest(
    bag: Path, sealed: Record, archivist: Any
) -> None:
    expected = dict(transfer.paths_of(Selection().records(archivist)))
    assert len(expected) == 1
    for path in (bag, unpacked(bag)):
        found = read_bag(path)
        assert found.problems == []
        assert found.items == expected
    for name in expected:
        assert str(sealed.archive_code) in name
        body = (unpacked_again(bag) / "data" / name).read_bytes()
        assert verification.verify(body).is_good


def unpacked_again(bag: Path) -> Path:
    """The folder of a bag that was unpacked before."""
    (inside,) = bag.with_suffix("").iterdir()
    return inside


def test_the_tool_of_receiving_archives_accepts_it(bag: Path) -> None:
    folder = unpacked(bag)
    checked = subprocess.run(
        [sys.executable, "-m", "bagit", "--validate", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    names = {path.name for path in (folder / "data").iterdir()}
    assert names == {"说明文件.TXT", "文件目录.XML", "电子档案", "其他"}
    described = (folder / "data" / "说明文件.TXT").read_text(encoding="utf-8")
    assert "件数：1" in described
    assert "pdfsig" in (folder / "data" / "其他" / "核验方法.txt").read_text(encoding="utf-8")


def test_damage_anywhere_in_a_bag_is_named(bag: Path) -> None:
    folder = unpacked(bag)
    for path in sorted(found for found in folder.rglob("*") if found.is_file()):
        name = path.relative_to(folder).as_posix()
        body = path.read_bytes()
        path.write_bytes(body[:-2] + bytes([body[-2] ^ 1]) + body[-1:])
        assert problems(folder), name
        path.unlink()
        assert problems(folder), name
        path.write_bytes(body)
    (folder / "data" / "多余.txt").write_text("x")
    assert problems(folder) == ["data/多余.txt"]
    (folder / "data" / "多余.txt").unlink()
    assert problems(folder) == []
    with pytest.raises(CommandError):
        (folder / "manifest-sha256.txt").unlink()
        call_command("archive_bag_check", str(folder), stdout=io.StringIO())


def problems(folder: Path) -> list[str]:
    """What is wrong with a bag; one that is none has one problem."""
    try:
        found: ReadBag = read_bag(folder)
    except (NotABag, UnicodeDecodeError, ValueError) as error:
        return [str(error)]
    return found.problems


def test_what_stays_outside_of_the_package_lies_beside_it(
    branch: Unit, archivist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.archives.packages.sources.LARGEST_INSIDE", 5_000)
    record = accepted(branch)
    seal_all()
    package = SealedPackage.objects.select_related("file").get(record=record)
    report = verification.verify(b"".join(file_access.open_chunks(package.file)))
    assert report.is_good
    assert report.described is not None
    outside = {file.sha256 for file in report.described.files if not file.embedded}
    text = record.files.get(role=FileRole.DOCUMENT_COPY).sha256
    assert text in outside
    export = made(ExportKind.TRANSFER, archivist)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bag.zip"
        path.write_bytes(body_of(export))
        found = read_bag(path)
    assert found.problems == []
    assert set(found.items.values()) == {package.file.sha256, *outside}


def test_what_is_not_sealed_is_not_handed_over(branch: Unit, archivist: Any) -> None:
    with pytest.raises(NotPossible):
        services.order(ExportKind.TRANSFER, Selection(), archivist)
    accepted(branch)
    with pytest.raises(NotPossible):
        services.order(ExportKind.TRANSFER, Selection(), archivist)
    seal_all()
    assert made(ExportKind.TRANSFER, archivist).status == WorkStatus.DONE
    with pytest.raises(NotPossible):
        services.order(ExportKind.TRANSFER, Selection(year=1999), archivist)


def test_catalogue_and_boxes_as_excel_and_pdf(sealed: Record, archivist: Any) -> None:
    book = load_workbook(io.BytesIO(body_of(made(ExportKind.CATALOGUE_SHEET, archivist))))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:3] == ("序号", "档号", "文号")
    assert rows[1][1] == sealed.archive_code
    boxes = load_workbook(io.BytesIO(body_of(made(ExportKind.BOXES_SHEET, archivist))))
    summary = list(boxes["盒目录"].iter_rows(values_only=True))
    assert summary[1][1:4] == ("Q001", sealed.year, "10年" if sealed.period == "D10" else "30年")
    assert summary[1][5] == summary[1][6] == sealed.archive_code
    for kind, pages in ((ExportKind.CATALOGUE_PRINT, 1), (ExportKind.BOXES_PRINT, 2)):
        with pikepdf.open(io.BytesIO(body_of(made(kind, archivist)))) as document:
            assert len(document.pages) == pages


def test_only_who_ordered_an_export_takes_it(sealed: Record, archivist: Any) -> None:
    export = made(ExportKind.TRANSFER, archivist)
    page = reverse("archive_package_export", args=[export.pk])
    file = reverse("archive_package_export_file", args=[export.pk])
    client = Client()
    client.force_login(archivist)
    assert "下载" in client.get(page).content.decode()
    answer: Any = client.get(file)
    assert b"".join(answer.streaming_content) == body_of(export)
    client.force_login(make_user("archivist", unit=company()))
    assert client.get(page).status_code == 200
    assert client.get(file).status_code == 404
    client.force_login(make_user("discipline_auditor", unit=company()))
    assert client.get(page).status_code == 200
    assert client.get(file).status_code == 403
    client.force_login(make_user("branch_secretary", unit=company()))
    assert client.get(page).status_code == 403


def test_the_page_orders_what_was_chosen(sealed: Record, archivist: Any) -> None:
    client = Client()
    client.force_login(archivist)
    address = reverse("archive_exports")
    assert client.get(address, {"year": sealed.year}).context["count"] == 1
    assert client.get(address, {"year": "nonsense"}).status_code == 200
    form = {"kind": ExportKind.CATALOGUE_SHEET, "year": sealed.year, "period": sealed.period}
    ordered: Any = client.post(address, form)
    export = PackageExport.objects.get()
    assert ordered.url == reverse("archive_package_export", args=[export.pk])
    assert client.get(ordered.url)["Refresh"] == "5"
    services.work_once("the worker")
    assert "Refresh" not in client.get(ordered.url)
    assert client.post(address, {"kind": "nothing"}).status_code == 422
    empty = client.post(address, {"kind": ExportKind.TRANSFER, "class_code": "ZZ"})
    assert empty.status_code == 422


def test_an_export_that_waits_is_not_ordered_twice(sealed: Record, archivist: Any) -> None:
    first = services.order(ExportKind.CATALOGUE_SHEET, Selection(), archivist)
    assert services.order(ExportKind.CATALOGUE_SHEET, Selection(), archivist) == first
    year = services.order(ExportKind.CATALOGUE_SHEET, Selection(year=sealed.year), archivist)
    other = services.order(ExportKind.CATALOGUE_SHEET, Selection(), make_user("archivist"))
    assert len({first.pk, year.pk, other.pk}) == 3
    while services.work_once("the worker"):
        pass
    assert services.order(ExportKind.CATALOGUE_SHEET, Selection(), archivist) != first


def test_what_a_search_found_is_exported(sealed: Record, archivist: Any) -> None:
    client = Client()
    client.force_login(archivist)
    listed = client.get(reverse("archive_records"), {"kind": sealed.kind}).content.decode()
    assert f"{reverse('archive_exports')}?search=kind%3D{sealed.kind}" in listed
    address = reverse("archive_exports")
    for search, count in ((f"kind={sealed.kind}", 1), ("year=1999", 0), ("year_from=x", 0)):
        assert client.get(address, {"search": search}).context["count"] == count
    form = {"kind": ExportKind.CATALOGUE_SHEET, "search": f"kind={sealed.kind}"}
    assert client.post(address, form).status_code == 302
    assert services.work_once("the worker")
    export = PackageExport.objects.get()
    assert (export.status, export.count) == (WorkStatus.DONE, 1)
    assert export.chosen.startswith("检索结果")


def test_a_full_disk_lets_the_export_wait(
    sealed: Record, archivist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("portal.files.storage.write", full)
        export = made(ExportKind.TRANSFER, archivist)
    assert (export.status, export.file, export.attempts) == (WorkStatus.WAITING, None, 0)
    assert "磁盘" in export.problem
    assert not StoredFile.objects.exists()
    PackageExport.objects.update(available_at=timezone.now())
    assert services.work_once("the worker")
    export.refresh_from_db()
    assert (export.status, export.problem) == (WorkStatus.DONE, "")


def test_a_damaged_package_stops_the_export_and_nothing_is_kept(
    sealed: Record, archivist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "portal.archives.file_access.open_chunks", lambda file: iter([b"other bytes"])
    )
    export = made(ExportKind.TRANSFER, archivist)
    assert (export.status, export.file) == (WorkStatus.DEAD, None)
    assert str(sealed.archive_code) in export.problem
    assert not StoredFile.objects.exists()


def test_a_worker_killed_at_any_step_leaves_the_export_to_the_next(
    sealed: Record, archivist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for the end of the process."""

    def die(*arguments: Any, **keywords: Any) -> None:
        raise Killed

    export = services.order(ExportKind.TRANSFER, Selection(), archivist)
    for place in (
        *("portal.archives.packages.exports.transfer.write", "portal.files.services.receive"),
        *("portal.leases.close", "portal.files.services.claim"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(place, die)
            with pytest.raises(Killed):
                services.work_once("the first worker")
        PackageExport.objects.update(
            lease_ends_at=timezone.now() - datetime.timedelta(seconds=1), attempts=0
        )
        export.refresh_from_db()
        assert export.file is None, place
    assert services.work_once("the worker")
    export.refresh_from_db()
    assert export.status == WorkStatus.DONE
    assert files.files_of(services.OWNER_KIND, str(export.pk)).count() == 1


def many_sealed(count: int) -> None:
    """Write accepted records whose packages and metadata are all the same few bytes."""
    stored, described = store.put([b"%PDF-1.7 nothing"]), store.put([b"<nothing/>"])
    now = timezone.now()
    records = Record.objects.bulk_create(
        Record(
            source_kind="page",
            source_id=uuid.uuid4().hex,
            version=1,
            kind="news",
            title=f"第{number}期简报",
            business_date=datetime.date(2025, 3, 1),
            year=2025,
            captured_at=now,
            content_sha256="0" * 64,
            access_level="open",
            state=RecordState.ACCEPTED,
            class_code="DQ01",
            period="D10",
            archive_code=f"Q001-WS·2025-D10-DQ01-{number:05d}",
            accepted_at=now,
        )
        for number in range(count)
    )
    RecordFile.objects.bulk_create(
        RecordFile(
            record=record,
            role=FileRole.METADATA,
            name="元数据.xml",
            media_type="application/xml",
            size=described.size,
            sha256=described.sha256,
            stored_at=now,
        )
        for record in records
    )
    packages = RecordFile.objects.bulk_create(
        RecordFile(
            record=record,
            role=FileRole.SEALED_PACKAGE,
            name="封装包.pdf",
            media_type="application/pdf",
            size=stored.size,
            sha256=stored.sha256,
            stored_at=now,
        )
        for record in records
    )
    SealedPackage.objects.bulk_create(
        SealedPackage(
            record=record, layer=1, file=file, basis=1, sealed_at=now, certificate="01", signer="x"
        )
        for record, file in zip(records, packages, strict=True)
    )
    checks = Inspection.objects.bulk_create(
        Inspection(
            record=record,
            stage=InspectionStage.TRANSFER,
            layer=1,
            verdict=Verdict.PASS,
            inspected_at=timezone.now(),
        )
        for record in records
    )
    InspectionResult.objects.bulk_create(
        InspectionResult(
            inspection=check, position=line, code=f"1-{line}", outcome="passed", blocking=True
        )
        for check in checks
        for line in range(40)
    )
    with transaction.atomic():
        ledger.append([ledger.Draft(SEAL, record.pk, {"outside": []}) for record in records])


@pytest.mark.database
@pytest.mark.parametrize("kind", ExportKind.values)
def test_others_may_write_while_an_export_is_made(
    archivist: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """As the heartbeat of the lease does, and every other process of the portal."""
    many_sealed(220)
    monkeypatch.setattr(services, "TOLD_EVERY", 1)
    told = services._progress

    def progress(work: PackageExport) -> Any:
        tell = told(work)

        def tell_after_another(done: int) -> None:
            if done % 50 == 1:
                in_another_process(work.pk)
            tell(done)

        return tell_after_another

    monkeypatch.setattr(services, "_progress", progress)
    export = made(kind, archivist)
    assert (export.status, export.last_error) == (WorkStatus.DONE, "")
    assert export.done == 220


def in_another_process(export: int) -> None:
    """Write with a connection of its own."""

    def write() -> None:
        # Another value each time: SQLite does not write what is there already.
        PackageExport.objects.filter(pk=export).update(problem=uuid.uuid4().hex)
        connections.close_all()

    other = threading.Thread(target=write)
    other.start()
    other.join()


def peak(write: Any) -> int:
    """Return the most bytes that Python held while something was written."""
    with tempfile.TemporaryFile() as target:
        tracemalloc.start()
        write(target)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_what_is_exported(
    archivist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each more item costs its names in the zip, and its texts in the workbook, nothing else."""
    many_sealed(1_500)
    # Every run fills its batches, or what grew would be the first of them.
    monkeypatch.setattr(selection, "ROWS_AT_ONCE", 50)

    def records(most: int) -> Any:
        numbered = f"Q001-WS·2025-D10-DQ01-{most:05d}"
        return Selection().records(archivist).filter(archive_code__lt=numbered)

    def grown(write: Any, few: int = 500, many: int = 1_500) -> float:
        less = peak(lambda target: write(target, records(few)))
        more = peak(lambda target: write(target, records(many)))
        return (more - less) / (many - few)

    def nothing(done: int) -> None:
        """Nobody looks."""

    sheets = services.SHEETS[ExportKind.CATALOGUE_SHEET][0]
    assert grown(lambda target, found: transfer.write(target, "bag", found, nothing)) < 2_000
    # Fewer, because each has several documents of its own.
    assert grown(lambda target, found: csip.write(target, "bag", found, nothing), 50, 250) < 2_000
    assert grown(lambda target, found: sheets(target, found, nothing)) < 2_000
