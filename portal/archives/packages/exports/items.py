"""What is handed over of one record: its newest package and what is kept beside it."""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import pem

from portal.archives.models import Inspection, Record, RecordFile, SealedPackage
from portal.archives.packages import certificates
from portal.archives.packages.exports.transfer_checks import passed_check
from portal.archives.packages.refusals import NotSealed
from portal.archives.packages.sources import outside_of
from portal.refusals import NotPossible


class NotAllSealed(NotPossible):
    """A record has no package, so it cannot be handed over; the message names it."""


@dataclass(frozen=True)
class SealedItem:
    """The newest package of a record, the files that it names and does not hold, and its check."""

    record: Record
    package: SealedPackage
    check: Inspection
    outside: list[RecordFile]


def sealed_item(record: Record) -> SealedItem:
    """Return what is handed over of a record.

    Raises:
        NotAllSealed: it has no package.
        NotPassed: it has not passed the checks of a transfer since the package was sealed.
        SourceDamaged: what its package names beside it is gone.
    """
    package = SealedPackage.objects.filter(record=record).select_related("file").last()
    if package is None:
        raise NotAllSealed(f"“{record.title}”（{record.archive_code}）尚未封装。")
    # The same bytes under two names are one file.
    outside = {file.sha256: file for file in outside_of(package)}
    return SealedItem(record, package, passed_check(package), list(outside.values()))


def authorities() -> bytes:
    """Return the certificates of all authorities that count, in PEM; empty without any."""
    try:
        found = certificates.trusted_authorities()
    except NotSealed:
        return b""
    return b"".join(pem.armor("CERTIFICATE", one.dump()) for one in found)
