"""Sealed packages: what is in them, who vouches for them, and that every damage is named."""

from __future__ import annotations

import datetime
import errno
import http.server
import io
import os
import re
import subprocess
import threading
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import pem
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.archives import file_access
from portal.archives.access import sealing
from portal.archives.access.services import change_level
from portal.archives.attachments import services as attachments
from portal.archives.models import (
    FileRole,
    PackageReason,
    PackageWork,
    Record,
    Render,
    SealedPackage,
)
from portal.archives.packages import certificates, eep, services, verification
from portal.archives.packages.building import build
from portal.archives.packages.checks import package_certificate
from portal.archives.packages.sources import collect
from portal.archives.pool import services as pool
from portal.archives.pool.processing import work_all
from portal.archives.renders import work_all as make_files
from portal.archives.verification import all_faults
from portal.leases import WorkStatus
from portal.organizations.models import Unit
from tests.archives.test_pool import published
from tests.factories.archives import record_of
from tests.factories.certificates import PASSWORD, certificate
from tests.factories.organizations import company, make_branch
from tests.factories.pages import make_branch_page
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> None:
    """Files and a certificate of their own for every test."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"
    settings.PACKAGE_CERTIFICATE = certificate(tmp_path / "signer.p12")
    settings.PACKAGE_CERTIFICATE_PASSWORD = PASSWORD


@pytest.fixture
def branch() -> Unit:
    """A branch with its page."""
    unit = make_branch()
    make_branch_page(unit)
    # What the migrations and the branch page brought along is of no interest here.
    Render.objects.update(available_at=timezone.now() + datetime.timedelta(days=3650))
    return unit


def settle() -> None:
    """Let the worker make files, name formats, take in and check."""
    make_files()
    while attachments.work_once("the worker"):
        pass
    work_all()


def accept(record: Record) -> Record:
    """Accept a record that waits in the pool."""
    pool.accept(record.pk, make_user("archivist", unit=company()))
    return Record.objects.get(pk=record.pk)


def accepted(branch: Unit, title: str = "“井下先锋”主题党日") -> Record:
    """Publish an activity by two people, let the checks pass and accept it."""
    page = published(branch, title, settled=False)
    settle()
    return accept(record_of(page))


def seal_all() -> None:
    """Let the worker seal what is due."""
    while services.work_once("the worker"):
        pass


def package_of(record: Record) -> SealedPackage:
    """The newest package of a record."""
    return SealedPackage.objects.filter(record=record).latest("layer")


def body_of(record: Record) -> bytes:
    """The bytes of the newest package."""
    return file_access.read(package_of(record).file)


@pytest.fixture
def sealed(branch: Unit) -> Record:
    """An accepted record with its package."""
    record = accepted(branch)
    seal_all()
    return record


def test_acceptance_brings_a_package_that_passes_its_own_check(sealed: Record) -> None:
    work = PackageWork.objects.get(pk=sealed.pk)
    assert (work.status, work.reason, work.last_error) == (WorkStatus.DONE, "", "")
    report = verification.verify(body_of(sealed), authorities=certificates.trusted_authorities())
    assert [f"{one.name} {one.detail}" for one in report.damaged] == []
    assert {one.part for one in report.findings} >= {
        *("structure", "signature", "authority", "xml", "page", "file", "entry", "ledger")
    }
    assert report.described is not None
    assert report.described.archive_code == sealed.archive_code
    assert [fault for fault in all_faults() if fault is not None] == []


def test_other_tools_accept_it(sealed: Record, tmp_path: Path) -> None:
    path = tmp_path / "package.pdf"
    path.write_bytes(body_of(sealed))
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_it_is_a_pdfa3_with_stamp_process_sheet_and_the_files_inside(sealed: Record) -> None:
    with pikepdf.open(io.BytesIO(body_of(sealed))) as document:
        described = document.open_metadata()
        assert (described["pdfaid:part"], described["pdfaid:conformance"]) == ("3", "U")
        relations = {str(file["/AFRelationship"]) for file in document.Root.AF}
        assert relations == {"/Data", "/Source", "/Supplement"}
        names = set(document.attachments)
    assert {"封装包.xml", "元数据.xml", "文件目录.xml"} <= names
    assert any(name.endswith(".html") for name in names)


def layers(record: Record) -> list[tuple[int, str]]:
    """The layers of a record with the digests of their files."""
    found = SealedPackage.objects.filter(record=record).select_related("file")
    return [(package.layer, package.file.sha256) for package in found]


def test_a_correction_is_a_new_layer_around_the_untouched_one(sealed: Record) -> None:
    before, body = layers(sealed), body_of(sealed)
    archivist = make_user("archivist", unit=company())
    pool.void_acceptance(sealed.pk, archivist, "期限有误")
    work_all()
    pool.accept(sealed.pk, archivist)
    seal_all()
    after = layers(sealed)
    assert after[:1] == before
    assert [layer for layer, _digest in after] == [1, 2]
    report = verification.verify(body_of(sealed))
    assert report.is_good
    assert report.described is not None
    assert report.described.former is not None
    with pikepdf.open(io.BytesIO(body_of(sealed))) as document:
        inside = document.attachments[report.described.former.embedded_as].get_file().read_bytes()
    assert inside == body
    assert "修改型".encode() in xml_of(body_of(sealed))
    assert [fault for fault in all_faults() if fault is not None] == []


def xml_of(body: bytes) -> bytes:
    """The XML inside a package."""
    with pikepdf.open(io.BytesIO(body)) as document:
        return bytes(document.attachments[eep.XML_NAME].get_file().read_bytes())


def test_without_a_change_no_second_package_is_made(sealed: Record) -> None:
    before = layers(sealed)
    services.want([sealed.pk])
    seal_all()
    assert layers(sealed) == before
    assert services.want_missing() == "0 packages wanted"


def damage(kind: str, body: bytes) -> bytes:
    """Return a package that was damaged in one part, without the signature being renewed."""
    if kind == "signature":
        # The value of the signature stands at the end, before what fills the room up.
        start = body.index(b"/Contents <") + len(b"/Contents <")
        place = start + len(body[start : body.index(b">", start)].rstrip(b"0")) - 10
        return (
            body[:place] + (b"0" if body[place : place + 1] != b"0" else b"1") + body[place + 1 :]
        )
    if kind == "structure":
        return body[: len(body) // 2]
    if kind == "signed":
        return body + b"\n% added afterwards\n"
    with pikepdf.open(io.BytesIO(body)) as document:
        if kind == "xml":
            replaced = xml_of(body).replace("党日".encode(), "党课".encode(), 1)
            document.attachments[eep.XML_NAME].obj.EF.F.write(replaced + b"<")
        elif kind == "no-xml":
            del document.attachments[eep.XML_NAME]
        elif kind in ("page", "sheet"):
            page = document.pages[0 if kind == "page" else -1]
            page.contents_add(b"0 0 10 10 re f", prepend=False)
        elif kind == "entry":
            xml = xml_of(body)
            place = xml.index("本项=".encode()) + len("本项=".encode()) + 1
            digit = b"0" if xml[place : place + 1] != b"0" else b"1"
            changed = xml[:place] + digit + xml[place + 1 :]
            document.attachments[eep.XML_NAME].obj.EF.F.write(changed)
        else:
            document.attachments[kind].obj.EF.F.write(b"other bytes")
        made = io.BytesIO()
        document.save(made)
    return made.getvalue()


def test_a_package_damaged_in_any_part_is_refused_with_the_name_of_the_part(
    sealed: Record,
) -> None:
    body = body_of(sealed)
    with pikepdf.open(io.BytesIO(body)) as document:
        inside = sorted(set(document.attachments) - {eep.XML_NAME})
        pages = len(document.pages)
    expected = {
        "structure": ("structure", None),
        "signature": ("signature", None),
        "signed": ("signature", None),
        "xml": ("xml", eep.XML_NAME),
        "no-xml": ("xml", eep.XML_NAME),
        "page": ("page", "第1页（正文）"),
        "sheet": ("page", f"第{pages}页（阅办单）"),
        "entry": ("entry", None),
        **{name: ("file", name) for name in inside},
    }
    for kind, (part, name) in expected.items():
        found = verification.verify(damage(kind, body)).damaged
        named = [one for one in found if one.part == part and name in (None, one.name)]
        assert named, f"{kind}: {found}"
        others = {one.name for one in found if one.part in ("file", "page")} - {name}
        assert not others, f"{kind}: {others}"


def test_a_package_that_somebody_else_signed_is_not_the_one_in_the_ledger(
    sealed: Record, tmp_path: Path, settings: Any
) -> None:
    authorities = certificates.trusted_authorities()
    settings.PACKAGE_CERTIFICATE = certificate(tmp_path / "forger.p12")
    forged = build(collect(sealed), certificates.signing_certificate(), 1).body
    damaged = verification.verify(forged, authorities=authorities).damaged
    assert {one.part for one in damaged} == {"authority", "ledger"}


@pytest.mark.parametrize(
    ("reason", "begins", "ends", "password", "usable"),
    [
        (PackageReason.EXPIRED, -30, -1, PASSWORD, True),
        (PackageReason.NOT_YET_VALID, 2, 30, PASSWORD, True),
        (PackageReason.WRONG_PASSWORD, -1, 30, "另一个口令", True),
        (PackageReason.UNUSABLE, -1, 30, PASSWORD, False),
        (PackageReason.NO_CERTIFICATE, -1, 30, None, True),
    ],
)
def test_a_certificate_that_does_not_do_lets_the_package_wait_and_says_why(
    branch: Unit,
    tmp_path: Path,
    settings: Any,
    reason: str,
    begins: int,
    ends: int,
    password: str | None,
    usable: bool,
) -> None:
    good, record = settings.PACKAGE_CERTIFICATE, accepted(branch)
    path = tmp_path / "other.p12"
    certificate(path, begins=begins, ends=ends, for_signatures=usable)
    settings.PACKAGE_CERTIFICATE = path if password else None
    settings.PACKAGE_CERTIFICATE_PASSWORD = password or ""
    assert services.work_once("the worker")
    work = PackageWork.objects.get(pk=record.pk)
    assert (work.status, work.reason, work.attempts) == (WorkStatus.WAITING, reason, 0)
    assert layers(record) == []
    if reason != PackageReason.NO_CERTIFICATE:
        assert [found.id for found in package_certificate(None)] == ["archives.E004"]
    settings.PACKAGE_CERTIFICATE = good
    settings.PACKAGE_CERTIFICATE_PASSWORD = PASSWORD
    assert package_certificate(None) == []
    assert services.retry(record.pk)
    seal_all()
    assert len(layers(record)) == 1


def stored_files() -> set[str]:
    """Every file of the store, half-written ones too."""
    root = Path(django_settings.ARCHIVE_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_timestamp_server_that_is_down_leaves_no_half_package(
    branch: Unit, settings: Any
) -> None:
    record = accepted(branch)
    settings.PACKAGE_TIMESTAMP_URL = "http://127.0.0.1:9/"
    services.work_once("the worker")
    before = stored_files()
    services.retry(record.pk)
    services.work_once("the worker")
    work = PackageWork.objects.get(pk=record.pk)
    assert (work.status, work.reason) == (WorkStatus.WAITING, PackageReason.NO_TIMESTAMP)
    assert work.attempts == 0
    assert layers(record) == []
    assert stored_files() == before
    settings.PACKAGE_TIMESTAMP_URL = ""
    services.retry(record.pk)
    seal_all()
    assert not package_of(record).timestamped


def test_a_full_disk_leaves_no_half_package(branch: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    record = accepted(branch)
    services.work_once("the worker")
    SealedPackage.objects.all().delete()
    record.files.filter(role=FileRole.SEALED_PACKAGE).delete()
    before = stored_files()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    services.want([record.pk])
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        services.work_once("the worker")
    work = PackageWork.objects.get(pk=record.pk)
    assert (work.status, work.reason) == (WorkStatus.WAITING, PackageReason.DISK)
    assert stored_files() == before
    assert layers(record) == []


STEPS = [
    ("portal.archives.packages.services", "collect"),
    ("portal.archives.packages.services", "build"),
    ("portal.archives.packages.services", "refuse_damaged"),
    ("portal.archives.store", "_fsync_directory"),
    ("portal.archives.packages.services", "_finish"),
    ("portal.archives.ledger", "append"),
]


def test_a_worker_killed_at_any_step_leaves_the_work_to_the_next(
    branch: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = accepted(branch)

    class Killed(BaseException):
        """Stands for the end of the process: nothing of the work may catch it."""

    def die(*arguments: Any, **keywords: Any) -> None:
        raise Killed

    services.work_once("the worker")
    SealedPackage.objects.all().delete()
    record.files.filter(role=FileRole.SEALED_PACKAGE).delete()
    for module, name in STEPS:
        services.want([record.pk])
        with monkeypatch.context() as patched:
            patched.setattr(f"{module}.{name}", die)
            with pytest.raises(Killed):
                services.work_once("the first worker")
        assert layers(record) == [], name
        PackageWork.objects.update(lease_ends_at=timezone.now() - datetime.timedelta(seconds=1))
    seal_all()
    assert len(layers(record)) == 1
    assert verification.verify(body_of(record)).is_good


def test_a_damaged_source_is_not_sealed(branch: Unit) -> None:
    record = accepted(branch)
    text = record.files.get(role=FileRole.DOCUMENT_COPY)
    path = file_access.path_of(text)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-20])
    services.work_once("the worker")
    work = PackageWork.objects.get(pk=record.pk)
    assert (work.status, work.reason) == (WorkStatus.DEAD, PackageReason.DAMAGED)
    assert layers(record) == []


def test_a_package_lies_in_the_store_as_the_level_of_its_record_asks(sealed: Record) -> None:
    package, body = package_of(sealed), body_of(sealed)
    assert package.file.sealed
    assert not file_access.path_of(package.file).read_bytes().startswith(b"%PDF")
    archivist = make_user("archivist", unit=company())
    change_level(sealed.pk, "open", by=archivist, reason="公开")
    sealing.work()
    package.file.refresh_from_db()
    assert not package.file.sealed
    assert file_access.read(package.file) == body
    seal_all()
    services.want_missing()
    seal_all()
    assert [layer for layer, _digest in layers(sealed)] == [1, 2]
    assert [fault for fault in all_faults() if fault is not None] == []


def test_the_demo_has_an_authority_of_its_own_that_says_so(
    sealed: Record, tmp_path: Path, settings: Any
) -> None:
    settings.PACKAGE_CERTIFICATE, settings.PACKAGE_CERTIFICATE_PASSWORD = None, ""
    settings.DEMO, settings.DATA_DIR = True, tmp_path / "data"
    found = certificates.signing_certificate()
    assert found.serial == certificates.signing_certificate().serial
    assert "演示" in found.name
    (authority,) = certificates.trusted_authorities()
    assert "演示" in authority.subject.native["common_name"]
    assert oct(certificates.demo_file().stat().st_mode)[-3:] == "600"


class TimestampServer:
    """An RFC 3161 server of the test's own, by openssl.

    Attributes:
        certificate: PEM of what signs the timestamps.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.certificate = folder, folder / "tsa.pem"
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(
            f"""
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = Test timestamps
[extensions]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""
        )
        self._run(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-sha256"),
            *("-config", folder / "tsa.cnf", "-keyout", folder / "tsa.key"),
            *("-out", self.certificate),
        )
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = outer.reply(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _run(self, *words: Any) -> None:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}/"

    def reply(self, request: bytes) -> bytes:
        """Answer one request."""
        (self.folder / "request").write_bytes(request)
        self._run(
            *("ts", "-reply", "-config", self.folder / "tsa.cnf", "-section", "one"),
            *("-queryfile", self.folder / "request", "-signer", self.certificate),
            *("-inkey", self.folder / "tsa.key", "-out", self.folder / "reply"),
        )
        return (self.folder / "reply").read_bytes()


def test_a_timestamp_server_vouches_for_the_time(
    branch: Unit, tmp_path: Path, settings: Any
) -> None:
    server = TimestampServer(tmp_path)
    authorities = b"".join(
        pem.armor("CERTIFICATE", one.dump()) for one in certificates.trusted_authorities()
    )
    settings.PACKAGE_AUTHORITIES = tmp_path / "authorities.pem"
    settings.PACKAGE_AUTHORITIES.write_bytes(authorities + server.certificate.read_bytes())
    settings.PACKAGE_TIMESTAMP_URL = server.url
    record = accepted(branch)
    seal_all()
    server.server.shutdown()
    assert package_of(record).timestamped
    report = verification.verify(body_of(record), authorities=certificates.trusted_authorities())
    assert report.damaged == []
    assert [one.verdict for one in report.findings if one.part == "timestamp"] == ["good"]


def test_the_command_names_the_damaged_part_and_fails(sealed: Record, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(body_of(sealed))
    bad.write_bytes(damage("元数据.xml", body_of(sealed)))
    out = io.StringIO()
    call_command("archive_package_verify", str(good), stdout=out)
    with pytest.raises(CommandError):
        call_command("archive_package_verify", str(bad), stdout=out)
    assert re.search(r"bad +元数据\.xml", out.getvalue())


def test_who_reads_the_record_sees_its_package_and_only_the_archivist_tries_again(
    sealed: Record, branch: Unit
) -> None:
    address = reverse("archive_package", args=[sealed.pk])
    file = reverse("archive_file", args=[sealed.pk, package_of(sealed).file_id])
    again = reverse("archive_package_retry", args=[sealed.pk])
    client = Client()
    client.force_login(make_user("archivist", unit=company()))
    assert "签名、版面、文件与账簿一致" in client.get(address).content.decode()
    answer: Any = client.get(file)
    assert b"".join(answer.streaming_content) == body_of(sealed)
    assert "封装包" in client.get(sealed.get_absolute_url()).content.decode()
    assert client.post(again).status_code == 302
    client.force_login(make_user("branch_secretary", unit=branch))
    assert client.get(address).status_code == 200
    assert client.post(again).status_code == 403
    client.force_login(make_user("branch_secretary", unit=make_branch()))
    assert client.get(address).status_code == 404
    assert client.get(file).status_code == 404
    assert client.get(reverse("archive_packages")).status_code == 403


def test_the_list_says_what_keeps_a_package_from_being_sealed(branch: Unit, settings: Any) -> None:
    record = accepted(branch)
    settings.PACKAGE_CERTIFICATE = None
    services.work_once("the worker")
    client = Client()
    client.force_login(make_user("archivist", unit=company()))
    page = client.get(reverse("archive_packages")).content.decode()
    assert record.title in page
    assert "尚未设置签名证书" in page
    assert "PACKAGE_CERTIFICATE" in page
    assert record.title in client.get(reverse("archive_package", args=[record.pk])).content.decode()
    client.post(reverse("archive_packages_retry"))
    assert services.work_once("the worker")
