"""Records as information packages by E-ARK CSIP 2.1.0, one AIP for each, in a bag.

Each package is a zip of its own with one folder, named by the archive code, which any tool for
E-ARK packages takes as it is: METS.xml, metadata, schemas, documentation, and as representation
the sealed package of the record with the files kept beside it. The bag around them proves the
METS documents and says whether a package is missing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from portal.archives import file_access, store
from portal.archives.inspection import report_documents
from portal.archives.inspection.contents import safe_name
from portal.archives.models import FileRole, Fonds, LedgerEntry, Record, RecordFile
from portal.archives.packages.exports import mets, premis
from portal.archives.packages.exports.bag import BagWriter
from portal.archives.packages.exports.items import SealedItem, authorities, sealed_item
from portal.archives.packages.exports.metadata_schema import schema
from portal.archives.packages.exports.selection import in_batches
from portal.archives.packages.exports.zips import ZipWriter
from portal.archives.packages.refusals import SourceDamaged
from portal.archives.packages.sources import proofs_of

REPRESENTATION = "representations/rep1"
DATA = f"{REPRESENTATION}/data"
DESCRIPTIVE = "metadata/descriptive/metadata.xml"
PRESERVATION = "metadata/preservation/premis.xml"
SCHEMA = "schemas/metadata.xsd"
METHOD, AUTHORITIES = "documentation/how-to-verify.txt", "documentation/authorities.pem"
CHECKS = "documentation/four-property-checks.xml"
XML, TEXT = "application/xml", "text/plain"
#: A package above this size (bytes) waits on the disk instead of in memory.
LARGEST_IN_MEMORY = 8 * 1024 * 1024
LONGEST_ENDING = 10
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Surroundings:
    """What is the same in every package of an export."""

    made_at: datetime
    method: bytes
    authorities: bytes
    units: dict[str, str]

    @classmethod
    def of_now(cls) -> Surroundings:
        """Read it once."""
        return cls(
            made_at=timezone.now(),
            method=render_to_string("archives/packages/csip_method.txt")
            .replace("\n", "\r\n")
            .encode(),
            authorities=authorities(),
            units=dict(Fonds.objects.values_list("code", "unit_name")),
        )


def identifier_of(record: Record) -> str:
    """Return the name of a record's package, which is that of its folder too (CSIP1)."""
    return safe_name(record.archive_code or str(record.pk))


def write(target: IO[bytes], name: str, records: Any, progress: Progress) -> int:
    """Write the packages of these records into one bag and return how many there are.

    Raises:
        NotAllSealed: a record has no package.
        NotPassed: a record has not passed the checks of a transfer.
        SourceDamaged: what belongs to a package is gone.
        WrongDigest, MissingFile, SealedUnreadable: stored bytes are not those that were recorded.
    """
    surroundings, count = Surroundings.of_now(), 0
    with BagWriter(target, name) as bag:
        for record in in_batches(records):
            with _temporary() as package:
                write_package(package, sealed_item(record), surroundings)
                package.seek(0)
                bag.add(f"{identifier_of(record)}.zip", _chunks(package))
            count += 1
            progress(count)
        bag.finish(
            {
                "Source-Organization": settings.SITE_NAME,
                "External-Identifier": name,
                "External-Description": f"E-ARK CSIP 2.1.0，AIP {count} 件",
            }
        )
    return count


def _temporary() -> Any:
    """Return a file in memory; a large one gets no name on the disk of the private files."""
    folder = Path(settings.PRIVATE_FILES_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.SpooledTemporaryFile(LARGEST_IN_MEMORY, prefix="package-", dir=str(folder))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(store.CHUNK_BYTES), b"")


class _Package:
    """A package that is being written; it remembers what METS says of each file."""

    def __init__(self, files: ZipWriter, made_at: datetime) -> None:
        self._files = files
        self._made_at = made_at

    def made(self, path: str, media_type: str, body: bytes) -> mets.Part:
        """Write a file that was made for the package."""
        return self._add(path, media_type, [body], self._made_at)

    def kept(self, path: str, file: RecordFile) -> mets.Part:
        """Write a file of the record, which must be the one that was recorded."""
        moment = file.stored_at or self._made_at
        chunks = file_access.open_chunks(file)
        return self._add(path, file.media_type, chunks, moment, file.sha256, file.name)

    def _add(
        self,
        path: str,
        media_type: str,
        chunks: Iterable[bytes],
        created: datetime,
        sha256: str = "",
        name: str = "",
    ) -> mets.Part:
        digest, size = self._files.write(path, chunks, sha256)
        return mets.Part(path, media_type, size, digest, created, name)


def write_package(target: IO[bytes], item: SealedItem, surroundings: Surroundings) -> None:
    """Write the package of one record as a zip.

    Raises:
        SourceDamaged, WrongDigest, MissingFile, SealedUnreadable: as for `write`.
    """
    record, identifier = item.record, identifier_of(item.record)
    paths = data_paths(item)
    entries = list(LedgerEntry.objects.filter(record_id=record.pk).order_by("sequence"))
    provenance = premis.write(item, paths, proofs_of(entries))
    fonds = (record.archive_code or "").partition("-")[0]
    with ZipWriter(target, identifier) as files:
        package = _Package(files, surroundings.made_at)
        documents = [
            package.made(METHOD, TEXT, surroundings.method),
            package.made(CHECKS, XML, report_documents.document(record, item.check)),
        ]
        if surroundings.authorities:
            documents.append(package.made(AUTHORITIES, TEXT, surroundings.authorities))
        described = mets.Described(
            identifier=identifier,
            record=str(record.pk),
            title=record.title,
            archivist=surroundings.units.get(fonds) or settings.SITE_NAME,
            created=surroundings.made_at,
            descriptive=mets.Metadata(
                package.kept(DESCRIPTIVE, _metadata(record)), "OTHER", "DA/T 46-2009"
            ),
            preservation=mets.Metadata(package.made(PRESERVATION, XML, provenance), "PREMIS"),
            groups=[
                mets.Group("Documentation", "documentation", documents),
                mets.Group("Schemas", "schemas", [package.made(SCHEMA, XML, schema())]),
                mets.Group(
                    "Representations/rep1",
                    "DA/T 48-2009",
                    [package.kept(paths[file.sha256], file) for file in _files(item)],
                ),
            ],
        )
        files.write(mets.NAME, [mets.write(described)])


def _metadata(record: Record) -> RecordFile:
    """Return the file of the record's metadata.

    Raises:
        SourceDamaged: it is gone.
    """
    found = RecordFile.objects.filter(record=record, role=FileRole.METADATA).first()
    if found is None:
        raise SourceDamaged(f"{record.archive_code}: the metadata are missing.")
    return found


def _files(item: SealedItem) -> list[RecordFile]:
    return [item.package.file, *item.outside]


def data_paths(item: SealedItem) -> dict[str, str]:
    """Return where each file of the representation lies in the package, by SHA-256.

    The names of the archive stand in METS and PREMIS; these are ASCII, so that they are the same
    on every medium and need no escape in an address.
    """
    paths = {item.package.file.sha256: f"{DATA}/package-layer-{item.package.layer}.pdf"}
    for number, file in enumerate(item.outside, 1):
        ending = PurePosixPath(file.name).suffix.lower()
        if not ending.isascii() or not ending[1:].isalnum() or len(ending) > LONGEST_ENDING:
            ending = ".bin"
        paths.setdefault(file.sha256, f"{DATA}/outside-{number:02d}{ending}")
    return paths


def paths_of(records: Any) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of every item file that the packages of these records have."""
    for record in in_batches(records):
        for sha256, path in data_paths(sealed_item(record)).items():
            yield f"{identifier_of(record)}/{path}", sha256
