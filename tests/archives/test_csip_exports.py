"""Exports by E-ARK CSIP: what they hold, that others accept them, and that damage is named."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from lxml import etree

from portal.archives.models import (
    ExportKind,
    FileRole,
    LedgerEntry,
    Record,
    RecordFile,
    SealedPackage,
)
from portal.archives.packages import verification
from portal.archives.packages.exports import csip, mets, premis
from portal.archives.packages.exports.metadata_schema import schema
from portal.archives.packages.exports.reading import read_bag
from portal.archives.packages.exports.selection import Selection
from portal.leases import WorkStatus
from portal.organizations.models import Unit
from portal.refusals import NotPossible
from tests.archives.test_package_exports import archivist
from tests.archives.test_packages import accepted, branch, folders, seal_all, sealed
from tests.factories.exports import body_of, made
from tests.infrastructure.eark import judged

__all__ = ["archivist", "branch", "folders", "sealed"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

PREMIS = {"p": premis.PREMIS}
METS = {"m": mets.METS}


@pytest.fixture
def bag(sealed: Record, archivist: Any, tmp_path: Path) -> Path:
    """An export of one record, as a zip."""
    path = tmp_path / "bag.zip"
    path.write_bytes(body_of(made(ExportKind.CSIP, archivist)))
    return path


def unpacked(path: Path) -> Path:
    """Unpack a zip into a folder of its own and return the folder that it had inside."""
    folder = path.with_suffix("")
    with zipfile.ZipFile(path) as opened:
        opened.extractall(folder)
    (inside,) = folder.iterdir()
    return inside


def packages_of(bag: Path) -> list[Path]:
    """The information packages of a bag, each a zip."""
    return sorted((unpacked(bag) / "data").iterdir())


@pytest.fixture
def package(bag: Path) -> Path:
    """The one information package of the export, as a zip."""
    (package,) = packages_of(bag)
    return package


def document(package: Path, path: str) -> Any:
    """One XML document of an unpacked package."""
    return etree.parse(package / path).getroot()


def test_reading_an_export_back_gives_every_digest(
    bag: Path, sealed: Record, archivist: Any
) -> None:
    expected = dict(csip.paths_of(Selection().records(archivist)))
    assert set(expected.values()) == {SealedPackage.objects.get(record=sealed).file.sha256}
    (package,) = packages_of(bag)
    assert package.name == f"{sealed.archive_code}.zip"
    for path in (bag, bag.with_suffix("") / next(bag.with_suffix("").iterdir()).name, package):
        found = read_bag(path)
        assert found.problems == [], path
        assert found.items == expected, path
    folder = unpacked(package)
    assert read_bag(folder).items == expected
    for name in expected:
        assert verification.verify((folder.parent / name).read_bytes()).is_good


def test_the_validator_of_e_ark_finds_no_error(package: Path, tmp_path: Path) -> None:
    judgement = judged(package, tmp_path)
    assert judgement.errors == []
    assert judgement.well_formed
    # One representation has no METS document of its own, which the specification allows.
    assert {rule for rule in judgement.warnings if rule.startswith("CSIP1")} <= {"CSIP105"}


def test_the_validator_of_e_ark_refuses_what_is_damaged(package: Path, tmp_path: Path) -> None:
    folder = unpacked(package)
    described = (folder / mets.NAME).read_text(encoding="utf-8")
    for what, damaged in (
        ("no OBJID", described.replace("OBJID=", "ID=")),
        ("no package type", described.replace('OAISPACKAGETYPE="AIP"', 'OAISPACKAGETYPE="ZIP"')),
        ("no address", described.replace("xlink:href=", "xlink:role=")),
        ("no map", described.replace("structMap", "map")),
    ):
        (folder / mets.NAME).write_text(damaged, encoding="utf-8")
        judgement = judged(folder, tmp_path)
        assert judgement.errors, what
    (folder / mets.NAME).unlink()
    assert not judged(folder, tmp_path).well_formed


def test_each_damage_in_a_package_is_named(package: Path) -> None:
    folder = unpacked(package)
    paths = sorted(found for found in folder.rglob("*") if found.is_file())
    assert len(paths) == 8
    for path in paths:
        name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        body = path.read_bytes()
        path.unlink()
        assert named(folder, name), name
        if path.name != mets.NAME:
            path.write_bytes(body[:-2] + bytes([body[-2] ^ 1]) + body[-1:])
            assert read_bag(folder).problems == [name]
            path.write_bytes(body + b" ")
            assert read_bag(folder).problems == [name]
        path.write_bytes(body)
    assert read_bag(folder).problems == []
    (folder / "representations" / "rep1" / "data" / "more.pdf").write_bytes(b"x")
    assert read_bag(folder).problems == [f"{folder.name}/representations/rep1/data/more.pdf"]


def named(folder: Path, name: str) -> bool:
    """Whether reading a folder names one of its files; without METS it is no package at all."""
    try:
        return any(problem.startswith(name) for problem in read_bag(folder).problems)
    except ValueError:
        return name.endswith(mets.NAME)


def test_a_digest_that_mets_has_wrong_is_named(package: Path) -> None:
    folder = unpacked(package)
    described = document(folder, mets.NAME)
    places = described.xpath("//*[@CHECKSUM]")
    assert len(places) == 7
    for place in places:
        digest = place.get("CHECKSUM")
        place.set("CHECKSUM", "0" * 64)
        (folder / mets.NAME).write_bytes(etree.tostring(described))
        (problem,) = read_bag(folder).problems
        assert problem.startswith(f"{folder.name}/")
        place.set("CHECKSUM", digest)
    described.set("OBJID", "another")
    (folder / mets.NAME).write_bytes(etree.tostring(described))
    assert read_bag(folder).problems == [f"{folder.name}/{mets.NAME}: OBJID"]


def test_the_bag_names_a_package_that_is_missing_or_another(bag: Path) -> None:
    (package,) = packages_of(bag)
    bagged = package.parent.parent
    whole = package.read_bytes()
    name = f"data/{package.name}"
    # METS and everything it says may fit: the bag still knows that this is another package.
    folder = unpacked(package)
    described = (folder / mets.NAME).read_bytes()
    (folder / mets.NAME).write_bytes(described.replace(b'TYPE="Mixed"', b'TYPE="Other"'))
    shutil.make_archive(str(package.with_suffix("")), "zip", folder.parent, folder.name)
    shutil.rmtree(folder.parent)
    assert read_bag(bagged).problems == [name, "bag-info.txt: Payload-Oxum"]
    package.write_bytes(b"no zip")
    assert name in read_bag(bagged).problems
    package.unlink()
    assert name in read_bag(bagged).problems
    with pytest.raises(CommandError):
        call_command("archive_bag_check", str(bagged), stdout=io.StringIO())
    package.write_bytes(whole)
    said = io.StringIO()
    call_command("archive_bag_check", str(bagged), str(package), stdout=said)
    assert len(said.getvalue().splitlines()) == 2


def test_the_events_are_those_of_the_ledger(package: Path, sealed: Record) -> None:
    root = document(unpacked(package), csip.PRESERVATION)

    def texts(path: str) -> list[str]:
        return [found.text for found in root.iterfind(path, PREMIS)]

    entries = LedgerEntry.objects.filter(record_id=sealed.pk).order_by("sequence")
    numbers = [str(entry.sequence) for entry in entries]
    assert texts("p:event/p:eventIdentifier/p:eventIdentifierValue") == numbers
    types = texts("p:event/p:eventType")
    assert {"capture", "accession", "validation", "digital signature generation"} <= set(types)
    assert premis.UNKNOWN not in texts("p:event/p:eventDateTime")
    agents = texts("p:agent/p:agentIdentifier/p:agentIdentifierValue")
    linked = texts("p:event/p:linkingAgentIdentifier/p:linkingAgentIdentifierValue")
    assert set(linked) <= set(agents)
    assert len(agents) == len(set(agents)) > 1
    file = SealedPackage.objects.get(record=sealed).file
    assert {file.sha256, file.sm3} == set(texts("p:object//p:fixity/p:messageDigest"))


def test_its_schema_describes_the_metadata_of_the_record(package: Path, sealed: Record) -> None:
    folder = unpacked(package)
    declared = etree.XMLSchema(document(folder, csip.SCHEMA))
    described = document(folder, csip.DESCRIPTIVE)
    declared.assertValid(described)
    described[0].append(etree.Element("别的"))
    assert not declared.validate(described)
    stored = RecordFile.objects.get(record=sealed, role=FileRole.METADATA)
    assert read_digest(folder, csip.DESCRIPTIVE) == stored.sha256
    assert "M22" in schema().decode()


def read_digest(folder: Path, path: str) -> str:
    """The digest that METS has of a file of metadata."""
    (place,) = document(folder, mets.NAME).xpath(
        f"//m:mdRef[@xlink:href='{path}']", namespaces={**METS, "xlink": mets.XLINK}
    )
    return str(place.get("CHECKSUM"))


def test_what_stays_outside_of_the_sealed_package_lies_beside_it(
    branch: Unit, archivist: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.archives.packages.sources.LARGEST_INSIDE", 5_000)
    record = accepted(branch)
    seal_all()
    sealed_package = SealedPackage.objects.select_related("file").get(record=record)
    path = tmp_path / "bag.zip"
    path.write_bytes(body_of(made(ExportKind.CSIP, archivist)))
    found = read_bag(path)
    assert found.problems == []
    assert found.items == dict(csip.paths_of(Selection().records(archivist)))
    text = record.files.get(role=FileRole.DOCUMENT_COPY)
    assert {sealed_package.file.sha256, text.sha256} <= set(found.items.values())
    (package,) = packages_of(path)
    names = document(unpacked(package), mets.NAME).xpath(
        "//m:FLocat/@xlink:title", namespaces={**METS, "xlink": mets.XLINK}
    )
    assert text.name in names
    assert judged(package, tmp_path).errors == []


def test_what_is_not_sealed_is_not_exported(branch: Unit, archivist: Any) -> None:
    accepted(branch)
    with pytest.raises(NotPossible):
        made(ExportKind.CSIP, archivist)
    seal_all()
    assert made(ExportKind.CSIP, archivist).status == WorkStatus.DONE


def test_a_stored_file_that_was_changed_stops_the_export(
    sealed: Record, archivist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "portal.archives.file_access.open_chunks", lambda file: iter([b"other bytes"])
    )
    export = made(ExportKind.CSIP, archivist)
    assert (export.status, export.file) == (WorkStatus.DEAD, None)
    assert str(sealed.archive_code) in export.problem


def test_metadata_that_are_gone_stop_the_export(sealed: Record, archivist: Any) -> None:
    RecordFile.objects.filter(record=sealed, role=FileRole.METADATA).delete()
    export = made(ExportKind.CSIP, archivist)
    assert (export.status, export.file) == (WorkStatus.DEAD, None)
    assert str(sealed.archive_code) in export.problem


def test_the_page_orders_and_hands_out_the_packages(sealed: Record, archivist: Any) -> None:
    client = Client()
    client.force_login(archivist)
    address = reverse("archive_exports")
    assert "E-ARK信息包" in client.get(address).content.decode()
    ordered: Any = client.post(address, {"kind": ExportKind.CSIP, "year": sealed.year})
    assert ordered.status_code == 302
    export = made(ExportKind.CSIP, archivist)
    file: Any = client.get(reverse("archive_package_export_file", args=[export.pk]))
    assert file["Content-Type"] == "application/zip"
    assert b"".join(file.streaming_content) == body_of(export)
