"""Office attachments get a copy that lasts, or are named with the reason why they have none."""

from __future__ import annotations

import datetime
import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal import leases
from portal.archives import file_access, renders
from portal.archives.access.services import change_level
from portal.archives.attachments import conversion, previews, services
from portal.archives.inspection.services import inspect
from portal.archives.ledger import payload_of
from portal.archives.models import (
    Conversion,
    ConversionReason,
    FileRole,
    LedgerEntry,
    Record,
    RecordFile,
    RecordKey,
    Render,
    RenderStatus,
)
from portal.archives.pdf import pdf_from_html
from portal.archives.verification import all_faults
from portal.pages.models import PortalDocument
from tests.archives.observation import assert_sound, records
from tests.factories import office_files
from tests.factories.organizations import make_branch
from tests.factories.pages import make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True)]

needs_libreoffice = pytest.mark.skipif(
    conversion.program() is None, reason="LibreOffice (soffice) is not installed on this machine"
)

SEARCH_PATH = os.environ["PATH"]
SCRIPT_HEAD = """#!/bin/sh
[ "$1" = --version ] && { echo "Office 1.0"; exit; }
for word; do [ "$before" = --outdir ] && out=$word/document.pdf; before=$word; done
"""


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """Files of their own for every test; nothing waits but what the test publishes."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    settings.CONVERSION_ROOT = tmp_path / "conversion"
    Render.objects.update(available_at=timezone.now() + datetime.timedelta(days=3650))


def published(body: bytes, name: str = "签到表.docx", unit: Any = None) -> RecordFile:
    """Publish a page that cites an attachment; return its file, stored."""
    document = PortalDocument.objects.create(title=name, file=ContentFile(body, name))
    block = ("attachments", {"title": "附件", "attachments": [{"document": document}]})
    record = records(make_news_page(title="职工大会", live=True, body=[block], unit=unit))[0]
    renders.work_all()
    found: RecordFile = record.files.get(role=FileRole.DOCUMENT)
    return found


def work() -> None:
    """Do everything that waits."""
    while services.work_once("the worker"):
        pass


def conversion_of(file: RecordFile) -> Conversion:
    """The conversion as the database has it."""
    return Conversion.objects.get(pk=file.pk)


def entries(file: RecordFile) -> list[LedgerEntry]:
    """The ledger entries that prove copies of attachments of the file's record."""
    found = LedgerEntry.objects.filter(record_id=file.record_id, kind=services.CONVERSION)
    return list(found.order_by("sequence"))


@pytest.fixture
def no_program(monkeypatch, tmp_path) -> None:
    """A machine without LibreOffice: nothing of the name is in the search path."""
    empty = tmp_path / "bin"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.fixture
def program(monkeypatch, tmp_path) -> Callable[[str], None]:
    """Put a script in the place of LibreOffice; in it, $out is where the PDF belongs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    conversion.program_version.cache_clear()

    def write(script: str) -> None:
        path = folder / "soffice"
        path.write_text(SCRIPT_HEAD + script)
        path.chmod(0o755)

    return write


@pytest.fixture
def lasting(tmp_path) -> Path:
    """A sound PDF/A."""
    path = tmp_path / "lasting.pdf"
    path.write_bytes(pdf_from_html("<html lang='zh-Hans'><title>甲</title><p>乙</p></html>"))
    return path


# ---- What becomes of an attachment


@needs_libreoffice
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("签到表.docx", office_files.docx()),
        ("名册.xlsx", office_files.sheet([["姓名", "党龄"], ["高建国", 20]])),
        ("发言.rtf", b"{\\rtf1\\ansi Hello}"),
        ("记录.wps", office_files.docx("支部委员会记录")),
    ],
)
def test_an_office_attachment_is_kept_as_pdfa_besides_the_original(name, body):
    file = published(body, name)
    work()

    work_row = conversion_of(file)
    assert (work_row.status, work_row.reason, work_row.last_error) == ("done", "", "")
    copy = file.converted
    assert copy.role == FileRole.CONVERSION
    assert copy.name == Path(name).stem + ".pdf"
    assert copy.format_name.startswith("PDF/A-2b (PDF 1.")
    with pikepdf.open(io.BytesIO(file_access.read(copy))) as document:
        assert len(document.pages) == 1
    assert file_access.read(file) == body, "the original stays as it was"
    assert [entry.kind for entry in entries(file)] == ["conversion"]
    proof = payload_of(entries(file)[0].sequence)
    assert proof["program"].startswith("LibreOffice")
    assert proof["source_sha256"] == file.sha256
    assert proof["files"][0]["sha256"] == copy.sha256
    assert_sound()


@needs_libreoffice
def test_nothing_of_a_run_stays_behind(settings):
    published(office_files.docx())
    work()
    assert list(Path(settings.CONVERSION_ROOT).iterdir()) == []


@needs_libreoffice
def test_a_macro_does_not_run_and_a_picture_elsewhere_is_not_fetched(tmp_path):
    touched = tmp_path / "touched"
    plain = tmp_path / "document.docx"
    plain.write_bytes(office_files.docx())
    subprocess.run(
        [str(conversion.program()), f"-env:UserInstallation={(tmp_path / 'own').as_uri()}",
         "--headless", "--convert-to", "odt", "--outdir", str(tmp_path), str(plain)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/picture.png"
        written = (tmp_path / "document.odt").read_bytes()
        file = published(office_files.with_macro(written, touched, address), "宏.odt")
        work()
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert conversion_of(file).status == "done"
    assert not touched.exists()


def test_a_run_reaches_no_network(program, lasting):
    if not any(word.endswith("unshare") for word in conversion._walls()):
        pytest.skip("this machine does not let an account have a network of its own")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        call = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        program(f'{sys.executable} -c "{call}"; cp {lasting} $out')
        file = published(office_files.docx())
        work()
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert conversion_of(file).status == "done"


def test_without_the_program_an_attachment_is_listed_as_not_converted(no_program):
    file = published(office_files.docx())
    work()

    assert conversion_of(file).status == RenderStatus.DEAD
    assert conversion_of(file).reason == ConversionReason.NO_PROGRAM
    assert not RecordFile.objects.filter(role=FileRole.CONVERSION).exists()
    assert entries(file) == []
    assert_sound()


def test_once_the_program_is_there_the_worker_tries_again(
    no_program, program_later, monkeypatch, lasting
):
    file = published(office_files.docx())
    work()
    assert services.retry_without_program() == 0, "it still is not there"
    program_later(f"cp {lasting} $out")

    assert services.retry_without_program() == 1
    work()

    assert conversion_of(file).status == RenderStatus.DONE
    assert_sound()


@pytest.fixture
def program_later(monkeypatch, tmp_path) -> Callable[[str], None]:
    """Install the program in the middle of a test."""

    def install(script: str) -> None:
        folder = tmp_path / "later"
        folder.mkdir()
        (folder / "soffice").write_text(SCRIPT_HEAD + script)
        (folder / "soffice").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{SEARCH_PATH}")

    return install


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 3", "failed"),
        ("exit 0", "failed"),
        ("echo no pdf > $out", "not-pdfa"),
        ("touch $out; cp $out ${out%.pdf}-2.pdf", "failed"),
        ("cp PLAIN $out", "not-pdfa"),
        ("cp LOCKED $out", "not-pdfa"),
        ("sleep 60", "timeout"),
    ],
)
def test_what_is_no_sound_pdfa_is_not_kept(script, reason, program, tmp_path, settings):
    settings.ATTACHMENT_CONVERSION_SECONDS = 2
    (tmp_path / "plain.pdf").write_bytes(office_files.pdf())
    (tmp_path / "locked.pdf").write_bytes(office_files.pdf(password="secret"))
    script = script.replace("PLAIN", str(tmp_path / "plain.pdf"))
    program(script.replace("LOCKED", str(tmp_path / "locked.pdf")))
    file = published(office_files.docx())
    work()

    assert (conversion_of(file).status, conversion_of(file).reason) == ("dead", reason)
    assert list(Path(settings.CONVERSION_ROOT).iterdir()) == []
    assert_sound()


def test_a_run_that_takes_too_long_is_ended_with_all_it_started(program, settings, tmp_path):
    settings.ATTACHMENT_CONVERSION_SECONDS = 2
    mark = tmp_path / "alive"
    program(f"(while true; do date > {mark}; sleep 0.1; done) & sleep 60")
    published(office_files.docx())
    work()

    before = mark.read_text() if mark.exists() else ""
    mark.unlink(missing_ok=True)
    time.sleep(0.5)
    assert before
    assert not mark.exists(), "a helper still runs"


def test_an_encrypted_document_is_not_even_tried(program):
    program("exit 9")
    file = published(office_files.ole2("EncryptionInfo", "EncryptedPackage"), "秘.docx")
    work()
    assert conversion_of(file).reason == ConversionReason.ENCRYPTED


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("版式.ofd", office_files.ofd()),
        ("说明.txt", "说明".encode("gbk")),
        ("文.pdf", office_files.pdf()),
    ],
)
def test_what_lasts_by_itself_is_named_and_left_alone(name, body):
    file = published(body, name)
    work()
    file.refresh_from_db()
    assert file.format_name
    assert not Conversion.objects.exists()


def test_all_files_of_a_record_get_their_format():
    file = published("说明".encode("gb18030"), "说明.txt")
    work()
    names = {found.role: found.format_name for found in file.record.files.all()}
    assert names[FileRole.DOCUMENT] == "TXT (GBK)"
    assert names[FileRole.DOCUMENT_COPY].startswith("PDF/A-3a")
    assert names[FileRole.SNAPSHOT] == "HTML (UTF-8)"


def test_two_attachments_of_one_record_are_both_proven(program, lasting):
    program(f"cp {lasting} $out")
    documents = [
        PortalDocument.objects.create(
            title=name, file=ContentFile(office_files.docx(name), f"{name}.docx")
        )
        for name in ("甲", "乙")
    ]
    block = ("attachments", {"title": "", "attachments": [{"document": d} for d in documents]})
    record = records(make_news_page(title="会议", live=True, body=[block]))[0]
    renders.work_all()
    work()

    assert record.files.filter(role=FileRole.CONVERSION).count() == 2
    assert_sound()


def test_a_record_passes_its_checks_before_and_after_a_conversion(program, lasting):
    program(f"cp {lasting} $out")
    file = published(office_files.docx())

    def failed() -> list[tuple[str, str]]:
        found = inspect(Record.objects.get(pk=file.record_id)).results.filter(outcome="failed")
        return [
            (result.code, result.evidence)
            for result in found
            if "附件" in result.evidence or "文件" in result.evidence
        ]

    before = failed()
    work()
    assert file.converted
    assert failed() == before
    assert_sound()


# ---- What is found out


@pytest.mark.parametrize("change", ["digest", "name", "delete", "stray"])
def test_a_copy_that_was_tampered_with_is_found(change, program, lasting):
    program(f"cp {lasting} $out")
    file = published(office_files.docx())
    work()
    copies = RecordFile.objects.filter(role=FileRole.CONVERSION)
    if change == "digest":
        copies.update(sha256="0" * 64)
    elif change == "name":
        copies.update(name="别的.pdf")
    elif change == "delete":
        copies.delete()
    else:
        other = copies.get()
        other.pk, other.derived_from_id, other.name = None, None, "多余.pdf"
        other.save(force_insert=True)

    problems = [fault.problem for fault in all_faults() if fault is not None]
    assert any("differ" in problem for problem in problems)
    assert file.pk


def test_missing_bytes_keep_no_worker_busy(program):
    file = published(office_files.docx())
    file_access.path_of(file).unlink()
    work()
    file.refresh_from_db()
    assert file.format_name == services.UNREADABLE


# ---- Leases


def test_a_worker_that_was_overtaken_writes_nothing(program, lasting, time_machine, tmp_path):
    script = "import pikepdf, sys; p = pikepdf.open(sys.argv[1]); p.save(sys.argv[2])"
    # Like the real program, never the same bytes twice.
    program(f'{sys.executable} -c "{script}" {lasting} $out')
    file = published(office_files.docx())
    services.identify_some()
    first = leases.take(Conversion, "first")
    assert first is not None
    assert leases.take(Conversion, "second") is None
    time_machine.move_to(timezone.now() + leases.LEASE * 2)
    second = leases.take(Conversion, "second")
    assert second is not None and second.attempts == 2

    services._convert(second)
    with pytest.raises(leases.LeaseLost):
        services._convert(first)

    assert len(entries(file)) == 1
    rows = set(RecordFile.objects.filter(stored_at__isnull=False).values_list("sha256", flat=True))
    stored = {path.name for path in tmp_path.joinpath("archive").rglob("*") if path.is_file()}
    assert stored <= rows, "the bytes of the loser are gone"
    assert_sound()


def test_what_kills_its_workers_is_put_aside(program, time_machine):
    file = published(office_files.docx())
    services.identify_some()
    for _attempt in range(leases.MAX_ATTEMPTS):
        assert leases.take(Conversion, "worker") is not None
        time_machine.move_to(timezone.now() + leases.LEASE * 2)
    assert leases.take(Conversion, "worker") is None
    assert conversion_of(file).status == RenderStatus.DEAD
    assert conversion_of(file).last_error == leases.DIED


def test_an_error_of_the_portal_itself_is_tried_again_later(program, monkeypatch, caplog):
    file = published(office_files.docx())

    def break_down(*arguments: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(conversion, "convert", break_down)
    work()
    assert conversion_of(file).status == RenderStatus.WAITING
    assert "No space left" in conversion_of(file).last_error
    assert conversion_of(file).available_at > timezone.now()


# ---- The page


def page(client, query: str = "") -> str:
    """The list as its reader sees it."""
    response = client.get(reverse("archive_attachments") + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_archivist_reads_the_reason_and_tries_again(client, no_program, program_later, lasting):
    file = published(office_files.docx())
    work()
    client.force_login(make_user("archivist"))
    text = page(client)
    assert "签到表.docx" in text
    assert "未安装 LibreOffice" in text
    assert "Word (DOCX)" in text

    program_later(f"cp {lasting} $out")
    response = client.post(reverse("archive_attachment_retry", args=[file.pk]))
    assert response.status_code == 302
    work()
    download = reverse("archive_file", args=[file.record_id, file.pk])
    assert download not in page(client)
    assert "签到表.docx" in page(client, "?state=converted")
    assert "PDF/A-3a" in page(client, "?state=converted")


def test_a_second_click_is_told_that_it_waits_already(client, no_program):
    file = published(office_files.docx())
    work()
    client.force_login(make_user("archivist"))
    address = reverse("archive_attachment_retry", args=[file.pk])
    client.post(address)
    text = client.post(address, follow=True).content.decode()
    assert "已在等待或已经转换" in text


def test_all_of_one_reason_are_tried_again_together(client, no_program):
    file = published(office_files.docx())
    other = published(office_files.ole2("EncryptedPackage"), "秘.docx")
    work()
    client.force_login(make_user("archivist"))
    client.post(reverse("archive_attachments_retry_all"), {"reason": "no-program"})
    assert conversion_of(file).status == RenderStatus.WAITING
    assert conversion_of(other).status == RenderStatus.DEAD


@pytest.mark.parametrize(
    ("role", "reads", "retries"),
    [
        ("archivist", True, True),
        ("discipline_auditor", True, False),
        ("part_time_archivist", False, False),
        ("party_staff", False, False),
        ("branch_secretary", False, False),
        ("system_administrator", False, False),
        ("employee", False, False),
    ],
)
def test_who_sees_the_list_and_who_tries_again(role, reads, retries, client, no_program):
    file = published(office_files.docx())
    work()
    client.force_login(make_user(role))
    address = reverse("archive_attachment_retry", args=[file.pk])
    response = client.get(reverse("archive_attachments"))
    assert (response.status_code == 200) is reads
    if reads:
        assert (address in response.content.decode()) is retries
    response = client.post(address)
    assert response.status_code == (302 if retries else 403)
    assert (conversion_of(file).status == RenderStatus.WAITING) is retries
    response = client.post(reverse("archive_attachments_retry_all"))
    assert response.status_code == (302 if retries else 403)


@pytest.mark.parametrize("address", ["?state=x&reason=%00", "?page=-3", "?reason=其他&state="])
def test_a_strange_address_is_no_fault(address, client):
    client.force_login(make_user("archivist"))
    page(client, address)


def test_the_list_costs_the_same_at_20_and_200_rows(client):
    file = published(office_files.docx())
    client.force_login(make_user("archivist"))
    counts = []
    for wanted in (20, 200):
        while Conversion.objects.count() < wanted:
            number = Conversion.objects.count()
            copy = RecordFile.objects.create(
                record=file.record, role=FileRole.DOCUMENT, name=f"附件{number}.doc", size=1,
                media_type="application/msword", sha256="0" * 64, source_object_id=9000 + number,
                format_name="Word 97-2003 (DOC)", stored_at=timezone.now(),
            )  # fmt: skip
            Conversion.objects.create(
                file=copy, status="dead", reason="no-program", available_at=timezone.now()
            )
        page(client)
        with CaptureQueriesContext(connection) as context:
            page(client)
        counts.append(len(context))
    assert counts[0] == counts[1]


# ---- Pictures and sound on the page of a record


def previewed(role: str, body: bytes, name: str, media_type: str) -> RecordFile:
    """Put a stored file into a record of a unit."""
    unit = make_branch()
    file = published("说明".encode(), "说明.txt", unit=unit)
    kept = file_access.keep(file.record, [body])
    made: RecordFile = RecordFile.objects.create(
        record=file.record, role=role, name=name, media_type=media_type, size=kept.size,
        sha256=kept.sha256, sm3=kept.sm3, source_object_id=77, stored_at=timezone.now(),
        sealed=file.sealed, format_name="x",
    )  # fmt: skip
    return made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "GIF"])
def test_a_picture_is_shown_small(kind, client):
    body = office_files.picture(kind, size=(2000, 1500))
    file = previewed("picture", body, f"图.{kind}", f"image/{kind.lower()}")
    client.force_login(make_user("archivist"))
    text = client.get(file.record.get_absolute_url()).content.decode()
    address = reverse("archive_file_preview", args=[file.record_id, file.pk, 320])
    assert address in text
    response = client.get(address)
    assert response["Content-Type"] in ("image/jpeg", "image/png")
    with Image.open(io.BytesIO(response.content)) as small:
        assert small.size == (320, 240)


def test_a_scan_in_black_and_white_is_scaled_to_grey(client):
    lines = Image.new("1", (2000, 1000), 1)
    for place in range(0, 2000, 7):
        lines.paste(0, (place, 0, place + 2, 1000))
    target = io.BytesIO()
    lines.save(target, "TIFF", compression="group4")
    file = previewed("picture", target.getvalue(), "图.tif", "image/tiff")
    client.force_login(make_user("archivist"))
    response = client.get(reverse("archive_file_preview", args=[file.record_id, file.pk, 320]))
    with Image.open(io.BytesIO(response.content)) as small:
        assert len(small.convert("L").getcolors() or []) > 4, "neither black nor white only"


@pytest.mark.parametrize(
    ("width", "body", "media_type"),
    [
        (321, office_files.picture(), "image/jpeg"),
        (320, b"no picture", "image/jpeg"),
        (320, office_files.picture()[:300], "image/jpeg"),
        (320, office_files.pdf(), "application/pdf"),
    ],
)
def test_what_cannot_be_shown_small_is_not_found(width, body, media_type, client):
    file = previewed("picture", body, "图.jpg", media_type)
    client.force_login(make_user("archivist"))
    address = f"/archives/records/{file.record_id}/files/{file.pk}/preview/{width}/"
    assert client.get(address).status_code == 404


def preview_status(client: Any, file: RecordFile, width: int = 320) -> int:
    address = reverse("archive_file_preview", args=[file.record_id, file.pk, width])
    status: int = client.get(address).status_code
    return status


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF", "WEBP"])
def test_a_picture_of_many_pixels_is_not_opened(kind, client, monkeypatch):
    monkeypatch.setattr(previews, "MAX_PIXELS", 640 * 480 - 1)
    body = office_files.picture(kind, size=(640, 480))
    file = previewed("picture", body, "图", f"image/{kind.lower()}")
    client.force_login(make_user("archivist"))
    assert preview_status(client, file) == 404


def test_a_large_jpeg_is_read_at_a_fraction_of_its_size(client, monkeypatch):
    """1400 by 4000 at 320 wide is decoded at a quarter of each side: 350 by 1000."""
    monkeypatch.setattr(previews, "MAX_PIXELS", 500_000)
    client.force_login(make_user("archivist"))
    picture = Image.new("RGB", (1400, 4000), "white")
    for progressive, wanted in ((False, 200), (True, 404)):
        target = io.BytesIO()
        picture.save(target, "JPEG", progressive=progressive)
        file = previewed("picture", target.getvalue(), "图.jpg", "image/jpeg")
        assert preview_status(client, file) == wanted
        assert preview_status(client, file, 1600) == 404
    monkeypatch.setattr(previews, "MAX_JPEG_PIXELS", 5_000_000)
    picture.save(target := io.BytesIO(), "JPEG", comment=b"another")
    other = previewed("picture", target.getvalue(), "图.jpg", "image/jpeg")
    assert preview_status(client, other) == 404


@pytest.mark.parametrize("level", ["open", "internal"])
def test_a_picture_is_decoded_once(level, client, monkeypatch):
    cache.clear()
    good = previewed("picture", office_files.picture("PNG"), "图.png", "image/png")
    if good.record.access_level != level:
        change_level(good.record_id, level, by=make_user("archivist"), reason="x")
        good = RecordFile.objects.get(pk=good.pk)
    broken = previewed("picture", b"no picture", "图.png", "image/png")
    opened: list[object] = []
    decode = Image.open

    def open_and_count(*arguments: Any, **keywords: Any) -> Any:
        opened.append(arguments)
        return decode(*arguments, **keywords)

    monkeypatch.setattr(Image, "open", open_and_count)
    client.force_login(make_user("archivist"))
    for _again in range(3):
        assert (preview_status(client, good), preview_status(client, broken)) == (200, 404)
    assert len(opened) == 2
    kept = cache.get(previews.cache_key(good, 320))
    assert good.sealed is (level == "internal")
    assert (b"IHDR" in kept or b"JFIF" in kept) is (level == "open")
    if level == "internal":
        RecordKey.objects.filter(pk=good.record_id).delete()
        assert preview_status(client, good) == 503


def test_one_picture_is_decoded_at_a_time(client, monkeypatch):
    monkeypatch.setattr(previews, "PATIENCE_SECONDS", 0.05)
    file = previewed("picture", office_files.picture("PNG"), "图.png", "image/png")
    client.force_login(make_user("archivist"))
    with previews.one_at_a_time:
        assert preview_status(client, file) == 503
    assert preview_status(client, file) == 200


def test_sound_and_film_have_a_player_and_can_be_read_in_part(client):
    file = previewed("media", office_files.sound(), "录音.wav", "audio/wav")
    client.force_login(make_user("archivist"))
    address = reverse("archive_file", args=[file.record_id, file.pk])
    text = client.get(file.record.get_absolute_url()).content.decode()
    assert f'<audio controls preload="metadata" src="{address}"' in text
    response = client.get(address, headers={"Range": "bytes=4-11"})
    assert response.status_code == 206
    assert b"".join(response.streaming_content) == office_files.sound()[4:12]


def test_only_readers_of_the_record_see_its_pictures(client):
    file = previewed("picture", office_files.picture(), "图.jpg", "image/jpeg")
    Record.objects.filter(pk=file.record_id).update(access_level="internal")
    address = reverse("archive_file_preview", args=[file.record_id, file.pk, 320])
    own, other = file.record.unit, make_branch()
    for role, unit, status in (
        ("archivist", None, 200),
        ("discipline_auditor", None, 200),
        ("branch_secretary", own, 200),
        ("branch_secretary", other, 404),
        ("employee", own, 404),
    ):
        client.force_login(make_user(role, unit=unit))
        assert client.get(address).status_code == status, (role, unit)
    client.logout()
    assert client.get(address).status_code == 302


# ---- The worker as a process


@pytest.mark.faults
@needs_libreoffice
def test_a_killed_worker_takes_its_conversion_with_it(tmp_path, settings):
    script = (
        "import sys, pathlib; sys.path.insert(0, '.');"
        "from django.conf import settings;"
        "settings.configure(ATTACHMENT_CONVERSION_SECONDS=60);"
        "from portal.archives.attachments import conversion;"
        "print(conversion._walls(), flush=True);"
        "conversion._run([*conversion._walls(), 'sleep', '4242'], pathlib.Path(sys.argv[1]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    walls = process.stdout.readline()
    if "pdeathsig" not in walls:
        process.kill()
        pytest.skip("this machine does not let a child end with its parent")
    time.sleep(1)
    process.kill()
    process.wait()
    time.sleep(0.5)
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "sleep 4242" not in running.stdout
